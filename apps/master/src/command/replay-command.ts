import { accounts, type Store } from '@ranked/store';
import type { MasterConfig } from '../config/master-config.js';
import type { RatingDifference } from '../rating/differing-ratings.js';
import {
  LateResultError,
  reRateQueue,
  type ReRatingOrder,
  type ReRatingReport,
} from '../rating/re-rate-queue.js';
import { optionsOf, usage } from './arguments.js';
import { requireQueue, withDatabase } from './database.js';
import { CommandError, ExitCode, progressLines, type Output } from './output.js';

export const REPLAY_HELP = `ranked replay --queue <name> [--without <ids>] [--with <ids>] [--current] [--apply]

Rates all matches of a queue again, each by the rules it was rated by, and compares what comes out with what is stored, bit
for bit. Without other options this is an audit. Nothing is written without --apply.

  --queue <name>    the queue
  --without <ids>   as if these matches had never been played; ids with commas between them
  --with <ids>      matches that were taken out so count again
  --current         by the present model and parameters of the queues file
  --apply           write it: ratings, and in every match those before and after. Matches taken out stay in the
                    players' histories, without ratings. With --current, matches under way get the present rules as
                    well; restart the master with the changed queues file first

A master may run meanwhile. All is written in one transaction; whatever else writes waits while it lasts, and results that
come in are rated by the new ratings.

Examples:
  ranked replay --queue duel
  ranked replay --queue duel --without 0b0e5c1e-58a6-4f43-9d0e-0a9c5f3f2a11
  ranked replay --queue duel --current --apply`;

/** Ratings that are shown. */
const RATINGS_SHOWN = 10;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `ranked replay` */
export async function replayCommand(
  args: readonly string[],
  config: MasterConfig,
  output: Output,
): Promise<ExitCode> {
  const options = optionsOf(args, {
    queue: 'string',
    without: 'string',
    with: 'string',
    current: 'boolean',
    apply: 'boolean',
  });
  const queue = requireQueue(config, options.queue);
  const without = idsOf('without', options.without);
  const include = idsOf('with', options.with);
  for (const id of without) if (include.has(id)) throw usage(`${id} is in --without and in --with`);
  const isAudit = without.size + include.size === 0 && options.current !== true;
  return withDatabase(config, options.apply === true ? 'write' : 'read', async (store) => {
    const report = await rateAgain(store, {
      queue,
      without,
      include,
      byPresentRules: options.current === true,
      apply: options.apply === true,
      onProgress: progressLines(output, 'rated'),
    });
    await tell(report, store, output);
    if (options.current === true && report.applied) {
      output.remark(
        'New matches follow the queues file that their master was started with: see that it is this one.',
      );
    }
    const differs = report.differing > 0 || report.ratings.length > 0;
    return isAudit && differs && !report.applied ? ExitCode.differs : ExitCode.ok;
  });
}

async function rateAgain(store: Store, order: ReRatingOrder): Promise<ReRatingReport> {
  try {
    return await reRateQueue(store, order);
  } catch (error) {
    if (!(error instanceof LateResultError)) throw error;
    throw new CommandError(ExitCode.failure, `nothing was written: ${error.message}`);
  }
}

function idsOf(name: string, text: string | undefined): Set<string> {
  if (text === undefined) return new Set();
  const ids = text.split(',').map((id) => id.trim().toLowerCase());
  const wrong = ids.find((id) => !UUID.test(id));
  if (wrong !== undefined) throw usage(`--${name} has "${wrong}"; allowed are ids of matches`);
  return new Set(ids);
}

async function tell(report: ReRatingReport, store: Store, output: Output): Promise<void> {
  const { counted, left, differing, differences, ratings, unsettled, unknown, meanwhile, applied } = report;
  for (const id of unknown) output.remark(`There is no finished match ${id} in this queue.`);
  output.result(`${counted} matches rated again${left > 0 ? `, ${left} left out` : ''}`);
  if (meanwhile > 0) output.result(`${meanwhile} of them ended meanwhile`);
  if (differing === 0 && ratings.length === 0) {
    output.result('Everything is as it is stored, to the last bit');
    return;
  }
  output.result(`${differing} matches and ${ratings.length} ratings ${applied ? 'changed' : 'differ'}`);
  if (differences.length > 0) {
    output.result('');
    output.result('The first differences in matches:');
    for (const { matchId, accountId, field, stored, again } of differences) {
      output.result(`  ${matchId}  player ${accountId}  ${field}: stored ${stored}, again ${again}`);
    }
  }
  if (ratings.length > 0) {
    output.result('');
    output.result('Ratings that differ most, in display points:');
    const shown = ratings.slice(0, RATINGS_SHOWN);
    const known = await store.read((tx) =>
      accounts.byIds(
        tx,
        shown.map(({ accountId }) => accountId),
      ),
    );
    const names = new Map(known.map(({ id, displayName }) => [id, displayName]));
    for (const one of shown) output.result(`  ${ratingText(one, names.get(one.accountId) ?? '')}`);
  }
  if (unsettled > 0) {
    output.result('');
    output.remark(
      `Of ${unsettled} of these ratings nothing is certain: matches of their players kept ending. Run it again for them.`,
    );
  }
  if (!applied) {
    output.result('');
    output.remark('Nothing was written; --apply writes it.');
  }
}

function ratingText({ accountId, stored, again }: RatingDifference, name: string): string {
  const points = (row: RatingDifference['stored']) => (row ? row.display.toFixed(2) : 'none');
  // A name comes from a player: it must not move the cursor.
  const safe = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  return `${accountId}  ${safe}  ${points(stored)} -> ${points(again)}`;
}
