import type { MatchForces } from './match-forces.js';
import { SkillChains } from './skill-chains.js';
import type { SkillTimeline } from './skill-timeline.js';

/** Conjugate gradient steps per solution, at most; the sweep that follows makes good what is left. */
const MAX_STEPS = 1000;

/**
 * Brings the means of all skills to where the matches, as their Gaussian factors have them now, and the chains are in balance.
 *
 * Sweeps settle what concerns few players quickly, but shift the level of whole eras or leagues against each other only little
 * by little. With the factors held fixed, the means of a fixed point solve a linear system (Gaussian message passing gives
 * exact means: Weiss and Freeman 2001), so it is solved here by conjugate gradients, preconditioned by one exact chain per
 * player. At a fixed point of the sweeps nothing changes: this makes them shorter, not different.
 */
export class JointMeans {
  /** The preconditioner: every player's chain with the matches' stiffness, without what the others do. */
  private readonly blocks: SkillChains;
  private readonly means: Float64Array;
  private readonly residual: Float64Array;
  private readonly direction: Float64Array;
  /** The preconditioner's inverse times the direction. */
  private readonly unblocked: Float64Array;
  private readonly image: Float64Array;

  constructor(
    private readonly timeline: SkillTimeline,
    private readonly chains: SkillChains,
    private readonly forces: MatchForces,
  ) {
    const { appearances, previous, next, drift } = timeline;
    this.blocks = new SkillChains(previous, next, drift);
    this.means = new Float64Array(appearances);
    this.residual = this.blocks.sitePull;
    this.direction = new Float64Array(appearances);
    this.unblocked = new Float64Array(appearances);
    this.image = new Float64Array(appearances);
  }

  /**
   * Moves the pulls of all sites. The chains' messages must agree with their sites, and do so again afterwards.
   *
   * @param remainder the share of the error that may be left, 0 to 1
   */
  balance(remainder: number): void {
    const { appearances, importance, matches } = this.timeline;
    const { means, residual, direction, unblocked, image, chains } = this;
    this.start();
    let error = this.precondition();
    const target = error * remainder * remainder;
    direction.set(image);
    unblocked.set(residual);
    for (let step = 0; step < MAX_STEPS && error > target; step++) {
      const length = error / this.applySystem();
      if (!(length > 0 && length < Infinity)) break;
      for (let i = 0; i < appearances; i++) {
        means[i] = (means[i] as number) + length * (direction[i] as number);
        residual[i] = (residual[i] as number) - length * (image[i] as number);
      }
      const before = error;
      error = this.precondition();
      const share = error / before;
      for (let i = 0; i < appearances; i++) {
        direction[i] = (image[i] as number) + share * (direction[i] as number);
        unblocked[i] = (residual[i] as number) + share * (unblocked[i] as number);
      }
    }
    for (let match = 0; match < matches; match++) {
      if (importance[match] === 1) this.forces.at(match, means, 1, image);
    }
    for (let i = 0; i < appearances; i++) {
      if (importance[this.timeline.match[i] as number] !== 1) continue;
      chains.sitePull[i] = (chains.sitePrecision[i] as number) * (means[i] as number) + (image[i] as number);
    }
    chains.receiveAll();
  }

  /**
   * The means as they are, and how far the forces are from those of the sites, which the chains balance. A match whose
   * importance is not 1 has scaled sites that no force matches: it stays as it is.
   */
  private start(): void {
    const { appearances, importance, match, matches } = this.timeline;
    const { means, residual, image, blocks, chains, forces } = this;
    for (let i = 0; i < appearances; i++) means[i] = chains.mean(i);
    for (let m = 0; m < matches; m++) {
      if (importance[m] !== 1) continue;
      forces.stiffness(m, blocks.sitePrecision);
      forces.at(m, means, 1, image);
    }
    for (let i = 0; i < appearances; i++) {
      const precision = chains.sitePrecision[i] as number;
      if (importance[match[i] as number] === 1) {
        residual[i] =
          (image[i] as number) - ((chains.sitePull[i] as number) - precision * (means[i] as number));
      } else {
        blocks.sitePrecision[i] = precision;
        residual[i] = 0;
      }
    }
  }

  /** Writes what the preconditioner makes of the residual to the image; returns their product, a squared error. */
  private precondition(): number {
    const { appearances } = this.timeline;
    const { blocks, image, residual } = this;
    blocks.receiveAll();
    let product = 0;
    for (let i = 0; i < appearances; i++) {
      const mean = blocks.mean(i);
      image[i] = mean;
      product += mean * (residual[i] as number);
    }
    return product;
  }

  /** Writes the system times the direction to the image; returns the product of both. */
  private applySystem(): number {
    const { appearances, importance, match, matches } = this.timeline;
    const { direction, unblocked, image, blocks } = this;
    for (let m = 0; m < matches; m++) {
      if (importance[m] === 1) this.forces.at(m, direction, 0, image);
    }
    let product = 0;
    for (let i = 0; i < appearances; i++) {
      const own = direction[i] as number;
      const others =
        importance[match[i] as number] === 1
          ? -(image[i] as number) - (blocks.sitePrecision[i] as number) * own
          : 0;
      const value = (unblocked[i] as number) + others;
      image[i] = value;
      product += value * own;
    }
    return product;
  }
}
