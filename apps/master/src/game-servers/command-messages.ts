import type { MessagesOf } from '@ranked/protocol';
import { encodeMessage, MsgType } from '@ranked/protocol';

/** The commands that rows of `server_command` can hold, by the `type` they are stored under. */
export const COMMAND_TYPES = {
  kick_player: MsgType.CmdKickPlayer,
  force_start: MsgType.CmdForceStart,
  cancel_match: MsgType.CmdCancelMatch,
  shutdown: MsgType.CmdShutdown,
} as const;

export type CommandType = keyof typeof COMMAND_TYPES;

type Commands = MessagesOf<'S2S', 's2c'>;

/** A command as it goes onto the wire: a union that narrows by `type`. */
export type CommandMessage = {
  [T in (typeof COMMAND_TYPES)[CommandType]]: { type: T; message: Commands[T] };
}[(typeof COMMAND_TYPES)[CommandType]];

/**
 * Turns a stored command into a message.
 * @returns undefined if its type is unknown or its payload does not fit the message's schema
 */
export function commandMessage(type: string, payload: unknown): CommandMessage | undefined {
  if (!Object.hasOwn(COMMAND_TYPES, type)) return undefined;
  const command = { type: COMMAND_TYPES[type as CommandType], message: payload } as CommandMessage;
  try {
    encodeMessage('S2S', 's2c', command.type, command.message);
  } catch {
    return undefined;
  }
  return command;
}
