import { Inject, Injectable } from '@nestjs/common';
import { dashboard, matches, matchVoids, type Match, type ReadTx, type Store } from '@ranked/store';
import type { ActionResult, Impact } from '../api/contract.js';
import { Auditor } from '../audit/auditor.js';
import { Board } from '../board/board.js';
import { Problem } from '../http/problem.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';

/** What operators do about matches. The masters follow the rows and tell servers and players. */
@Injectable()
export class MatchActions {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly auditor: Auditor,
    private readonly board: Board,
  ) {}

  /** The row says that it is cancelled; its server learns of it as of every match that is no longer its own. */
  async cancel(
    operator: Operator,
    id: string,
    reason: string,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    if (preview) {
      return this.store.read(async (tx) => {
        const match = await liveMatch(tx, id);
        const { length: players } = match.players;
        const sentence =
          match.state === 'running'
            ? `The match ends without a result. Its ${players} players are free; no rating changes.`
            : `The match is called off before its start. Its ${players} players wait again, with the time they had.`;
        return { sentence, players, matches: 1, certificates: 0, number: players };
      });
    }
    const deed = { operator, action: 'match.cancel', target: `match ${id}`, detail: { matchId: id, reason } };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const match = await liveMatch(tx, id);
      const { state, attempt } = match;
      notes.detail = { state, queue: match.queue, serverId: match.serverId };
      const requeue = state === 'running' ? 'none' : 'all';
      const released = await matches.cancel(tx, { matchId: id, state, attempt, reason, requeue });
      if (!released) throw new Problem('conflict', 'The match moved on in this moment. Look again.');
      return released.length;
    });
    this.board.forget();
    return { auditId, changed: true, done: `The match is cancelled; its ${outcome} players are told.` };
  }

  async takeOut(
    operator: Operator,
    id: string,
    reason: string,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    if (preview) {
      return this.store.read(async (tx) => {
        const match = await finishedMatch(tx, id);
        const { length: players } = match.players;
        const again = Math.max(0, (await dashboard.ratedSince(tx, match.queue, match.ratedAt ?? 0)) - 1);
        const sentence = `The match counts no more for its ${players} players. Up to ${again} later matches of ${match.queue} change what they did to ratings.`;
        return { sentence, players, matches: again + 1, certificates: 0, number: again + 1 };
      });
    }
    const deed = { operator, action: 'match.void', target: `match ${id}`, detail: { matchId: id, reason } };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const match = await finishedMatch(tx, id);
      notes.detail = { queue: match.queue, serverId: match.serverId };
      return matchVoids.request(tx, id, reason);
    });
    this.board.forget();
    const changed = outcome === 'requested';
    return {
      auditId,
      changed,
      done: changed ? 'A master takes the match out of the ratings.' : 'The match was voided before.',
    };
  }
}

type LiveMatch = Match & { state: 'checking' | 'reserving' | 'ready' | 'running' };

async function liveMatch(tx: ReadTx, id: string): Promise<LiveMatch> {
  const match = await matchOf(tx, id);
  if (!isLive(match)) throw new Problem('conflict', 'The match has ended already.');
  return match;
}

function isLive(match: Match): match is LiveMatch {
  return match.endedAt === null;
}

async function finishedMatch(tx: ReadTx, id: string): Promise<Match> {
  const match = await matchOf(tx, id);
  if (match.state !== 'finished') throw new Problem('conflict', 'Only a finished match has changed ratings.');
  return match;
}

async function matchOf(tx: ReadTx, id: string): Promise<Match> {
  const match = await matches.byId(tx, id);
  if (!match) throw new Problem('not-found', 'There is no match of this id.');
  return match;
}
