import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Longest token that is looked at, characters. */
const MAX_LENGTH = 512;

/**
 * What is kept of the token: its HMAC under a key of this process alone. The token itself is not kept, nor anything that a
 * token tried on another day could be compared with.
 */
export class TokenDigest {
  private readonly key = randomBytes(32);
  private readonly digest: Buffer;

  /** @param token its bytes are overwritten */
  constructor(token: Buffer) {
    this.digest = this.of(token);
    token.fill(0);
  }

  /** Whether it is the token. The time that takes says nothing of how much of it was right. */
  matches(candidate: string): boolean {
    return (
      candidate.length <= MAX_LENGTH && timingSafeEqual(this.of(Buffer.from(candidate, 'utf8')), this.digest)
    );
  }

  private of(bytes: Buffer): Buffer {
    return createHmac('sha256', this.key).update(bytes).digest();
  }
}
