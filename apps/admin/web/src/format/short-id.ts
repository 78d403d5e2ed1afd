/** The first group of a random UUID, enough to tell things apart on a screen. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/**
 * The last eight digits of a match's id. Matches have UUIDs of version 7, which begin with the time: those of the same minute begin alike.
 */
export function matchTag(id: string): string {
  return id.slice(-8);
}
