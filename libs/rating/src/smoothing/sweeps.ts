import { JointMeans } from './joint-means.js';
import { logEvidence } from './log-evidence.js';
import { MatchFactors } from './match-factors.js';
import { MatchForces } from './match-forces.js';
import { SkillChains } from './skill-chains.js';
import type { ScaledParameters, SkillTimeline } from './skill-timeline.js';
import type { Beliefs } from './smoothed-history.js';

/** How much of the error in the common means is left to the next sweep; and where sweeps have got worse. */
const REMAINDER = 1e-3;
const SMALL_REMAINDER = 1e-6;
/** So many sweeps without a smaller change than ever before, and the next go on from the best one with half the step. */
const PATIENCE = 8;
const SMALLEST_STEP = 1 / 16;
/** A change that no sound sweep makes: at once back. */
const LARGEST_CHANGE = 1e9;

/**
 * Sweeps over a history, each forward and backward through all its matches, after which all means are brought into balance.
 * Where the results contradict each other far beyond what the parameters allow, sweeps can drive each other away from the
 * fixed point; they then go back to the best state so far and move on in smaller steps.
 */
export class Sweeps {
  /** How many were done. */
  count = 0;
  /** The largest change of a mean or deviation that the last one made, or would have in full steps, in units of sigma. */
  change: number;
  private readonly chains: SkillChains;
  private readonly factors: MatchFactors;
  private readonly joint: JointMeans;
  private readonly means: Float64Array;
  private readonly deviations: Float64Array;
  private step = 1;
  private smallest = Infinity;
  private sinceSmallest = 0;
  private best: { precision: Float64Array; pull: Float64Array } | undefined;

  constructor(
    private readonly timeline: SkillTimeline,
    parameters: ScaledParameters,
  ) {
    const { appearances, previous, next, drift } = timeline;
    this.chains = new SkillChains(previous, next, drift);
    this.factors = new MatchFactors(timeline, this.chains, parameters);
    this.joint = new JointMeans(timeline, this.chains, new MatchForces(timeline, this.factors, parameters));
    this.means = new Float64Array(appearances);
    this.deviations = new Float64Array(appearances).fill(1);
    this.change = appearances === 0 ? 0 : Infinity;
  }

  settledWithin(tolerance: number): boolean {
    return this.change <= tolerance;
  }

  next(): void {
    if (this.count > 0) this.joint.balance(this.step === 1 ? REMAINDER : SMALL_REMAINDER);
    this.forward();
    // Half a step changes half as much, however far there is to go.
    this.change = this.backward() / this.step;
    this.count++;
    // The forward messages once more, so that they agree with the sites of the way back.
    for (let i = 0; i < this.timeline.appearances; i++) this.chains.receiveForward(i);
    this.watch();
  }

  /** What the sweeps have come to. If they got worse at the end, that is the state after the one that changed least. */
  result(): Beliefs & { readonly logEvidence: number } {
    if (!(this.change <= this.smallest)) this.goBack();
    for (let i = 0; i < this.timeline.appearances; i++) this.settle(i);
    return {
      means: this.means,
      deviations: this.deviations,
      logEvidence: logEvidence(this.timeline, this.chains, this.factors),
    };
  }

  private watch(): void {
    const { sitePrecision, sitePull } = this.chains;
    if (this.change < this.smallest) {
      this.smallest = this.change;
      this.sinceSmallest = 0;
      this.best ??= { precision: new Float64Array(sitePrecision), pull: new Float64Array(sitePull) };
      this.best.precision.set(sitePrecision);
      this.best.pull.set(sitePull);
    } else if (++this.sinceSmallest >= PATIENCE || !(this.change < LARGEST_CHANGE)) {
      this.goBack();
      this.step = Math.max(SMALLEST_STEP, this.step / 2);
      this.sinceSmallest = 0;
    }
  }

  private goBack(): void {
    const { chains, best } = this;
    if (best === undefined) return;
    chains.sitePrecision.set(best.precision);
    chains.sitePull.set(best.pull);
    chains.receiveAll();
    this.factors.reset();
    for (let match = 0; match < this.timeline.matches; match++) this.factors.refine(match, 0);
    for (let i = 0; i < this.timeline.appearances; i++) this.settle(i);
  }

  private forward(): void {
    const { timeline, chains } = this;
    const { firstTeam, firstAppearance } = timeline;
    for (let match = 0; match < timeline.matches; match++) {
      const end = firstAppearance[firstTeam[match + 1] as number] as number;
      for (let i = firstAppearance[firstTeam[match] as number] as number; i < end; i++) {
        chains.receiveForward(i);
      }
      this.factors.refine(match, this.step);
    }
  }

  /** Returns the largest change since the last way back. */
  private backward(): number {
    const { timeline, chains } = this;
    const { firstTeam, firstAppearance } = timeline;
    let change = 0;
    for (let match = timeline.matches - 1; match >= 0; match--) {
      const first = firstAppearance[firstTeam[match] as number] as number;
      const end = firstAppearance[firstTeam[match + 1] as number] as number;
      for (let i = first; i < end; i++) chains.receiveBackward(i);
      this.factors.refine(match, this.step);
      for (let i = first; i < end; i++) change = Math.max(change, this.settle(i));
    }
    return change;
  }

  /** Stores what past, match and future together say of a skill; returns how far that is from what was stored. */
  private settle(i: number): number {
    const { means, deviations, chains } = this;
    const mean = chains.mean(i);
    const deviation = chains.deviation(i);
    const change = Math.max(
      Math.abs(mean - (means[i] as number)),
      Math.abs(deviation - (deviations[i] as number)),
    );
    means[i] = mean;
    deviations[i] = deviation;
    return change;
  }
}
