import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  accounts,
  commands,
  dashboard,
  gameServers,
  matches,
  matchUpkeep,
  type GameServer,
  type JsonValue,
  type Match,
  type ReadTx,
  type Store,
  type Tx,
} from '@ranked/store';
import type {
  ActionResult,
  AllowBody,
  DrainBody,
  ForceStartBody,
  Impact,
  KickBody,
  ShutdownBody,
} from '../api/contract.js';
import { Auditor } from '../audit/auditor.js';
import { Board } from '../board/board.js';
import { Problem } from '../http/problem.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';

/** How long a command is tried, ms: a server that comes back later is not surprised by it. */
const COMMAND_LIFE_MS = 120_000;

/** What operators tell game servers. Each is a row; the master that holds the connection sends it within a second. */
@Injectable()
export class ServerActions {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly auditor: Auditor,
    private readonly board: Board,
  ) {}

  async kick(
    operator: Operator,
    serverId: string,
    body: KickBody,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    const { matchId, accountId, reason } = body;
    const find = async (tx: ReadTx) => {
      const server = await serverOf(tx, serverId);
      const match = await liveMatchOf(tx, server, matchId);
      const player = match.players.find((one) => one.accountId === accountId);
      if (!player) throw new Problem('conflict', 'The player is not in this match.');
      return { server, player };
    };
    if (preview) {
      const { server, player } = await this.store.read(find);
      const sentence = `${player.name} is made to leave the match on ${server.name}, and can come back to it unless banned.`;
      return { sentence, players: 1, matches: 1, certificates: 0, number: 1 };
    }
    return this.command(operator, 'server.kick', serverId, { ...body }, async (tx) => {
      const { server, player } = await find(tx);
      const { displayName = player.name } = (await accounts.byId(tx, accountId)) ?? {};
      return {
        server,
        type: 'kick_player',
        payload: { matchId, playerId: player.id, reason },
        target: `player ${displayName} (${accountId}) on ${server.name}`,
        done: `${player.name} is to be kicked from the match on ${server.name}.`,
      };
    });
  }

  async forceStart(
    operator: Operator,
    serverId: string,
    { matchId }: ForceStartBody,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    const find = async (tx: ReadTx) => {
      const server = await serverOf(tx, serverId);
      const match = await liveMatchOf(tx, server, matchId);
      if (match.state !== 'ready')
        throw new Problem(
          'conflict',
          match.state === 'running' ? 'The match runs already.' : 'The server does not know its players yet.',
        );
      return { server, match };
    };
    if (preview) {
      const { server, match } = await this.store.read(find);
      const sentence = `${server.name} starts the match with the players who are there; who is missing of ${match.players.length} plays short.`;
      return { sentence, players: match.players.length, matches: 1, certificates: 0, number: 1 };
    }
    return this.command(operator, 'server.force-start', serverId, { matchId }, async (tx) => {
      const { server } = await find(tx);
      return {
        server,
        type: 'force_start',
        payload: { matchId },
        target: `match ${matchId} on ${server.name}`,
        done: `${server.name} is told to start the match.`,
      };
    });
  }

  async shutdown(
    operator: Operator,
    serverId: string,
    body: ShutdownBody,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    const { graceSeconds, reason } = body;
    if (preview) {
      return this.store.read(async (tx) => {
        const server = await serverOf(tx, serverId);
        const load = await dashboard.liveLoad(tx, [serverId]);
        const rest =
          load.matches === 0 ? 'No match is on it.' : `${counted(load)} on it have ${graceSeconds} s to end.`;
        return {
          sentence: `${server.name} takes nothing new and stops. ${rest}`,
          ...load,
          certificates: 0,
          number: load.matches,
        };
      });
    }
    return this.command(operator, 'server.shutdown', serverId, { ...body }, async (tx) => {
      const server = await serverOf(tx, serverId);
      return {
        server,
        type: 'shutdown',
        payload: { reason, graceMs: graceSeconds * 1000 },
        target: server.name,
        done: `${server.name} is told to shut down.`,
      };
    });
  }

  /** The roster goes to the server again, with the tokens that the players have; the master's courier does it. */
  async allow(operator: Operator, serverId: string, { matchId }: AllowBody): Promise<ActionResult> {
    const deed = {
      operator,
      action: 'server.allow',
      target: `match ${matchId}`,
      detail: { serverId, matchId },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const server = await serverOf(tx, serverId);
      const match = await liveMatchOf(tx, server, matchId);
      if (match.state !== 'ready')
        throw new Problem(
          'conflict',
          'Only the roster of a match that is ready and has not started is sent again.',
        );
      notes.target = `match ${matchId} on ${server.name}`;
      await matchUpkeep.forgetAllowed(tx, [matchId]);
      return server.name;
    });
    return { auditId, changed: true, done: `The roster goes to ${outcome} once more.` };
  }

  async drain(
    operator: Operator,
    serverId: string,
    { on }: DrainBody,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    if (preview) {
      return this.store.read(async (tx) => {
        const server = await serverOf(tx, serverId);
        const load = await dashboard.liveLoad(tx, [serverId]);
        const sentence = on
          ? `${server.name} gets no new matches. ${load.matches === 0 ? 'None is on it.' : `${counted(load)} on it are played to their end.`}`
          : `${server.name} gets matches again.`;
        return { sentence, ...load, certificates: 0, number: load.matches };
      });
    }
    const deed = { operator, action: 'server.drain', target: `server ${serverId}`, detail: { serverId, on } };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const server = await serverOf(tx, serverId);
      notes.target = server.name;
      return { name: server.name, changed: await gameServers.setDraining(tx, serverId, on) };
    });
    this.board.forget();
    const { name, changed } = outcome;
    const done = on ? `${name} gets no new matches.` : `${name} gets matches again.`;
    return { auditId, changed, done: changed ? done : `${done} It was so already.` };
  }

  private async command(
    operator: Operator,
    action: string,
    serverId: string,
    detail: Record<string, JsonValue>,
    prepare: (
      tx: Tx,
    ) => Promise<{ server: GameServer; type: string; payload: JsonValue; target: string; done: string }>,
  ): Promise<ActionResult> {
    const commandId = randomUUID();
    const deed = {
      operator,
      action,
      target: `server ${serverId}`,
      detail: { serverId, commandId, ...detail },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const { server, type, payload, target, done } = await prepare(tx);
      notes.target = target;
      if (!server.online) throw new Problem('conflict', `${server.name} is not connected.`);
      const expiresAt = tx.now() + COMMAND_LIFE_MS;
      const written = await commands.enqueue(tx, { id: commandId, serverId, type, payload, expiresAt });
      if (written === 'full')
        throw new Problem('conflict', `${server.name} has too many commands that it has not answered.`);
      return done;
    });
    return { auditId, changed: true, done: outcome, commandId };
  }
}

async function serverOf(tx: ReadTx, id: string): Promise<GameServer> {
  const server = await gameServers.byId(tx, id);
  if (!server) throw new Problem('not-found', 'No game server of this id has ever connected.');
  return server;
}

async function liveMatchOf(tx: ReadTx, server: GameServer, matchId: string): Promise<Match> {
  const match = await matches.byId(tx, matchId);
  if (match?.serverId !== server.id) throw new Problem('not-found', 'The server has no match of this id.');
  if (match.endedAt !== null) throw new Problem('conflict', 'The match has ended already.');
  return match;
}

function counted({ matches: n, players }: { matches: number; players: number }): string {
  return `${n} ${n === 1 ? 'match' : 'matches'} with ${players} players`;
}
