import { summarise, type DistributionSummary } from './distribution-summary.js';

/** What one match was like. */
export interface MatchFacts {
  /** Seconds that the longest-waiting entry had waited. */
  readonly longestWait: number;
  /** Points between the mean ratings of the strongest and the weakest team. */
  readonly ratingGap: number;
  /** The same by hidden strengths. */
  readonly hiddenGap: number;
  /** True chance of the team most likely to win. */
  readonly favourite: number;
  /** Points between the best and the weakest rated player of a team, mean over the teams. */
  readonly teamSpread: number;
  /** Milliseconds of the slowest player. */
  readonly latency: number;
}

/** The figures of one run, for a table. Waits are in seconds, differences in display points. */
export interface Summary {
  readonly policy: string;
  /** Joins of a queue whose end was seen, matched or given up. */
  readonly joins: number;
  readonly matches: number;
  /** Of all joins; who gave up counts with the time he had waited. */
  readonly wait: DistributionSummary;
  /** Share of joins that waited longer than the queue's limit. */
  readonly beyondLimit: number;
  /** Share of joins that gave up. */
  readonly unmatched: number;
  readonly ratingGap: DistributionSummary;
  readonly hiddenGap: DistributionSummary;
  readonly favourite: DistributionSummary;
  readonly teamSpread: DistributionSummary;
  readonly latency: DistributionSummary;
  /** Root of the mean squared difference between ratings and hidden strengths at the end, in points, of those who played. */
  readonly ratingError: number;
}

/** What happened in one run after the warm-up. */
export class RunRecord {
  readonly waits: number[] = [];
  readonly matches: MatchFacts[] = [];
  ratingError = 0;
  #unmatched = 0;
  #beyondLimit = 0;
  #stillWaiting = 0;

  /** `limit`: seconds. */
  constructor(
    readonly policy: string,
    private readonly limit: number,
  ) {}

  /** Somebody was matched or gave up after so many seconds. */
  waited(seconds: number, matched: boolean): void {
    this.waits.push(seconds);
    if (!matched) this.#unmatched++;
    if (seconds > this.limit) this.#beyondLimit++;
  }

  /** Somebody waits at the end of the run: how long it will be is not known, but it may be too long already. */
  waitsStill(seconds: number): void {
    if (seconds <= this.limit) return;
    this.#beyondLimit++;
    this.#stillWaiting++;
  }

  summary(): Summary {
    const { waits, matches } = this;
    const joins = waits.length;
    const of = (fact: keyof MatchFacts) => summarise(matches.map((match) => match[fact]));
    return {
      policy: this.policy,
      joins,
      matches: matches.length,
      wait: summarise(waits),
      beyondLimit: share(this.#beyondLimit, joins + this.#stillWaiting),
      unmatched: share(this.#unmatched, joins),
      ratingGap: of('ratingGap'),
      hiddenGap: of('hiddenGap'),
      favourite: of('favourite'),
      teamSpread: of('teamSpread'),
      latency: of('latency'),
      ratingError: this.ratingError,
    };
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
