import type { RandomStream } from './random-stream.js';

/** Hours by which the clocks of a region are ahead of the simulation's, and the place on a line by which distances go. */
const REGIONS = [
  { name: 'eu', clock: 0, place: 0 },
  { name: 'us', clock: -6, place: 1 },
  { name: 'as', clock: 8, place: -1.3 },
  { name: 'sa', clock: -4, place: 1.6 },
] as const;

export const MOST_REGIONS = REGIONS.length;
/** Milliseconds from one side of an ocean to the other. */
const OCEAN_MS = 90;
/** By how much evenings are busier, and nights quieter, than the mean of a day. */
const DAY_DEPTH = 0.75;
/** The local hour at which most people play. */
const BUSIEST_HOUR = 20;

/** The names of the first `count` regions. */
export function regionNames(count: number): string[] {
  return REGIONS.slice(0, count).map(({ name }) => name);
}

/** How many play in a region at this time, against the mean of a day (1). `hour`: of the simulation's clock. */
export function activity(region: number, hour: number): number {
  const local = hour + (REGIONS[region]?.clock ?? 0);
  return 1 + DAY_DEPTH * Math.cos((2 * Math.PI * (local - BUSIEST_HOUR)) / 24);
}

/** The most that {@link activity} returns. */
export const HIGHEST_ACTIVITY = 1 + DAY_DEPTH;

/** Milliseconds from a player of a region to each of the first `count` regions: his line, and what the distance adds. */
export function latenciesFrom(home: number, count: number, random: RandomStream): Record<string, number> {
  const line = random.logNormal(30, 0.4);
  const from = REGIONS[home]?.place ?? 0;
  return Object.fromEntries(
    REGIONS.slice(0, count).map(({ name, place }) => [
      name,
      Math.round(line + OCEAN_MS * Math.abs(place - from) * (0.9 + 0.2 * random.next())),
    ]),
  );
}
