import fc from 'fast-check';
import { ratingModel, type Rating, type RatingModel } from '@ranked/rating';
import { Forecast } from '../src/forecast.js';

const rating: fc.Arbitrary<Rating> = fc.record({
  mu: fc.double({ min: -50, max: 100, noNaN: true }),
  sigma: fc.double({ min: 0.1, max: 9, noNaN: true }),
});
const teamsOf = (teams: number, size: number) =>
  fc.array(fc.array(rating, { minLength: size, maxLength: size }), { minLength: teams, maxLength: teams });

/** One that a game brings itself, without arithmetic on arrays. */
const withoutKernel = (model: RatingModel): RatingModel =>
  Object.create(model, { kernel: { value: undefined } }) as RatingModel;

function put(forecast: Forecast, teams: readonly (readonly Rating[])[]): void {
  teams.flat().forEach(({ mu, sigma }, at) => forecast.put(at, mu, sigma));
}

describe.each(['gaussian', 'plackett-luce', 'bradley-terry-part', 'thurstone-mosteller', 'glicko2'])(
  '%s',
  (name) => {
    const model = ratingModel({ model: name });

    it.each([1, 5])('two teams of %d: what the model itself says, to the bit', (size) => {
      // One for all: nothing of a match may stay behind in it.
      const forecasts = [new Forecast(model, 2, size), new Forecast(withoutKernel(model), 2, size)];
      fc.assert(
        fc.property(teamsOf(2, size), (teams) => {
          const { win, draw } = model.predict(teams);
          const quality = model.quality(teams);
          for (const forecast of forecasts) {
            put(forecast, teams);
            expect(forecast.quality()).toBe(quality);
            expect(forecast.odds()).toEqual([...win, draw]);
          }
        }),
        { numRuns: 50 },
      );
    });
  },
);

it('more teams: chances that add up to one, the larger the stronger the team', () => {
  const model = ratingModel();
  const forecast = new Forecast(model, 4, 2);
  fc.assert(
    fc.property(teamsOf(4, 2), (teams) => {
      put(forecast, teams);
      const odds = forecast.odds();
      expect(odds).toHaveLength(5);
      expect(odds.at(-1)).toBe(0);
      expect(odds.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
      const strengths = teams.map((team) => team.reduce((sum, { mu }) => sum + mu, 0));
      const strongest = strengths.indexOf(Math.max(...strengths));
      expect(odds[strongest]).toBe(Math.max(...odds));
      expect(forecast.quality()).toBe(model.quality(teams));
    }),
  );
});
