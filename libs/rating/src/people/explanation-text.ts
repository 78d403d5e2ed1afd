import type { DisplayChange } from './explanation.js';

/** What the sentences about a player's change are made of. */
export interface ChangeFacts {
  /** Number of teams. */
  readonly teams: number;
  /** Players in his team. */
  readonly size: number;
  /** Probability that his team alone came first. */
  readonly win: number;
  /** Mean of the place that was expected, 1 the best. */
  readonly expectedPlace: number;
  /** The place he got, 1 the best; teams that tie have the same. */
  readonly place: number;
  readonly tied: boolean;
  /** Whole numbers. */
  readonly points: DisplayChange;
  readonly playFraction: number;
  /** False if nothing of the result counts. */
  readonly counted: boolean;
}

/** Two sentences: what was expected and what came of it, and what that did to the rating. */
export function changeText(facts: ChangeFacts): string {
  return `${facts.teams === 2 ? duelSentence(facts) : placeSentence(facts)} ${pointsSentence(facts)}`;
}

function duelSentence({ size, win, place, tied }: ChangeFacts): string {
  const [whose, who] = size === 1 ? ['Your', 'you'] : ["Your team's", 'it'];
  const end = tied ? 'the match was drawn' : `${who} ${place === 1 ? 'won' : 'lost'}`;
  return `${whose} chance of winning was ${percent(win)}, and ${end}.`;
}

function placeSentence({ size, teams, expectedPlace, place, tied }: ChangeFacts): string {
  const who = size === 1 ? 'You were' : 'Your team was';
  const how = `${tied ? 'shared' : 'took'} place ${place}`;
  return `${who} expected at place ${expectedPlace.toFixed(1)} of ${teams} and ${how}.`;
}

function pointsSentence({ points, playFraction, counted }: ChangeFacts): string {
  const { before, after, change, result, certainty } = points;
  const parts: string[] = [];
  const share = playFraction < 1 ? ` (you played ${percent(playFraction)} of the match)` : '';
  if (!counted) parts.push('the match did not count');
  else parts.push(`${signed(result)} for the result${share}`);
  if (certainty > 0) parts.push(`${signed(certainty)} because your skill is known better now`);
  if (certainty < 0) parts.push(`${signed(certainty)} because your skill is known less well now`);
  const moved = change === 0 ? `stays at ${after}` : `went from ${before} to ${after}`;
  return `Your rating ${moved}: ${parts.join(', ')}.`;
}

function signed(points: number): string {
  return points < 0 ? `−${-points}` : `+${points}`;
}

/** Whole per cents, but never 0 % or 100 % for what is neither impossible nor certain. */
function percent(probability: number): string {
  if (probability > 0 && probability < 0.01) return 'less than 1 %';
  if (probability < 1 && probability > 0.99) return 'more than 99 %';
  return `${Math.round(probability * 100)} %`;
}
