import { Inject, Injectable } from '@nestjs/common';
import {
  accounts,
  BANNED_FOREVER,
  dashboard,
  matches,
  sessions,
  type Account,
  type ReadTx,
  type Store,
} from '@ranked/store';
import type { ActionResult, BanBody, Impact, ReasonBody, RenameBody } from '../api/contract.js';
import { Auditor, type DeedNotes } from '../audit/auditor.js';
import { Board } from '../board/board.js';
import { Problem } from '../http/problem.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { outOfMatchSentence, takeOutOfMatch } from './take-out-of-match.js';

/** What is done about players. The masters see the rows and end connections within a second. */
@Injectable()
export class PlayerActions {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly auditor: Auditor,
    private readonly board: Board,
  ) {}

  async ban(
    operator: Operator,
    id: string,
    { until, reason }: BanBody,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    if (until !== null && until <= Date.now())
      throw new Problem('validation', 'See "errors" for what is not acceptable.', {
        errors: [{ field: 'until', message: 'must lie in the future' }],
      });
    if (preview) {
      return this.store.read(async (tx) => {
        const { displayName } = await accountOf(tx, id);
        const live = await matches.liveForAccount(tx, id);
        const others = live ? live.match.players.length - 1 : 0;
        const term = until === null ? 'for ever' : `until ${new Date(until).toISOString()}`;
        const match = live ? outOfMatchSentence(live) : '';
        const sentence = `${displayName} is banned ${term}, leaves the queue and is disconnected.${match}`;
        return { sentence, players: 1 + others, matches: live ? 1 : 0, certificates: 0, number: 1 };
      });
    }
    const deed = {
      operator,
      action: 'player.ban',
      target: `player ${id}`,
      detail: { accountId: id, until, reason },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const account = await named(tx, id, notes);
      await accounts.ban(tx, id, { until: until ?? BANNED_FOREVER, reason });
      notes.detail = await takeOutOfMatch(tx, id);
      return account.displayName;
    });
    this.board.forget();
    return { auditId, changed: true, done: `${outcome} is banned.` };
  }

  async unban(operator: Operator, id: string, { reason }: ReasonBody): Promise<ActionResult> {
    const deed = {
      operator,
      action: 'player.unban',
      target: `player ${id}`,
      detail: { accountId: id, reason },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const { displayName } = await named(tx, id, notes);
      return { displayName, changed: await accounts.unban(tx, id) };
    });
    const { displayName, changed } = outcome;
    return {
      auditId,
      changed,
      done: changed ? `${displayName} is not banned any more.` : `${displayName} was not banned.`,
    };
  }

  async rename(operator: Operator, id: string, { displayName, reason }: RenameBody): Promise<ActionResult> {
    const name = displayName.normalize('NFC').trim();
    if (name === '')
      throw new Problem('validation', 'See "errors" for what is not acceptable.', {
        errors: [{ field: 'displayName', message: 'must have something to see' }],
      });
    const deed = {
      operator,
      action: 'player.rename',
      target: `player ${id}`,
      detail: { accountId: id, to: name, reason },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const { displayName: from } = await named(tx, id, notes);
      notes.detail = { from };
      await accounts.setDisplayName(tx, id, name);
      return from;
    });
    return { auditId, changed: outcome !== name, done: `${outcome} is now called ${name}.` };
  }

  async endSessions(
    operator: Operator,
    id: string,
    { reason }: ReasonBody,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    if (preview) {
      return this.store.read(async (tx) => {
        const { displayName } = await accountOf(tx, id);
        const open = await dashboard.openSessions(tx, id);
        const sentence = `${displayName} is logged out everywhere (${open.length} ${open.length === 1 ? 'login' : 'logins'}) and disconnected, and can log in again.`;
        return { sentence, players: 1, matches: 0, certificates: 0, number: open.length };
      });
    }
    const deed = {
      operator,
      action: 'player.end-sessions',
      target: `player ${id}`,
      detail: { accountId: id, reason },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const { displayName } = await named(tx, id, notes);
      const ended = await sessions.revokeAll(tx, id);
      notes.detail = { ended };
      return { displayName, ended };
    });
    const { displayName, ended } = outcome;
    return {
      auditId,
      changed: ended > 0,
      done: `${ended} ${ended === 1 ? 'login' : 'logins'} of ${displayName} ended.`,
    };
  }
}

async function accountOf(tx: ReadTx, id: string): Promise<Account> {
  const account = await accounts.byId(tx, id);
  if (!account) throw new Problem('not-found', 'There is no player of this id.');
  return account;
}

async function named(tx: ReadTx, id: string, notes: DeedNotes): Promise<Account> {
  const account = await accountOf(tx, id);
  notes.target = `player ${account.displayName} (${id})`;
  return account;
}
