import type { GaussianParameters } from '../gaussian/parameters.js';
import type { MatchHistory } from '../history/match-history.js';
import type { CurvePoint } from '../history/replay.js';
import type { Rating } from '../rating.js';
import type { SkillTimeline } from './skill-timeline.js';

/** How the sweeps over the history ended. */
export interface SmoothingOutcome {
  /** Whether the last sweep changed no skill by more than the tolerance. */
  readonly converged: boolean;
  /** Sweeps done, each once forward and once backward through all matches. */
  readonly sweeps: number;
  /** The largest change of any mean or deviation in the last sweep, in units of a new player's sigma. */
  readonly change: number;
  /**
   * ln of the probability that the model gives all results of the history, as the approximation has it: the higher, the better do
   * the parameters fit. -Infinity if a result is impossible, such as a tie where `drawProbability` is 0.
   */
  readonly logEvidence: number;
}

/** Mean and deviation of the skill per appearance, in units of a new player's sigma and from a new player's mu. */
export interface Beliefs {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Every player's skill at each of his matches, given all matches before and after. Later additions to the history do not show. */
export class SmoothedHistory implements SmoothingOutcome {
  readonly converged: boolean;
  readonly sweeps: number;
  readonly change: number;
  readonly logEvidence: number;

  /** Made by `smooth`. */
  constructor(
    private readonly history: MatchHistory,
    private readonly timeline: SkillTimeline,
    private readonly parameters: GaussianParameters,
    private readonly beliefs: Beliefs,
    outcome: SmoothingOutcome,
  ) {
    this.converged = outcome.converged;
    this.sweeps = outcome.sweeps;
    this.change = outcome.change;
    this.logEvidence = outcome.logEvidence;
  }

  /** The ids of all players, in the order of their first match. */
  get playerIds(): readonly string[] {
    return this.history.playerIds.slice(0, this.timeline.firstOfPlayer.length);
  }

  /** How a player's skill went, one point per match; empty for one who never played. */
  curve(playerId: string): CurvePoint[] {
    const { times } = this.history.columns();
    const points: CurvePoint[] = [];
    for (let i = this.firstAppearance(playerId); i >= 0; i = this.timeline.next[i] as number) {
      const match = this.timeline.match[i] as number;
      points.push({ match, at: times[match] as number, rating: this.rating(i) });
    }
    return points;
  }

  private firstAppearance(playerId: string): number {
    const player = this.history.playerIndex(playerId);
    return (player === undefined ? undefined : this.timeline.firstOfPlayer[player]) ?? -1;
  }

  private rating(appearance: number): Rating {
    const { mu, sigma } = this.parameters;
    const mean = mu + (this.beliefs.means[appearance] as number) * sigma;
    const deviation = (this.beliefs.deviations[appearance] as number) * sigma;
    return {
      mu: Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, mean)),
      sigma: Math.max(Number.MIN_VALUE, Math.min(Number.MAX_VALUE, deviation)),
    };
  }
}
