import { Gaussian } from './gaussian/gaussian.js';
import { completeParameters, GAUSSIAN_PARAMETERS } from './gaussian/parameters.js';
import { glicko2From } from './glicko2/glicko2-model.js';
import { GLICKO2_PARAMETERS } from './glicko2/parameters.js';
import type { RatingModel } from './rating.js';
import {
  bradleyTerryFrom,
  bradleyTerryPartFrom,
  plackettLuceFrom,
  thurstoneMostellerFrom,
  thurstoneMostellerPartFrom,
} from './weng-lin/models.js';
import { PART_PAIR_PARAMETERS, WENG_LIN_PARAMETERS } from './weng-lin/parameters.js';

/** How a model is made from a configuration. */
interface ModelEntry {
  /** Names of its parameters; all others are refused. */
  readonly parameters: readonly string[];
  /** Checks every value, whatever its type; `path` begins the message of an error. */
  create(parameters: Readonly<Record<string, unknown>>, path: string): RatingModel;
}

const MODELS: ReadonlyMap<string, ModelEntry> = new Map<string, ModelEntry>([
  [
    'gaussian',
    {
      parameters: GAUSSIAN_PARAMETERS,
      create: (parameters, path) => new Gaussian(completeParameters(parameters, path)),
    },
  ],
  ['plackett-luce', { parameters: WENG_LIN_PARAMETERS, create: plackettLuceFrom }],
  ['bradley-terry', { parameters: WENG_LIN_PARAMETERS, create: bradleyTerryFrom }],
  ['bradley-terry-part', { parameters: PART_PAIR_PARAMETERS, create: bradleyTerryPartFrom }],
  ['thurstone-mosteller', { parameters: WENG_LIN_PARAMETERS, create: thurstoneMostellerFrom }],
  ['thurstone-mosteller-part', { parameters: PART_PAIR_PARAMETERS, create: thurstoneMostellerPartFrom }],
  ['glicko2', { parameters: GLICKO2_PARAMETERS, create: glicko2From }],
]);

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
  const entry = MODELS.get(model);
  if (!entry) {
    throw new RangeError(
      `rating.model: unknown model ${JSON.stringify(model)}, known are: ${[...MODELS.keys()].join(', ')}`,
    );
  }
  for (const name of Object.keys(parameters)) {
    if (!entry.parameters.includes(name)) {
      throw new RangeError(
        `rating.${name}: unknown parameter of the ${model} model, known are: ${entry.parameters.join(', ')}`,
      );
    }
  }
  return entry.create(parameters, 'rating');
}
