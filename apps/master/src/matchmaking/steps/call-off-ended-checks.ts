import { matches } from '@ranked/store';
import { punish } from '../../penalties/punish.js';
import type { TickStep } from '../tick-context.js';

/** Matches handled in one tick; the rest follow in the next. */
const LIMIT = 1_000;

/**
 * Ready checks whose time is over: who accepted waits on as long as he did, who was asked and gave no answer leaves the queue
 * with a cooldown. In the first moments of a process nobody is judged: while no master was there, no answer could arrive. Once
 * maintenance is on, all checks end, and nobody is to blame.
 */
export const callOffEndedChecks: TickStep = async ({
  tx,
  now,
  config,
  maintenance,
  playersSettled,
  outcome,
}) => {
  const ended = await matches.callOffChecks(tx, {
    endedBy: maintenance ? Number.MAX_SAFE_INTEGER : now,
    dropSilent: playersSettled && !maintenance,
    reason: maintenance ? CLOSED : NOT_READY,
    limit: LIMIT,
  });
  const silent: string[] = [];
  for (const { matchId, players } of ended) {
    outcome.calledOff.push({ matchId, reason: maintenance ? CLOSED : NOT_READY, players: [...players] });
    for (const { accountId, isSilent } of players) if (isSilent) silent.push(accountId);
  }
  await punish(tx, silent, config);
};

const CLOSED = 'the service is closed for maintenance';
const NOT_READY = 'not everybody was ready in time';
