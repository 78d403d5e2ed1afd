/**
 * Makes any string one that the schemas take: NUL and lone surrogates become U+FFFD, and what is beyond `max` code
 * points is cut off.
 */
export function plainText(value: string, max: number): string {
  const clean = value.replace(/[\u0000\ud800-\udfff]/gu, '\ufffd');
  // Code points are never more than code units, so most strings need no counting.
  return clean.length <= max ? clean : [...clean.slice(0, max * 2)].slice(0, max).join('');
}
