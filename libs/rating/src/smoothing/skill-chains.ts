/**
 * One Gaussian chain per player, held flat: an entry per appearance, the appearances of a match side by side and the matches in
 * the order of time. Everything is in units of a new player's sigma and counts from a new player's mu, so that every chain
 * begins with N(0, 1). Messages are kept as natural parameters: precision, and precision times mean.
 */
export class SkillChains {
  private readonly forwardPrecision: Float64Array;
  private readonly forwardPull: Float64Array;
  private readonly backwardPrecision: Float64Array;
  private readonly backwardPull: Float64Array;
  /** Per appearance, what the result of its match says of the skill. */
  readonly sitePrecision: Float64Array;
  readonly sitePull: Float64Array;

  /**
   * @param previous per appearance: the player's appearance before it, -1 for none
   * @param next the same, after it
   * @param drift per appearance: the variance that the skill gained since the previous one
   */
  constructor(
    private readonly previous: Int32Array,
    private readonly next: Int32Array,
    private readonly drift: Float64Array,
  ) {
    const length = previous.length;
    this.forwardPrecision = new Float64Array(length);
    this.forwardPull = new Float64Array(length);
    this.backwardPrecision = new Float64Array(length);
    this.backwardPull = new Float64Array(length);
    this.sitePrecision = new Float64Array(length);
    this.sitePull = new Float64Array(length);
  }

  /** Takes the message from the player's past: his first belief, or what came out of his previous appearance plus the drift. */
  receiveForward(appearance: number): void {
    const from = this.previous[appearance] as number;
    if (from < 0) {
      this.forwardPrecision[appearance] = 1;
      this.forwardPull[appearance] = 0;
      return;
    }
    const precision = (this.forwardPrecision[from] as number) + (this.sitePrecision[from] as number);
    const pull = (this.forwardPull[from] as number) + (this.sitePull[from] as number);
    // N(pull / precision, 1 / precision + drift), without a division by a precision that may be 0.
    const widening = 1 + (this.drift[appearance] as number) * precision;
    this.forwardPrecision[appearance] = precision / widening;
    this.forwardPull[appearance] = pull / widening;
  }

  /** Takes the message from the player's future; none after his last appearance. */
  receiveBackward(appearance: number): void {
    const from = this.next[appearance] as number;
    if (from < 0) return;
    const precision = (this.backwardPrecision[from] as number) + (this.sitePrecision[from] as number);
    const pull = (this.backwardPull[from] as number) + (this.sitePull[from] as number);
    const widening = 1 + (this.drift[from] as number) * precision;
    this.backwardPrecision[appearance] = precision / widening;
    this.backwardPull[appearance] = pull / widening;
  }

  /** Moves a site by the share `step` towards another; the precision stays between the two, so never below 0. */
  moveSite(appearance: number, precision: number, pull: number, step: number): void {
    if (step === 0) return;
    if (step === 1) {
      this.sitePrecision[appearance] = precision;
      this.sitePull[appearance] = pull;
      return;
    }
    const keep = 1 - step;
    this.sitePrecision[appearance] = keep * (this.sitePrecision[appearance] as number) + step * precision;
    this.sitePull[appearance] = keep * (this.sitePull[appearance] as number) + step * pull;
  }

  /** Passes all messages, so that they agree with the sites. */
  receiveAll(): void {
    for (let i = 0; i < this.previous.length; i++) this.receiveForward(i);
    for (let i = this.previous.length - 1; i >= 0; i--) this.receiveBackward(i);
  }

  /** What past, match and future together say. */
  mean(appearance: number): number {
    return (
      (this.cavityPull(appearance) + (this.sitePull[appearance] as number)) /
      (this.cavityPrecision(appearance) + (this.sitePrecision[appearance] as number))
    );
  }

  deviation(appearance: number): number {
    return Math.sqrt(1 / (this.cavityPrecision(appearance) + (this.sitePrecision[appearance] as number)));
  }

  /** The predictive belief: what the past alone says. */
  pastPrecision(appearance: number): number {
    return this.forwardPrecision[appearance] as number;
  }

  pastPull(appearance: number): number {
    return this.forwardPull[appearance] as number;
  }

  /** What past and future say, without the match itself. Positive, since the past always begins with N(0, 1). */
  cavityPrecision(appearance: number): number {
    return (this.forwardPrecision[appearance] as number) + (this.backwardPrecision[appearance] as number);
  }

  cavityPull(appearance: number): number {
    return (this.forwardPull[appearance] as number) + (this.backwardPull[appearance] as number);
  }
}
