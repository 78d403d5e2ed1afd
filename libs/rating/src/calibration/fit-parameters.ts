import { descend } from './descend.js';
import { minimise } from './minimise.js';
import type { ParameterSpace, Values } from './parameter-space.js';
import type { TunableParameter } from './tunable-parameters.js';

export interface FittedParameters {
  readonly values: Values;
  /** Of each parameter that left its value: the loss that going back to it would add. */
  readonly gains: ReadonlyMap<string, number>;
  readonly settled: boolean;
}

/** First steps on the search scale (a factor of 2 for what is searched in logarithms), and those once it is near. */
const FIRST_STEP = 0.7;
const NEAR_STEP = 0.2;
const SMALLEST_STEP = 0.015;
/** In log-likelihood: what a round or a step must gain for the coarse search, and the fine one, to go on. */
const COARSE_GAIN = 5;
/** Per parameter: evaluations for the coarse search. */
const COARSE_EVALUATIONS = 8;
const SMALLEST_GAIN = 0.1;
/** In log-likelihood: what a parameter must gain to leave its value, the bound of the likelihood-ratio test at 5 %. */
const LEAST_EVIDENCE = 1.92;
/** Share of the evaluations for the first search; the second one begins close to its end. */
const FIRST_SEARCH = 0.7;

/**
 * Searches a space for the smallest penalised loss; puts those parameters back that gain too little; searches what remains
 * once more.
 *
 * @param loss negative log-likelihood of the results
 * @param lossBefore that at the start
 * @param maxEvaluations of the loss, all in all
 */
export function fitParameters(
  space: ParameterSpace,
  lossBefore: number,
  loss: (values: Values) => number,
  maxEvaluations: number,
): FittedParameters {
  let evaluations = 0;
  const counted = (values: Values): number => {
    evaluations++;
    return loss(values);
  };
  const { start, parameters } = space;
  const first = Math.floor(FIRST_SEARCH * maxEvaluations) - parameters.length;
  let { values, settled } = search(space, start, counted, FIRST_STEP, first);
  const kept = withoutTheUndetermined(space, values, counted);
  if (kept.length < parameters.length) {
    const left = maxEvaluations - evaluations - kept.length - 1;
    ({ values, settled } = search(space.reduced(kept), values, counted, NEAR_STEP, left));
  }
  const lossAfter = counted(values);
  if (!(lossAfter < lossBefore)) return { values: start, gains: new Map(), settled };
  const gains = new Map(
    kept.map(({ name }) => [name, counted({ ...values, [name]: start[name] as number }) - lossAfter]),
  );
  return { values, gains, settled };
}

function search(
  space: ParameterSpace,
  from: Values,
  loss: (values: Values) => number,
  step: number,
  maxEvaluations: number,
): { values: Values; settled: boolean } {
  const { low, high } = space;
  const penalised = (point: readonly number[]) => loss(space.values(point)) + space.penalty(point);
  const near = minimise(penalised, {
    start: space.point(from),
    steps: space.parameters.map(({ spread }) => step * Math.min(1, spread)),
    low,
    high,
    maxEvaluations: Math.min(COARSE_EVALUATIONS * low.length, maxEvaluations / 2),
    smallestStep: SMALLEST_STEP,
    smallestGain: COARSE_GAIN,
  });
  const found = descend(penalised, {
    start: near.point,
    low,
    high,
    maxEvaluations: maxEvaluations - near.evaluations,
    smallestGain: SMALLEST_GAIN,
  });
  return { values: space.values(found.point), settled: found.settled };
}

/** Those parameters which the history tells from their start; the others are put back one by one, the weakest first. */
function withoutTheUndetermined(
  { parameters, start }: ParameterSpace,
  fitted: Values,
  loss: (values: Values) => number,
): readonly TunableParameter[] {
  const least = loss(fitted);
  const candidates = parameters
    .map((one) => ({ one, cost: loss({ ...fitted, [one.name]: start[one.name] as number }) - least }))
    .filter(({ cost }) => cost < LEAST_EVIDENCE)
    .sort((a, b) => Number(isDraws(a.one)) - Number(isDraws(b.one)) || a.cost - b.cost);
  const back = new Set<TunableParameter>();
  let values = fitted;
  let allowed = least + LEAST_EVIDENCE;
  for (const { one } of candidates) {
    const without = { ...values, [one.name]: start[one.name] as number };
    // Where nobody draws, a smaller `beta` stands in for a margin of 0. The margin must not come back to a `beta` made for none.
    if (isDraws(one) && ![...back].some(({ name }) => name === 'beta')) continue;
    // Two that can stand in for each other cost nothing one at a time: the second is judged with the first back already.
    const found = loss(without);
    if (found >= allowed) continue;
    back.add(one);
    values = without;
    allowed = Math.max(allowed, found + LEAST_EVIDENCE);
  }
  return parameters.filter((one) => !back.has(one));
}

function isDraws({ name }: TunableParameter): boolean {
  return name === 'drawProbability';
}
