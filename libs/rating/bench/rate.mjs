/**
 * Updates per second through the public API for single matches, against openskill, ts-trueskill and glicko2 in the same process on
 * the same data; predictions and match qualities for information.
 *
 *   node libs/rating/bench/rate.mjs        (after a build)
 */
import { createRequire } from 'node:module';
import { gaussian, ratingModel } from '../dist/index.js';
import { predictWin, rate } from 'openskill';
import {
  bradleyTerryFull,
  bradleyTerryPart,
  plackettLuce,
  thurstoneMostellerFull,
  thurstoneMostellerPart,
} from 'openskill/models';
import { Rating, TrueSkill } from 'ts-trueskill';
import { alternate, compare, figure, median, random } from './rig.mjs';

const { Glicko2 } = createRequire(import.meta.url)('glicko2');

const OPENSKILL = {
  'openskill Plackett-Luce': plackettLuce,
  'openskill Bradley-Terry full': bradleyTerryFull,
  'openskill Bradley-Terry part': bradleyTerryPart,
  'openskill Thurstone-Mosteller full': thurstoneMostellerFull,
  'openskill Thurstone-Mosteller part': thurstoneMostellerPart,
};

/** Our models and their twins. */
const TWINS = [
  ['plackett-luce', 'openskill Plackett-Luce'],
  ['bradley-terry', 'openskill Bradley-Terry full'],
  ['bradley-terry-part', 'openskill Bradley-Terry part'],
  ['thurstone-mosteller', 'openskill Thurstone-Mosteller full'],
  ['thurstone-mosteller-part', 'openskill Thurstone-Mosteller part'],
];

const next = random(1);

/** Matches whose teams stand in the order in which they finished: no peer has to sort. */
function matches(teams, size, rating) {
  return Array.from({ length: 500 }, () => ({
    teams: Array.from({ length: teams }, () => Array.from({ length: size }, rating)),
    ranks: Array.from({ length: teams }, (_, i) => i),
  }));
}

const rating = () => ({ mu: 15 + 20 * next(), sigma: 1 + 7 * next() });

const ours = (model, list) => ({ list, work: (match) => model.rate(match) });

/** openskill takes plain objects; one options object serves all matches. */
const openskill = (list) =>
  Object.fromEntries(
    Object.entries(OPENSKILL).map(([name, model]) => {
      const options = { model };
      return [name, { list, work: ({ teams }) => rate(teams, options) }];
    }),
  );

/** ts-trueskill takes Rating objects, which are made beforehand; one environment serves all matches. */
function trueskill(list) {
  const environment = new TrueSkill();
  return {
    list: list.map(({ teams }) => teams.map((team) => team.map(({ mu, sigma }) => new Rating(mu, sigma)))),
    work: (teams) => environment.rate(teams),
  };
}

for (const size of [1, 5]) {
  const list = matches(2, size, rating);
  const name = `${size}v${size}`;
  const results = alternate({
    gaussian: ours(gaussian(), list),
    ...openskill(list),
    'ts-trueskill': trueskill(list),
  });
  const fastest = Object.keys(OPENSKILL).reduce((a, b) => (median(results[b]) > median(results[a]) ? b : a));
  compare(
    `${name} updates, Gaussian, against openskill's fastest`,
    results.gaussian,
    [fastest, results[fastest]],
    5,
  );
  for (const peer of [...Object.keys(OPENSKILL), 'ts-trueskill']) {
    if (peer !== fastest)
      compare(`${name} updates, Gaussian, against ${peer}`, results.gaussian, [peer, results[peer]]);
  }
}

{
  const list = matches(8, 1, rating);
  const results = alternate({
    gaussian: ours(gaussian(), list),
    ...Object.fromEntries(TWINS.map(([model]) => [model, ours(ratingModel({ model }), list)])),
    ...openskill(list),
    'ts-trueskill': trueskill(list),
  });
  for (const [model, twin] of TWINS) {
    compare(`8 single players, updates, ${model}`, results[model], [twin, results[twin]], 5);
  }
  const peer = 'ts-trueskill';
  compare('8 single players, updates, Gaussian', results.gaussian, [peer, results[peer]], 20);
}

{
  const model = ratingModel({ model: 'glicko2' });
  const list = matches(2, 1, () => ({ mu: 1200 + 600 * next(), sigma: 40 + 300 * next(), volatility: 0.06 }));
  // As its documentation advises for ratings that lie in a database: set, update, read.
  const ranking = new Glicko2();
  const [a, b] = [ranking.makePlayer(), ranking.makePlayer()];
  const load = (player, { mu, sigma, volatility }) => {
    player.setRating(mu);
    player.setRd(sigma);
    player.setVol(volatility);
  };
  const read = (player) => ({ mu: player.getRating(), sigma: player.getRd(), volatility: player.getVol() });
  const glicko2 = ({ teams }) => {
    load(a, teams[0][0]);
    load(b, teams[1][0]);
    ranking.updateRatings([[a, b, 1]]);
    return [read(a), read(b)];
  };
  const results = alternate({ ours: ours(model, list), glicko2: { list, work: glicko2 } });
  compare('1v1 updates, Glicko-2, a match at a time', results.ours, ['glicko2', results.glicko2]);
}

for (const [name, list] of [
  ['1v1', matches(2, 1, rating)],
  ['5v5', matches(2, 5, rating)],
  ['8 single players', matches(8, 1, rating)],
]) {
  const model = gaussian();
  const results = alternate(
    {
      predictions: { list, work: ({ teams }) => model.predict(teams) },
      openskill: { list, work: ({ teams }) => predictWin(teams) },
      qualities: { list, work: ({ teams }) => model.quality(teams) },
    },
    { rounds: 5 },
  );
  compare(`${name}, predictions, Gaussian`, results.predictions, ['openskill', results.openskill]);
  figure({ figure: `${name}, qualities, Gaussian`, unit: '/s', raw: results.qualities });
}
