import type { GaussianParameters } from '../gaussian/parameters.js';
import { rootOfScore } from '../gaussian/scored-teams.js';
import { standardDrawMargin } from '../numerics/draw-margin.js';
import { HAS_SCORES, type HistoryColumns } from '../history/match-history.js';

const MILLISECONDS_PER_DAY = 86_400_000;
/** In units of a new player's sigma: numbers beyond these make no difference that a double could hold. */
const LARGEST = 1e50;
const SMALLEST = 1e-50;

/** The model's parameters in units of a new player's sigma, within bounds in which no square overflows or vanishes. */
export interface ScaledParameters {
  readonly betaSquared: number;
  /** The draw margin between two teams of n players in all, or two neighbours among more, is this times the root of n. */
  readonly drawMargin: number;
  readonly tieMargin: number;
  readonly tauSquared: number;
  readonly dailyVariance: number;
  readonly hostAdvantage: number;
  readonly playerWorth: number;
  readonly scoreWorth: number;
  /** What the score of one team varies around its performance. */
  readonly scoreVariance: number;
}

/** The parameters as smoothing computes with them. */
export function scaledParameters(parameters: GaussianParameters): ScaledParameters {
  const bounded = (value: number) => Math.max(-LARGEST, Math.min(LARGEST, value / parameters.sigma));
  const square = (value: number) => bounded(value) * bounded(value);
  return {
    betaSquared: Math.max(SMALLEST * SMALLEST, square(parameters.beta)),
    drawMargin: standardDrawMargin(parameters.drawProbability) * bounded(parameters.beta),
    tieMargin: standardDrawMargin(parameters.tieProbability) * bounded(parameters.beta),
    tauSquared: square(parameters.tau),
    dailyVariance: square(parameters.tauPerDay),
    hostAdvantage: bounded(parameters.hostAdvantage),
    playerWorth: bounded(parameters.playerWorth),
    scoreWorth: bounded(parameters.scoreWorth),
    scoreVariance: square(parameters.scoreNoise) / 2,
  };
}

/**
 * Who plays when, laid out for sweeps: every match's teams in the order of their ranks (equal ranks as given), their players
 * side by side, one entry ("appearance") per player and match.
 */
export interface SkillTimeline {
  readonly matches: number;
  readonly appearances: number;
  /** Per match, and one more: where its teams begin. */
  readonly firstTeam: Int32Array;
  /** Per team, and one more: where its appearances begin. */
  readonly firstAppearance: Int32Array;
  /** Per team: whether the next one of the match has the same rank. */
  readonly tiedWithNext: Uint8Array;
  /** Per team: the draw margin of its comparison with the next one of the match, in units of sigma. */
  readonly margin: Float64Array;
  /** Per team: what it performs above the sum of its players' skills, in units of sigma. */
  readonly offset: Float64Array;
  /** Per team: its score as an observation of its performance, in units of sigma. */
  readonly observed: Float64Array;
  /** Per appearance: the player's one before and after it, -1 for none, and the variance gained since the one before. */
  readonly previous: Int32Array;
  readonly next: Int32Array;
  readonly drift: Float64Array;
  /** Per match: 1 where the scores are the evidence, 0 where the ranks are. */
  readonly scored: Uint8Array;
  /** Per match: how much of its evidence counts. */
  readonly importance: Float64Array;
  /** Per appearance: its match. */
  readonly match: Int32Array;
  /** Per player of the history: his first appearance. */
  readonly firstOfPlayer: Int32Array;
}

/** Lays out a history of `matches` matches and `players` players. */
export function skillTimeline(
  columns: HistoryColumns,
  matches: number,
  players: number,
  parameters: ScaledParameters,
): SkillTimeline {
  const teams = columns.firstTeam[matches] as number;
  const appearances = columns.firstSlot[teams] as number;
  const timeline: SkillTimeline = {
    matches,
    appearances,
    firstTeam: columns.firstTeam.slice(0, matches + 1),
    firstAppearance: new Int32Array(teams + 1),
    tiedWithNext: new Uint8Array(teams),
    margin: new Float64Array(teams),
    offset: new Float64Array(teams),
    observed: new Float64Array(teams),
    previous: new Int32Array(appearances).fill(-1),
    next: new Int32Array(appearances).fill(-1),
    drift: new Float64Array(appearances),
    scored: new Uint8Array(matches),
    importance: columns.importances.slice(0, matches).map((importance) => Math.min(LARGEST, importance)),
    match: new Int32Array(appearances),
    firstOfPlayer: new Int32Array(players).fill(-1),
  };
  const latest = new Int32Array(players).fill(-1);
  let appearance = 0;
  for (let match = 0; match < matches; match++) {
    const first = timeline.firstTeam[match] as number;
    const scored = parameters.scoreWorth > 0 && ((columns.parts[match] as number) & HAS_SCORES) !== 0;
    timeline.scored[match] = scored ? 1 : 0;
    const order = rankOrder(columns, first, timeline.firstTeam[match + 1] as number);
    const margin = order.length === 2 ? parameters.drawMargin : parameters.tieMargin;
    for (let position = 0; position < order.length; position++) {
      const source = order[position] as number;
      const from = columns.firstSlot[source] as number;
      const end = columns.firstSlot[source + 1] as number;
      const team = first + position;
      const next = order[position + 1];
      const host = columns.hosts[match] === source - first ? parameters.hostAdvantage : 0;
      timeline.offset[team] = (end - from) * parameters.playerWorth + host;
      timeline.observed[team] = scored
        ? Math.max(
            -LARGEST,
            Math.min(LARGEST, parameters.scoreWorth * rootOfScore(columns.scores[source] as number)),
          )
        : 0;
      timeline.tiedWithNext[team] =
        next !== undefined && columns.ranks[source] === columns.ranks[next] ? 1 : 0;
      const rivals =
        next === undefined
          ? 0
          : (columns.firstSlot[next + 1] as number) - (columns.firstSlot[next] as number);
      timeline.margin[team] = margin * Math.sqrt(end - from + rivals);
      for (let slot = from; slot < end; slot++, appearance++) {
        const player = columns.players[slot] as number;
        const before = latest[player] as number;
        latest[player] = appearance;
        timeline.match[appearance] = match;
        timeline.previous[appearance] = before;
        if (before < 0) {
          timeline.firstOfPlayer[player] = appearance;
        } else {
          timeline.next[before] = appearance;
          const idle =
            (columns.times[match] as number) - (columns.times[timeline.match[before] as number] as number);
          const variance = parameters.tauSquared + parameters.dailyVariance * (idle / MILLISECONDS_PER_DAY);
          timeline.drift[appearance] = Math.min(LARGEST * LARGEST, variance);
        }
      }
      timeline.firstAppearance[team + 1] = appearance;
    }
  }
  return timeline;
}

/** The teams from `first` to before `end`, best first, equal ranks as given. */
function rankOrder(columns: HistoryColumns, first: number, end: number): number[] {
  const order: number[] = [];
  for (let team = first; team < end; team++) order.push(team);
  return order.sort((a, b) => (columns.ranks[a] as number) - (columns.ranks[b] as number) || a - b);
}
