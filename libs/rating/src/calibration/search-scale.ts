import { exponential } from '../numerics/exponential.js';
import { logarithm } from '../numerics/logarithm.js';
import type { TunableParameter } from './tunable-parameters.js';

/** A parameter on the scale on which it is searched, where equal steps make about equal differences. */
export interface SearchScale {
  readonly low: number;
  readonly high: number;
  /** The parameter, in its unit, at a point of the scale. */
  value(point: number): number;
  /** The point of a value, within the bounds. For a 0 that the scale does not have, a point where the parameter has an effect. */
  point(value: number): number;
}

export function searchScale(parameter: TunableParameter): SearchScale {
  const { scale, zero, fallback } = parameter;
  const forward = scale === 'log' ? logarithm : scale === 'logit' ? logit : (x: number) => x;
  const backward = scale === 'log' ? exponential : scale === 'logit' ? logistic : (x: number) => x;
  const low = forward(parameter.low);
  const high = forward(parameter.high);
  return {
    low,
    high,
    value: (point) => (scale !== 'linear' && zero && point <= low ? 0 : backward(point)),
    point: (value) =>
      scale !== 'linear' && value === 0
        ? forward(fallback)
        : forward(Math.min(parameter.high, Math.max(parameter.low, value))),
  };
}

function logit(p: number): number {
  return logarithm(p / (1 - p));
}

function logistic(x: number): number {
  return 1 / (1 + exponential(-x));
}
