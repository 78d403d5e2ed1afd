/** The shortest piece of an encoded secret that says it is there and nothing else. */
const SHORTEST = 12;

/** All forms in which a secret may have slipped out: raw, hex, base64 and base64url, also as a part of something longer. */
export function formsOf(secret: Uint8Array): Buffer[] {
  const raw = Buffer.from(secret);
  const hex = raw.toString('hex');
  const texts = [hex, hex.toUpperCase()];
  for (const encoding of ['base64', 'base64url'] as const) {
    // Base64 of a longer text depends on how many bytes come before: three cases, less the digits that neighbours decide.
    for (const before of [0, 1, 2]) {
      const digits = Buffer.concat([Buffer.alloc(before), raw])
        .toString(encoding)
        .replace(/=+$/, '');
      texts.push(digits.slice(before === 0 ? 0 : before + 1, -1));
    }
  }
  return [raw, ...texts.filter((text) => text.length >= SHORTEST).map((text) => Buffer.from(text))];
}

/** The names of the secrets that occur in `haystack` in any form. */
export function secretsIn(haystack: Uint8Array, secrets: ReadonlyMap<string, Uint8Array>): string[] {
  const hay = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
  return [...secrets]
    .filter(([, secret]) => formsOf(secret).some((form) => hay.includes(form)))
    .map(([name]) => name);
}
