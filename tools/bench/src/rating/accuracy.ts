/**
 * Accuracy and log-loss of our models and the peers' on recorded histories: with default parameters on the whole of each, then
 * tuned on the first 40 % and judged on the rest. Prints two tables and the figures with bounds; leaves every number, every
 * tuned parameter and a picture in `bench-results`.
 *
 *   node tools/bench/dist/rating/accuracy.js        (after a build)
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figure } from '../figure.js';
import { renderComparison } from './comparison-table.js';
import type { Contestant } from './contestant.js';
import {
  calibrated,
  FITTED_MODELS,
  OWN_MODELS,
  ownDefaults,
  PEERS,
  tuned,
  TUNED_PEERS,
  type Tuned,
} from './field.js';
import { HISTORY_NAMES, recordedHistory, type HistoryName } from './histories.js';
import { judge, type Verdict } from './judge.js';
import type { RecordedMatch } from './recorded-match.js';
import { reliabilityChart } from './reliability-chart.js';

/** Parameters are tuned on the matches before this share of a history, and judged on those after it. */
const TUNED_SHARE = 0.4;

/** How far the default model's log-loss may be above that of the best peer. */
const TOLERANCE = 0.002;

/** The curves in the picture, besides ours. Five are as many as can be told apart. */
const PICTURED = [
  'ours: gaussian',
  'openskill Plackett-Luce',
  'openskill Thurstone-Mosteller full',
  'ts-trueskill',
  'glicko2 per match',
];

interface Entry {
  history: HistoryName;
  name: string;
  ours: boolean;
  verdict: Verdict;
  parameters?: Tuned['parameters'];
}

const print = (figure: Figure): void => console.log(JSON.stringify(figure));

const accepts = (contestant: Contestant, matches: readonly RecordedMatch[]): boolean =>
  matches.every((match) => contestant.accepts(match));

/** Full and part pairing, and Plackett-Luce and Bradley-Terry, are the same in openskill when there are two teams: one of them is tuned. */
const SAME_FOR_TWO_TEAMS = ['openskill Bradley-Terry full', 'openskill Bradley-Terry part'];

function withDefaults(history: HistoryName, matches: readonly RecordedMatch[]): Entry[] {
  const field = [
    ...OWN_MODELS.map((model) => ({ contestant: ownDefaults(model), ours: true })),
    ...PEERS.map((peer) => ({ contestant: peer.with(peer.defaults), ours: false })),
  ];
  return field
    .filter(({ contestant }) => accepts(contestant, matches))
    .map(({ contestant, ours }) => ({
      history,
      name: contestant.name,
      ours,
      verdict: judge(contestant, matches),
    }));
}

function withTuning(history: HistoryName, matches: readonly RecordedMatch[]): Entry[] {
  const from = Math.floor(TUNED_SHARE * matches.length);
  const seen = matches.slice(0, from);
  const twoTeams = matches.every(({ teams }) => teams.length === 2);
  const entry = ({ contestant, parameters }: Tuned, ours: boolean): Entry => {
    const verdict = judge(contestant, matches, { from });
    console.log(
      `${history}, ${contestant.name}: ${verdict.logLoss.toFixed(4)} with ${JSON.stringify(parameters)}`,
    );
    return { history, name: contestant.name, ours, verdict, parameters };
  };
  const models = FITTED_MODELS.filter((model) => accepts(ownDefaults(model), matches));
  const peers = TUNED_PEERS.filter(
    (peer) =>
      accepts(peer.with(peer.defaults), matches) &&
      !(twoTeams && SAME_FOR_TWO_TEAMS.some((name) => peer.name.startsWith(name))),
  );
  const evidence = {
    scores: matches.some(({ scores }) => scores !== undefined),
    host: matches.some(({ host }) => host !== undefined),
  };
  return [
    ...models.map((model) => entry(calibrated(model, seen, {}), true)),
    ...(evidence.scores || evidence.host ? [entry(calibrated('gaussian', seen, evidence), true)] : []),
    ...peers.map((peer) => entry(tuned(peer, seen), false)),
  ];
}

