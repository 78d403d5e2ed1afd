/** How hidden strengths are spread: a bell, one with a long tail of experts, or beginners and regulars side by side. */
export const DISTRIBUTIONS = ['normal', 'skewed', 'two-groups'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** Who plays and when. Everything in a run follows from this, the queue and the policy. */
export interface Scenario {
  readonly seed: number;
  /** Hours of virtual time; of the first quarter nothing is counted, since the queue is still filling. */
  readonly hours: number;
  /** The hour of the day at which it begins, in the first region. */
  readonly startHour: number;
  /** People who play now and then. */
  readonly players: number;
  /** Sessions that begin in an hour, on the mean of a day; each is one party's evening of several matches. */
  readonly sessions: number;
  readonly strength: Distribution;
  /** Standard deviation of the hidden strengths, in display points. */
  readonly deviation: number;
  /** The share of players who have never played; the others begin with ratings near their strengths. */
  readonly newcomers: number;
  /** How many regions the players come from, 1 to 4. */
  readonly regions: number;
  /** The share of sessions that are parties of two or more, where the queue has teams. */
  readonly parties: number;
  /** Median of how long players wait before they give up, in seconds. */
  readonly patience: number;
  /** The share of a match's players who leave it before its end. */
  readonly leavers: number;
  /** Median length of a match, in minutes. */
  readonly matchMinutes: number;
  /** Milliseconds between two looks at the queue. */
  readonly tick: number;
}

/** A busy evening: six joins a second. */
export const DEFAULT_SCENARIO: Scenario = {
  seed: 1,
  hours: 2,
  startHour: 18,
  players: 30_000,
  sessions: 6000,
  strength: 'normal',
  deviation: 300,
  newcomers: 0.2,
  regions: 2,
  parties: 0.3,
  patience: 300,
  leavers: 0.02,
  matchMinutes: 10,
  tick: 500,
};

/** The share of a run of which nothing is counted. */
export const WARM_UP = 0.25;
