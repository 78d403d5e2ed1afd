/**
 * A whole history rated in bulk: a million 5v5 matches of 20,000 players, on one core.
 *
 *   node libs/rating/bench/replay.mjs        (after a build)
 */
import { gaussian, MatchHistory, replay } from '../dist/index.js';
import { figure, processorSeconds, random } from './rig.mjs';

const MATCHES = 1_000_000;
const PLAYERS = 20_000;
const ROUNDS = 5;
const MINUTE = 60_000;

/** Ten different players a match, drawn at random; in one match of two the first team wins. */
function* generated(next) {
  for (let match = 0; match < MATCHES; match += 1) {
    const players = new Set();
    while (players.size < 10) players.add(`player-${Math.floor(next() * PLAYERS)}`);
    const ids = [...players];
    yield {
      at: match * MINUTE,
      teams: [ids.slice(0, 5), ids.slice(5)],
      ranks: next() < 0.5 ? [0, 1] : [1, 0],
    };
  }
}

let start = processorSeconds();
const history = new MatchHistory(generated(random(2)));
figure({
  figure: '5v5 matches generated, checked and stored',
  unit: '/s',
  value: MATCHES / (processorSeconds() - start),
});

const model = gaussian();
const raw = [];
for (let round = -1; round < ROUNDS; round += 1) {
  start = processorSeconds();
  replay(history, model);
  if (round >= 0) raw.push(MATCHES / (processorSeconds() - start));
}
figure({ figure: '5v5 matches replayed in bulk', unit: '/s', atLeast: 1_000_000, raw });
