import type { Histogram } from '../api/contract.js';

const MAX_BARS = 200;

/** Bars of equal width from the least to the greatest value; empty without any. */
export function histogram(values: readonly number[], width: number): Histogram {
  const counts = new Map<number, number>();
  for (const value of values) {
    const step = Math.floor(value / width);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return ofSteps(
    [...counts].map(([step, n]) => ({ step, n })),
    width,
  );
}

/** The same from numbers by step: step `s` reaches from `s × width` to the next. Wide spans get wider bars. */
export function ofSteps(steps: readonly { step: number; n: number }[], width: number): Histogram {
  if (steps.length === 0) return { edges: [], counts: [] };
  const first = Math.min(...steps.map(({ step }) => step));
  const last = Math.max(...steps.map(({ step }) => step));
  const merged = Math.ceil((last - first + 1) / MAX_BARS);
  const from = Math.floor(first / merged);
  const bars = Math.floor(last / merged) - from + 1;
  const counts = Array<number>(bars).fill(0);
  for (const { step, n } of steps) {
    const bar = Math.floor(step / merged) - from;
    counts[bar] = (counts[bar] ?? 0) + n;
  }
  return { edges: Array.from({ length: bars + 1 }, (_, bar) => (from + bar) * merged * width), counts };
}
