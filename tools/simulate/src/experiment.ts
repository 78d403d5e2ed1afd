import { windowOfEqualWait } from './equal-wait.js';
import { firstComePolicy } from './first-come-policy.js';
import type { PolicyName } from './options.js';
import { ownPolicy, widened, type Policy } from './policy.js';
import type { SimulatedQueue } from './queues-file.js';
import type { RunRecord, Summary } from './run-record.js';
import { regionNames } from './regions.js';
import type { Scenario } from './scenario.js';
import { Simulation } from './simulation.js';

/** Windows of a frontier, as multiples of the setting that is looked at. */
const FRONTIER = [0.125, 0.25, 0.5, 1, 2, 4];

/** One setting of a policy's window and what came of it. */
export interface FrontierPoint {
  /** Points: of the fixed window, or with which ours begins; Infinity (null in JSON) for first come. */
  readonly window: number;
  readonly summary: Summary;
}

/** A policy under one window after another. */
export interface Frontier {
  readonly policy: string;
  readonly points: readonly FrontierPoint[];
}

/** Ours, and the fixed window by which players wait as long. */
export interface Comparison {
  /** Which wait is the same. */
  readonly wait: 'median' | 'mean';
  readonly ours: Summary;
  readonly fixed: Summary;
  /** Points. */
  readonly window: number;
  /** By how much the mean rating difference of ours is smaller: 0.33 is a third less. */
  readonly gain: number;
}

/** What is told of the runs while they go on. */
export interface RunListener {
  begin(label: string): void;
  update(share: number): void;
}

/** Runs one scenario and queue under as many policies as are asked for; the same one is not run twice. */
export class Experiment {
  private readonly regions: readonly string[];
  private readonly records = new Map<string, RunRecord>();

  constructor(
    private readonly scenario: Scenario,
    private readonly queue: SimulatedQueue,
    private readonly listener: RunListener,
  ) {
    this.regions = regionNames(scenario.regions);
  }

  /** `window`: points of the fixed one. */
  policy(name: PolicyName, window: number): RunRecord {
    switch (name) {
      case 'first-come':
        return this.run(firstComePolicy(this.queue.rules, this.regions, Infinity, 'first-come'));
      case 'fixed':
        return this.fixed(window);
      case 'ours':
        return this.ours();
    }
  }

  /** Finds the fixed window by which players wait as long as by our rules, and how even its matches are. */
  compare(wait: Comparison['wait']): Comparison {
    const ours = this.ours().summary();
    const window = windowOfEqualWait(ours.wait[wait], (width) => this.fixed(width).summary().wait[wait]);
    const fixed = this.fixed(window).summary();
    return { wait, ours, fixed, window, gain: 1 - ours.ratingGap.mean / fixed.ratingGap.mean };
  }

  /** What a policy could offer: every point is a window, wider and narrower than the one that is looked at. */
  frontier(name: PolicyName, window: number): Frontier {
    if (name === 'first-come') {
      return { policy: name, points: [{ window: Infinity, summary: this.policy(name, window).summary() }] };
    }
    const base = name === 'ours' ? this.queue.rules.window.initial : window;
    const points = FRONTIER.map((times) => ({
      window: base * times,
      summary: (name === 'ours' ? this.ours(times) : this.fixed(base * times)).summary(),
    }));
    return { policy: name, points };
  }

  private ours(times = 1): RunRecord {
    const name = times === 1 ? 'ours' : `ours, window × ${times}`;
    return this.run(ownPolicy(widened(this.queue.rules, times), this.regions, name));
  }

  private fixed(window: number): RunRecord {
    const name = `fixed window ${Number(window.toPrecision(4))}`;
    return this.run(firstComePolicy(this.queue.rules, this.regions, window, name));
  }

  private run(policy: Policy): RunRecord {
    const known = this.records.get(policy.name);
    if (known !== undefined) return known;
    this.listener.begin(policy.name);
    const record = new Simulation(this.scenario, this.queue, policy).run((share) =>
      this.listener.update(share),
    );
    this.records.set(policy.name, record);
    return record;
  }
}
