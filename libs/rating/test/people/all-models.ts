import { ratingModel, type RatingModel } from '../../src/index.js';

/** Every model that a configuration can name, with its defaults: the names are those that the refusal of another one lists. */
export const ALL_MODELS: RatingModel[] = knownNames().map((model) => ratingModel({ model }));

function knownNames(): string[] {
  try {
    ratingModel({ model: 'no such model' });
  } catch (error) {
    const [, names = ''] = /known are: (.*)$/.exec(String(error)) ?? [];
    return names.split(', ');
  }
  throw new Error('a model of any name was made');
}
