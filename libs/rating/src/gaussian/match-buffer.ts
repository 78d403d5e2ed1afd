import type { FlatMatch } from '../kernel.js';
import type { Circumstances, MatchInput, Rating } from '../rating.js';

/** Carries matches of objects to and from the flat form in which they are computed. One serves many matches. */
export class MatchBuffer {
  readonly flat: FlatMatch = {
    teams: 0,
    players: 0,
    teamEnds: new Int32Array(2),
    mu: new Float64Array(10),
    sigma: new Float64Array(10),
    volatility: new Float64Array(0),
    days: new Float64Array(0),
    ranks: new Float64Array(2),
    hasScores: false,
    scores: new Float64Array(2),
    host: -1,
    hasPlayFraction: false,
    playFraction: new Float64Array(10),
    importance: 1,
  };

  loadTeams(teams: readonly (readonly Rating[])[]): FlatMatch {
    const { flat } = this;
    let players = 0;
    for (let i = 0; i < teams.length; i++) players += (teams[i] as readonly Rating[]).length;
    this.reserve(teams.length, players);
    flat.teams = teams.length;
    flat.players = players;
    let slot = 0;
    for (let i = 0; i < teams.length; i++) {
      const team = teams[i] as readonly Rating[];
      for (let j = 0; j < team.length; j++, slot++) {
        const rating = team[j] as Rating;
        flat.mu[slot] = rating.mu;
        flat.sigma[slot] = rating.sigma;
      }
      flat.teamEnds[i] = slot;
    }
    flat.hasScores = false;
    flat.hasPlayFraction = false;
    flat.host = -1;
    flat.importance = 1;
    return flat;
  }

  loadCircumstances({ host, playFraction }: Circumstances): FlatMatch {
    const { flat } = this;
    if (host !== undefined) flat.host = host;
    if (playFraction === undefined) return flat;
    flat.hasPlayFraction = true;
    let slot = 0;
    for (let i = 0; i < playFraction.length; i++) {
      const team = playFraction[i] as readonly number[];
      for (let j = 0; j < team.length; j++, slot++) flat.playFraction[slot] = team[j] as number;
    }
    return flat;
  }

  loadMatch(match: MatchInput): FlatMatch {
    const { flat } = this;
    const { teams, ranks, scores, matchImportance } = match;
    this.loadTeams(teams);
    this.loadCircumstances(match);
    for (let i = 0; i < ranks.length; i++) flat.ranks[i] = ranks[i] as number;
    if (scores !== undefined) {
      flat.hasScores = true;
      for (let i = 0; i < scores.length; i++) flat.scores[i] = scores[i] as number;
    }
    if (matchImportance !== undefined) flat.importance = matchImportance;
    return flat;
  }

  /** The ratings as they are now, in the shape of the teams. */
  ratings(): Rating[][] {
    const { teams, teamEnds, mu, sigma } = this.flat;
    const result = new Array<Rating[]>(teams);
    let slot = 0;
    for (let i = 0; i < teams; i++) {
      const end = teamEnds[i] as number;
      const team = new Array<Rating>(end - slot);
      for (let j = 0; slot < end; j++, slot++) {
        team[j] = { mu: mu[slot] as number, sigma: sigma[slot] as number };
      }
      result[i] = team;
    }
    return result;
  }

  private reserve(teams: number, players: number): void {
    const { flat } = this;
    if (flat.mu.length < players) {
      flat.mu = new Float64Array(2 * players);
      flat.sigma = new Float64Array(2 * players);
      flat.playFraction = new Float64Array(2 * players);
    }
    if (flat.ranks.length < teams) {
      flat.teamEnds = new Int32Array(2 * teams);
      flat.ranks = new Float64Array(2 * teams);
      flat.scores = new Float64Array(2 * teams);
    }
  }
}
