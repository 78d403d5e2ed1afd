import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** Time in which a file can be fetched, ms. */
export const DOWNLOAD_MS = 5 * 60_000;
/** Files that wait at once; the oldest gives way. */
const MAX_WAITING = 50;

/** A file that can be fetched once. */
export interface Download {
  uuid: string;
  name: string;
  fileName: string;
  bytes: Uint8Array;
  expiresAt: number;
}

/** Files of certificates that were issued just now: in memory alone, each given out once and then gone. */
@Injectable()
export class Downloads {
  private readonly waiting = new Map<string, Download>();

  /** Keeps a file; gives the id under which it can be fetched. */
  put(download: Omit<Download, 'expiresAt'>, now: number): { id: string; expiresAt: number } {
    this.drop(now);
    const id = randomBytes(24).toString('base64url');
    const expiresAt = now + DOWNLOAD_MS;
    this.waiting.set(id, { ...download, expiresAt });
    for (const [oldest, { bytes }] of this.waiting) {
      if (this.waiting.size <= MAX_WAITING) break;
      bytes.fill(0);
      this.waiting.delete(oldest);
    }
    return { id, expiresAt };
  }

  /** Hands a file out, once; undefined if there is none (any more). */
  take(id: string, now: number): Download | undefined {
    this.drop(now);
    const download = this.waiting.get(id);
    this.waiting.delete(id);
    return download;
  }

  /** A file that was taken could not be handed out: it waits again, as long as it would have. */
  giveBack(id: string, download: Download): void {
    this.waiting.set(id, download);
  }

  /** Forgets files whose time is over. */
  drop(now: number): void {
    for (const [id, { bytes, expiresAt }] of this.waiting) {
      if (expiresAt > now) continue;
      bytes.fill(0);
      this.waiting.delete(id);
    }
  }
}
