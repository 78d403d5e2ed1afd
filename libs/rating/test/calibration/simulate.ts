import type { HistoryMatch } from '../../src/index.js';
import { seeded } from '../history/histories.js';

const DAY = 86_400_000;

/** A ladder whose truth is known, in the units of the Gaussian model's defaults: skills N(25, 25/3). */
export interface Truth {
  readonly matches: number;
  readonly players: number;
  readonly teamSize: number;
  readonly beta: number;
  /** How much a skill changes per root of a day. */
  readonly tauPerDay: number;
  /** Performances closer than this are a draw. */
  readonly margin: number;
  readonly hostAdvantage: number;
  /** Goals per unit of performance; undefined: no scores. */
  readonly goalsPerUnit?: number;
}

/** Matches as such a ladder would play them, ten a day; team 0 is at home in every other. */
export function simulate(truth: Truth, seed: number): HistoryMatch[] {
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const skills = Array.from({ length: truth.players }, () => 25 + (25 / 3) * normal());
  return Array.from({ length: truth.matches }, (_, i) => {
    // Everybody's skill drifts by a tenth of a day.
    for (let p = 0; p < skills.length; p++) {
      skills[p] = (skills[p] ?? 0) + truth.tauPerDay * Math.sqrt(0.1) * normal();
    }
    const chosen = new Set<number>();
    while (chosen.size < 2 * truth.teamSize) chosen.add(Math.floor(random() * truth.players));
    const ids = [...chosen];
    const teams = [ids.slice(0, truth.teamSize), ids.slice(truth.teamSize)];
    const atHome = i % 2 === 0;
    const [ours = 0, theirs = 0] = teams.map((team) =>
      team.reduce((sum, player) => sum + (skills[player] ?? 0) + truth.beta * normal(), 0),
    );
    const lead = ours - theirs + (atHome ? truth.hostAdvantage : 0);
    const goals = Math.round(lead * (truth.goalsPerUnit ?? 0));
    const outcome = truth.goalsPerUnit === undefined ? (Math.abs(lead) < truth.margin ? 0 : lead) : goals;
    return {
      at: i * (DAY / 10),
      teams: teams.map((team) => team.map((player) => `p${player}`)),
      ranks: outcome === 0 ? [0, 0] : outcome > 0 ? [0, 1] : [1, 0],
      ...(atHome && truth.hostAdvantage !== 0 && { host: 0 }),
      ...(truth.goalsPerUnit !== undefined && { scores: goals >= 0 ? [goals, 0] : [0, -goals] }),
    };
  });
}
