import { setImmediate as nextTurn } from 'node:timers/promises';
import { proposeInSteps, type Proposal, type ProposeInput, type ProposeResult } from '@ranked/matchmaker';

/** A search on this thread whose matches can be taken as they are found, so that some are written while others are looked for. */
export class StepwiseSearch {
  private readonly steps: Generator<readonly Proposal[], ProposeResult>;
  private step: IteratorResult<readonly Proposal[], ProposeResult> | undefined;

  constructor(input: ProposeInput) {
    this.steps = proposeInSteps(input);
  }

  /**
   * Searches for the first matches; other work of the event loop goes on between the steps. To be called once, before the matches are
   * taken.
   * @returns whether there is one
   */
  async begin(): Promise<boolean> {
    for (;;) {
      const step = this.steps.next();
      this.step = step;
      if (step.done) return false;
      if (step.value.length > 0) return true;
      await nextTurn();
    }
  }

  /** Every match, once; the search goes on when those that it has found are taken. */
  *matches(): Generator<Proposal> {
    while (this.step?.done === false) {
      yield* this.step.value;
      this.step = this.steps.next();
    }
  }

  /** The whole answer, after all matches were taken or when there was none. */
  get result(): ProposeResult {
    if (this.step?.done !== true) throw new Error('the search has not ended');
    return this.step.value;
  }
}
