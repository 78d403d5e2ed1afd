import type { MetricSample, NodeSample } from '@ranked/store';
import type { MasterNode, OverviewHistory } from '../api/contract.js';

/** Time between two samples of a master, ms; points of the plots are as far apart. */
const STEP_MS = 10_000;
const SPAN_MS = 3_600_000;
/** A master that has not written for so long is not there. */
const PRESENT_MS = 30_000;

/** The last hour as columns. Of several masters what they hold themselves is summed, what they see of all is taken once. */
export function historyOf(samples: readonly MetricSample[], now: number): OverviewHistory {
  const end = Math.floor(now / STEP_MS) * STEP_MS;
  const slots = SPAN_MS / STEP_MS;
  const at = Array.from({ length: slots }, (_, slot) => end - (slots - 1 - slot) * STEP_MS);
  const bySlot = at.map((): Map<string, NodeSample> => new Map());
  for (const { at: time, nodeId, sample } of samples) {
    // A point stands for the ten seconds that begin with it.
    bySlot[Math.floor((time - (at[0] ?? end)) / STEP_MS)]?.set(nodeId, sample);
  }
  const column = (value: (samples: NodeSample[]) => number | null): (number | null)[] =>
    bySlot.map((nodes) => (nodes.size === 0 ? null : value([...nodes.values()])));
  const byKey = (
    part: (sample: NodeSample) => Readonly<Record<string, number>>,
  ): Record<string, (number | null)[]> => {
    const keys = new Set(samples.flatMap(({ sample }) => Object.keys(part(sample))));
    return Object.fromEntries(
      [...keys].sort().map((key) => [key, column((nodes) => part(last(nodes))[key] ?? 0)]),
    );
  };
  return {
    stepMs: STEP_MS,
    at,
    playersOnline: column((nodes) => sum(nodes, ({ playersConnected }) => playersConnected)),
    playersWaiting: column((nodes) => total(last(nodes).waiting)),
    serversOnline: column((nodes) => sum(nodes, ({ serversConnected }) => serversConnected)),
    matchesRunning: column((nodes) => last(nodes).matches['running'] ?? 0),
    meanWaitMs: column((nodes) => last(nodes).meanWaitMs),
    tickMs: column((nodes) => Math.max(...nodes.map(({ tickLongestMs }) => tickLongestMs))),
    refusals: column((nodes) => sum(nodes, ({ refusals }) => total(refusals))),
    waitingByQueue: byKey(({ waiting }) => waiting),
    serversByState: byKey(({ servers }) => servers),
    matchesByState: byKey(({ matches }) => matches),
  };
}

/** When a node's newest sample came into sight, and how far its clock is from ours as far as that tells. */
export interface Sighting {
  /** Time of the sample by the node's clock. */
  at: number;
  /** Unix ms here. */
  seenAt: number;
  /** The node's clock minus ours, ms; 0 until a sample was seen to come. */
  offsetMs: number;
}

/** The masters by their newest sample, those that are there first. */
export function nodesOf(
  samples: readonly MetricSample[],
  sightings: ReadonlyMap<string, Sighting>,
  now: number,
): MasterNode[] {
  const newest = new Map(samples.map((sample) => [sample.nodeId, sample]));
  return [...newest.values()]
    .map(({ nodeId, at, sample }) => ({
      nodeId,
      at,
      present: now - (sightings.get(nodeId)?.seenAt ?? at) < PRESENT_MS,
      playersConnected: sample.playersConnected,
      serversConnected: sample.serversConnected,
      tickMs: sample.tickMs,
      tickLongestMs: sample.tickLongestMs,
      ticksFailed: sample.ticksFailed,
      clockOffsetMs: sightings.get(nodeId)?.offsetMs ?? 0,
    }))
    .sort((a, b) => Number(b.present) - Number(a.present) || (a.nodeId < b.nodeId ? -1 : 1));
}

/**
 * Notes which samples are new. One that was not there at the look before was written in between: its time tells the node's clock,
 * give or take the time between the looks.
 * @param lookedAt when the look before was, Unix ms; undefined for the first
 */
export function noteSightings(
  sightings: Map<string, Sighting>,
  samples: readonly MetricSample[],
  now: number,
  lookedAt: number | undefined,
): void {
  for (const { nodeId, at } of samples) {
    const known = sightings.get(nodeId);
    if (known && known.at >= at) continue;
    const isFresh = lookedAt !== undefined && now - lookedAt < 3 * 1000;
    sightings.set(nodeId, {
      at,
      seenAt: isFresh ? now : Math.min(at, now),
      offsetMs: isFresh ? at - now : (known?.offsetMs ?? 0),
    });
  }
  const there = new Set(samples.map(({ nodeId }) => nodeId));
  for (const nodeId of sightings.keys()) if (!there.has(nodeId)) sightings.delete(nodeId);
}

/** What was refused within the samples, by cause, largest first. */
export function refusalsOf(samples: readonly MetricSample[]): {
  lastHour: number;
  byCause: { cause: string; count: number }[];
} {
  const causes = new Map<string, number>();
  for (const { sample } of samples) {
    for (const [cause, n] of Object.entries(sample.refusals)) causes.set(cause, (causes.get(cause) ?? 0) + n);
  }
  const byCause = [...causes].map(([cause, count]) => ({ cause, count })).sort((a, b) => b.count - a.count);
  return { lastHour: byCause.reduce((all, { count }) => all + count, 0), byCause: byCause.slice(0, 20) };
}

function last(samples: readonly NodeSample[]): NodeSample {
  const sample = samples.at(-1);
  if (!sample) throw new RangeError('no sample');
  return sample;
}

function sum(samples: readonly NodeSample[], part: (sample: NodeSample) => number): number {
  return samples.reduce((all, sample) => all + part(sample), 0);
}

function total(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((all, part) => all + part, 0);
}
