/** What an account has against it. */
export interface PenaltyState {
  /** 0 is none; as it was at `changedAt`. */
  readonly level: number;
  /** Until when it may not join a queue, Unix ms. */
  readonly until: number;
  /** Unix ms. */
  readonly changedAt: number;
}

/** How cooldowns grow, and how what was done is forgotten. */
export interface CooldownRules {
  /** Cooldown of the first fault, ms; 0: no fault has one. */
  readonly baseMs: number;
  /** How many times as long it is with each level; above 1. */
  readonly factor: number;
  /** The longest one, ms. */
  readonly maxMs: number;
  /** Time in which a level falls to one half, ms. */
  readonly halfLifeMs: number;
}

/** Below this a level is as good as none: the next cooldown would be a few percent longer than the first. */
const FORGOTTEN = 1 / 32;

/** The level at `now`: halved with each half-life since it changed, and nothing in the end. */
export function levelAt(
  { level, changedAt }: Pick<PenaltyState, 'level' | 'changedAt'>,
  now: number,
  { halfLifeMs }: Pick<CooldownRules, 'halfLifeMs'>,
): number {
  // A clock may have been set back.
  const left = level * 2 ** (-Math.max(0, now - changedAt) / halfLifeMs);
  return left < FORGOTTEN ? 0 : left;
}

/** The cooldown of a fault of somebody who is at `level`, ms: base · factor^level, at most `maxMs`. */
export function cooldownMs(level: number, { baseMs, factor, maxMs }: CooldownRules): number {
  return Math.round(Math.min(maxMs, baseMs * factor ** level));
}

/**
 * The penalty after one more fault at `now`. A level rises by one, up to one above that of the longest cooldown: whoever has
 * reached it is forgiven no later than anybody else, and not before a while. A cooldown that runs on longer stays.
 */
export function raised(before: PenaltyState | undefined, now: number, rules: CooldownRules): PenaltyState {
  const level = before ? levelAt(before, now, rules) : 0;
  return {
    level: Math.min(highestLevel(rules), level + 1),
    until: Math.max(before?.until ?? 0, now + cooldownMs(level, rules)),
    changedAt: now,
  };
}

/** How long it takes until nothing is left of any penalty, ms. */
export function longestMemoryMs(rules: CooldownRules): number {
  return Math.ceil(rules.halfLifeMs * Math.max(0, Math.log2(highestLevel(rules) / FORGOTTEN)));
}

/** One above the level at which the cooldown is the longest. */
function highestLevel({ baseMs, factor, maxMs }: CooldownRules): number {
  return baseMs === 0 ? 1 : 1 + Math.max(0, Math.log(maxMs / baseMs) / Math.log(factor));
}