function printTable(title: string, entries: readonly Entry[]): void {
  const names = [...new Set(entries.map(({ name }) => name))];
  const rows = names.map((name) => ({
    name,
    scores: new Map(
      entries.filter((entry) => entry.name === name).map(({ history, verdict }) => [history, verdict]),
    ),
  }));
  for (const line of ['', ...renderComparison(title, HISTORY_NAMES, rows), '']) console.log(line);
}

/** The log-loss of a contestant of ours on a history beside that of the best peer. */
function beside(entries: readonly Entry[], history: HistoryName, name: string) {
  const here = entries.filter((entry) => entry.history === history);
  const own = here.find((entry) => entry.name === name)?.verdict.logLoss ?? NaN;
  const [best] = here.filter(({ ours }) => !ours).sort((a, b) => a.verdict.logLoss - b.verdict.logLoss);
  const theirs = best?.verdict.logLoss ?? NaN;
  return {
    excess: own - theirs,
    peer: `${best?.name}: ${theirs.toFixed(4)}, ours ${own.toFixed(4)}`,
  };
}

const defaults: Entry[] = [];
const tunings: Entry[] = [];
for (const name of HISTORY_NAMES) {
  const { matches } = recordedHistory(name);
  defaults.push(...withDefaults(name, matches));
  tunings.push(...withTuning(name, matches));
}

printTable('Defaults, whole history', defaults);
printTable('Tuned on 40 %, judged on 60 %', tunings);

for (const history of HISTORY_NAMES) {
  const { excess, peer } = beside(defaults, history, 'ours: gaussian');
  print({
    figure: `${history}, defaults: log-loss above the best peer's`,
    value: excess,
    unit: 'nats',
    atMost: TOLERANCE,
    peer,
  });
}
/** The Gaussian that was told all that the history says; where it says nothing but results, the plain one. */
function fullestGaussian(history: HistoryName): string {
  const names = tunings.filter((entry) => entry.history === history && entry.ours).map(({ name }) => name);
  return names.find((name) => name.startsWith('ours: gaussian,')) ?? 'ours: gaussian';
}

for (const [what, choose, atLeast] of [
  ['results alone', () => 'ours: gaussian', undefined],
  ['all that the history says', fullestGaussian, 3],
] as const) {
  const margins = HISTORY_NAMES.map((history) => ({ history, ...beside(tunings, history, choose(history)) }));
  for (const { history, excess, peer } of margins) {
    const figure = `${history}, tuned, ${what}: log-loss above the best peer's`;
    print({ figure, value: excess, unit: 'nats', peer });
  }
  print({
    figure: `histories on which the calibrated Gaussian beats every tuned peer, ${what}`,
    value: margins.filter(({ excess }) => excess < 0).length,
    unit: '',
    ...(atLeast !== undefined && { atLeast }),
  });
}
const football = tunings.find(
  ({ history, name }) => history === 'Football' && name === 'ours: gaussian, scores, home side',
);
print({
  figure: 'Football, calibrated with scores and home side: log-loss',
  value: football?.verdict.logLoss ?? NaN,
  unit: 'nats',
  atMost: 0.48,
});

const directory = fileURLToPath(new URL('../../../../bench-results', import.meta.url));
const stem = `${directory}/${new Date().toISOString().replaceAll(':', '-')}-rating`;
mkdirSync(directory, { recursive: true });
writeFileSync(`${stem}-accuracy.json`, `${JSON.stringify({ defaults, tuned: tunings }, null, 1)}\n`);
const panels = HISTORY_NAMES.map((history) => ({
  history: `${history}, default parameters`,
  curves: PICTURED.flatMap((name) =>
    defaults
      .filter((entry) => entry.history === history && entry.name === name)
      .map(({ verdict }) => ({ name, bins: verdict.reliability })),
  ),
}));
writeFileSync(`${stem}-reliability.svg`, reliabilityChart(panels));
console.log(`Picture and numbers: ${stem}-reliability.svg, -accuracy.json`);
