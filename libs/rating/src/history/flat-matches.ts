import type { FlatMatch } from '../kernel.js';
import { HAS_PLAY_FRACTION, HAS_SCORES, type HistoryColumns } from './match-history.js';

/** Room for one match of up to this many teams and players. */
export function emptyFlatMatch(teams: number, players: number): FlatMatch {
  return {
    teams: 0,
    players: 0,
    teamEnds: new Int32Array(teams),
    mu: new Float64Array(players),
    sigma: new Float64Array(players),
    volatility: new Float64Array(players),
    days: new Float64Array(players),
    ranks: new Float64Array(teams),
    hasScores: false,
    scores: new Float64Array(teams),
    host: -1,
    hasPlayFraction: false,
    playFraction: new Float64Array(players),
    importance: 1,
  };
}

/** Puts all of a history's match but the ratings into `flat`; returns where its players begin. */
export function loadMatch(columns: HistoryColumns, index: number, flat: FlatMatch): number {
  const { firstTeam, firstSlot, ranks, scores, playFractions } = columns;
  const from = firstTeam[index] as number;
  const teams = (firstTeam[index + 1] as number) - from;
  const first = firstSlot[from] as number;
  const present = columns.parts[index] as number;
  flat.teams = teams;
  flat.host = columns.hosts[index] as number;
  flat.importance = columns.importances[index] as number;
  flat.hasScores = (present & HAS_SCORES) !== 0;
  for (let i = 0; i < teams; i++) {
    flat.teamEnds[i] = (firstSlot[from + i + 1] as number) - first;
    flat.ranks[i] = ranks[from + i] as number;
    flat.scores[i] = scores[from + i] as number;
  }
  flat.players = flat.teamEnds[teams - 1] as number;
  flat.hasPlayFraction = (present & HAS_PLAY_FRACTION) !== 0;
  if (flat.hasPlayFraction && playFractions !== undefined) {
    for (let i = 0; i < flat.players; i++) flat.playFraction[i] = playFractions[first + i] as number;
  }
  return first;
}
