/** Points of a match's life that can be seen from outside the master, each named for what has just happened. */
export const MOMENTS = [
  'join sent',
  'join acknowledged',
  'proposal arrived',
  'answer acknowledged',
  'allow arrived',
  'allow answered',
  'match found',
  'start sent',
  'start acknowledged',
  'start told to a player',
  'result sent',
  'result acknowledged',
  'report arrived',
  'leave sent',
  'leave acknowledged',
  'cancel arrived',
] as const;

export type Moment = (typeof MOMENTS)[number];

/** Tells of moments as they pass. A listener runs in the very turn, before anything that follows from the moment. */
export class Moments {
  readonly counts = new Map<Moment, number>();
  #listener: ((moment: Moment) => void) | undefined;

  note(moment: Moment): void {
    this.counts.set(moment, (this.counts.get(moment) ?? 0) + 1);
    this.#listener?.(moment);
  }

  /** One listener at a time; undefined ends it. */
  listen(listener: ((moment: Moment) => void) | undefined): void {
    this.#listener = listener;
  }
}
