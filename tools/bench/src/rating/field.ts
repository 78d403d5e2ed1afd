import { calibrate, ratingModel } from '@ranked/rating';
import type { Contestant, TunableContestant } from './contestant.js';
import { GLICKO2 } from './glicko2-contestant.js';
import { OPENSKILL, OPENSKILL_WITH_SCORES } from './openskill-contestant.js';
import { ownContestant, type Evidence } from './own-contestant.js';
import { patternSearch } from './pattern-search.js';
import { judge } from './judge.js';
import type { RecordedMatch } from './recorded-match.js';
import { TS_TRUESKILL } from './ts-trueskill-contestant.js';

/** The models of `@ranked/rating`, by name; the first is the one that is held to the bounds. */
export const OWN_MODELS = [
  'gaussian',
  'plackett-luce',
  'bradley-terry',
  'bradley-terry-part',
  'thurstone-mosteller',
  'thurstone-mosteller-part',
  'glicko2',
] as const;

export type OwnModel = (typeof OWN_MODELS)[number];

/** Those whose parameters `calibrate` can fit. */
export const FITTED_MODELS = OWN_MODELS.filter((model) => model !== 'glicko2');

export const PEERS: readonly TunableContestant[] = [...OPENSKILL, TS_TRUESKILL, GLICKO2];

/** All forms of the peers that are tuned; those with scores make sense only where there are some. */
export const TUNED_PEERS: readonly TunableContestant[] = [...PEERS, ...OPENSKILL_WITH_SCORES];

/** The peers' searches end by themselves before, as a rule. */
const MOST_EVALUATIONS = 100;

/** A contestant and the parameters it came out with. */
export interface Tuned {
  readonly contestant: Contestant;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export function ownDefaults(model: OwnModel): Contestant {
  return ownContestant(`ours: ${model}`, ratingModel({ model }));
}

/** A model of ours, fitted by `calibrate` to these matches, of which it learns nothing but the evidence named. */
export function calibrated(model: OwnModel, matches: readonly RecordedMatch[], evidence: Evidence): Tuned {
  const seen = matches.map(({ at, teams, ranks, scores, host }) => ({
    at,
    teams,
    ranks,
    ...(evidence.scores && scores && { scores }),
    ...(evidence.host && host !== undefined && { host }),
  }));
  const { model: fitted, config } = calibrate(seen, { config: { model }, loss: 'decisive' });
  const extra = [evidence.scores && 'scores', evidence.host && 'home side'].filter(Boolean).join(', ');
  const name = `ours: ${model}${extra && `, ${extra}`}`;
  return { contestant: ownContestant(name, fitted, evidence), parameters: config };
}

/** A peer with those of its own parameters that predict these matches best. */
export function tuned(peer: TunableContestant, matches: readonly RecordedMatch[]): Tuned {
  const { mu, ...others } = peer.defaults;
  // Between single players the mean of a new one makes no difference.
  const teams = matches.some((match) => match.teams.some((team) => team.length > 1));
  const { parameters } = patternSearch(
    (tried) => judge(peer.with(tried), matches).logLoss,
    mu !== undefined && teams ? { mu, ...others } : others,
    MOST_EVALUATIONS,
  );
  return { contestant: peer.with(parameters), parameters };
}
