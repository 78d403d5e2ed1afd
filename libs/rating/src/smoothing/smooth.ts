import { Gaussian } from '../gaussian/gaussian.js';
import type { HistoryMatch } from '../history/history-match.js';
import { MatchHistory } from '../history/match-history.js';
import type { RatingModel } from '../rating.js';
import { requireFinite } from '../validation.js';
import { scaledParameters, skillTimeline } from './skill-timeline.js';
import { SmoothedHistory } from './smoothed-history.js';
import { Sweeps } from './sweeps.js';

/** When the sweeps end, and what they take for granted. */
export interface SmoothingOptions {
  /**
   * Ends the sweeps once no skill's mean or deviation changes by more than this from one sweep to the next, in units of a new
   * player's sigma, > 0. Default 1e-4.
   */
  readonly tolerance?: number;
  /** The most sweeps to do, an integer from 1. Default 100. */
  readonly maxSweeps?: number;
  /**
   * What to do about a `playFraction` below 1, which this method cannot use: refuse the history (the default), or take everybody as
   * having played all of the match.
   */
  readonly playFraction?: 'refuse' | 'ignore';
  /** Called after each sweep. */
  readonly onSweep?: (progress: SmoothingProgress) => void;
}

/** Where the sweeps over a history stand. */
export interface SmoothingProgress {
  /** Sweeps done. */
  readonly sweeps: number;
  /** The largest change of the last one, in units of a new player's sigma. */
  readonly change: number;
}

const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_MAX_SWEEPS = 100;

/**
 * Every player's skill over time, each point given all matches before and after: expectation propagation forward and backward
 * through the whole history until nothing changes any more (Dangauthier, Herbrich, Minka and Graepel, "TrueSkill Through Time:
 * Revisiting the History of Chess", NIPS 20, 2007, published 2008). For history pages and for comparing parameters; live ratings
 * must not know the future. Deterministic: the same input gives the same bits.
 *
 * @throws RangeError for another model than the Gaussian one; TypeError or RangeError for a match or an option that is wrong
 */
export function smooth(
  matches: MatchHistory | Iterable<HistoryMatch>,
  model: RatingModel,
  options: SmoothingOptions = {},
): SmoothedHistory {
  if (!(model instanceof Gaussian)) {
    throw new RangeError(`model: only the gaussian model can be smoothed, got ${describeModel(model)}`);
  }
  const { tolerance, maxSweeps, playFraction, onSweep } = completeOptions(options);
  const history = matches instanceof MatchHistory ? matches : new MatchHistory(matches);
  if (playFraction === 'refuse') refusePlayFractions(history);

  const parameters = scaledParameters(model.parameters);
  const timeline = skillTimeline(history.columns(), history.length, history.playerIds.length, parameters);
  const sweeps = new Sweeps(timeline, parameters);
  while (!sweeps.settledWithin(tolerance) && sweeps.count < maxSweeps) {
    sweeps.next();
    onSweep?.({ sweeps: sweeps.count, change: sweeps.change });
  }
  const { count, change } = sweeps;
  const converged = sweeps.settledWithin(tolerance);
  const { logEvidence, ...beliefs } = sweeps.result();
  const outcome = { converged, sweeps: count, change, logEvidence };
  return new SmoothedHistory(history, timeline, model.parameters, beliefs, outcome);
}

function completeOptions(options: SmoothingOptions) {
  if (typeof options !== 'object' || options === null) throw new TypeError('options: expected an object');
  const {
    tolerance = DEFAULT_TOLERANCE,
    maxSweeps = DEFAULT_MAX_SWEEPS,
    playFraction = 'refuse',
    onSweep,
  } = options;
  if (requireFinite(tolerance, 'options.tolerance') <= 0) {
    throw new RangeError(`options.tolerance: must be above 0, got ${tolerance}`);
  }
  if (requireFinite(maxSweeps, 'options.maxSweeps') < 1 || !Number.isInteger(maxSweeps)) {
    throw new RangeError(`options.maxSweeps: expected an integer from 1, got ${maxSweeps}`);
  }
  if (playFraction !== 'refuse' && playFraction !== 'ignore') {
    throw new RangeError(`options.playFraction: expected "refuse" or "ignore", got ${String(playFraction)}`);
  }
  if (onSweep !== undefined && typeof onSweep !== 'function') {
    throw new TypeError(`options.onSweep: expected a function, got ${typeof onSweep}`);
  }
  return { tolerance, maxSweeps, playFraction, onSweep };
}

/** Names the first player who took part in a fraction of a match. */
function refusePlayFractions(history: MatchHistory): void {
  const { playFractions, firstTeam, firstSlot } = history.columns();
  if (playFractions === undefined) return;
  for (let match = 0; match < history.length; match++) {
    const from = firstTeam[match] as number;
    const end = firstTeam[match + 1] as number;
    for (let team = from; team < end; team++) {
      const first = firstSlot[team] as number;
      for (let slot = first; slot < (firstSlot[team + 1] as number); slot++) {
        if (playFractions[slot] === 1) continue;
        throw new RangeError(
          `matches[${match}].playFraction[${team - from}][${slot - first}]: smoothing takes whole matches only, ` +
            `got ${playFractions[slot]}; with { playFraction: 'ignore' } everybody counts as having played to the end`,
        );
      }
    }
  }
}

function describeModel(model: unknown): string {
  const name = typeof model === 'object' && model !== null && 'name' in model ? model.name : undefined;
  return typeof name === 'string' ? `"${name}"` : typeof model;
}
