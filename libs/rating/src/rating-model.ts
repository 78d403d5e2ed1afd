import { completeParameters, Gaussian, type GaussianParameters } from './gaussian.js';
import type { RatingModel } from './rating.js';

const GAUSSIAN_PARAMETERS: readonly (keyof GaussianParameters)[] = [
  'mu',
  'sigma',
  'beta',
  'tau',
  'drawProbability',
];

/**
 * The model that a configuration describes: `{ model: 'gaussian', ...parameters }`, as it comes from JSON. Nothing given means
 * the Gaussian model with its defaults.
 *
 * @throws TypeError for a value of the wrong type, RangeError for an unknown model or parameter or a value out of range
 */
export function ratingModel(config: unknown = {}): RatingModel {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new TypeError('rating: expected an object { model, …parameters }');
  }
  const { model = 'gaussian', ...parameters } = config as Record<string, unknown>;
  if (typeof model !== 'string') throw new TypeError('rating.model: expected a string');
  if (model !== 'gaussian')
    throw new RangeError(`rating.model: unknown model "${model}", known are: gaussian`);
  for (const name of Object.keys(parameters)) {
    if (!GAUSSIAN_PARAMETERS.some((known) => known === name)) {
      throw new RangeError(
        `rating.${name}: unknown parameter of the gaussian model, known are: ${GAUSSIAN_PARAMETERS.join(', ')}`,
      );
    }
  }
  // Every value is checked, whatever its type.
  return new Gaussian(completeParameters(parameters, 'rating'));
}
