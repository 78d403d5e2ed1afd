import type { JsonValue, ServerCommand } from '@ranked/store';
import type { CommandState, ServerCommandView } from '../api/contract.js';
import { oneLine } from './one-line.js';

const TEXTS: Readonly<Record<string, (payload: Readonly<Record<string, unknown>>) => string>> = {
  kick_player: ({ matchId, reason }) => `kick a player from match ${short(matchId)}: ${text(reason)}`,
  force_start: ({ matchId }) => `start match ${short(matchId)} with who is there`,
  cancel_match: ({ matchId, reason }) => `cancel match ${short(matchId)}: ${text(reason)}`,
  shutdown: ({ graceMs, reason }) =>
    `shut down within ${Math.round(Number(graceMs) / 1000)} s: ${text(reason)}`,
};

/** A command as lists show it. */
export function commandView(command: ServerCommand): ServerCommandView {
  const { id, serverId, type, createdAt, sentAt, ackedAt, failedAt, error, expiresAt } = command;
  return {
    id,
    serverId,
    type,
    state: stateOf(command),
    text: textOf(command),
    createdAt,
    sentAt,
    ackedAt,
    failedAt,
    error: error === null ? null : oneLine(error),
    expiresAt,
  };
}

function stateOf({ sentAt, ackedAt, failedAt }: ServerCommand): CommandState {
  if (ackedAt !== null) return 'acknowledged';
  if (failedAt !== null) return 'failed';
  return sentAt === null ? 'open' : 'sent';
}

function textOf({ type, payload }: ServerCommand): string {
  const describe = Object.hasOwn(TEXTS, type) ? TEXTS[type] : undefined;
  return describe && isObject(payload) ? describe(payload) : oneLine(type);
}

function isObject(value: JsonValue): value is { readonly [name: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function short(id: unknown): string {
  // The first digits of a match are its time: all matches of a minute share them.
  return text(id).slice(-8);
}

function text(value: unknown): string {
  return typeof value === 'string' ? oneLine(value) : '';
}
