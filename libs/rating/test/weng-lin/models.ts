import {
  bradleyTerry,
  bradleyTerryPart,
  plackettLuce,
  thurstoneMosteller,
  thurstoneMostellerPart,
  type Rating,
  type RatingModel,
  type WengLinParameters,
} from '../../src/index.js';

export type Make = (parameters?: Partial<WengLinParameters>) => RatingModel<WengLinParameters>;

/** All models of Weng and Lin, by name. */
export const MODELS: [name: string, make: Make][] = [
  ['plackett-luce', plackettLuce],
  ['bradley-terry', bradleyTerry],
  ['bradley-terry-part', bradleyTerryPart],
  ['thurstone-mosteller', thurstoneMosteller],
  ['thurstone-mosteller-part', thurstoneMostellerPart],
];

/** Teams of one. */
export const singles = (...players: Rating[]): Rating[][] => players.map((player) => [player]);
