/**
 * Every `msg_type` of the wire, once. 0x0_ is the channel's own; the other families are 0x1_ logs, 0x2_ game
 * server to master, 0x3_ commands to a game server, 0x4_ player to master, 0x5_ master to player.
 */
export const MsgType = {
  Hello: 0x01,
  Challenge: 0x02,
  Finish: 0x03,
  Ready: 0x04,
  Close: 0x05,
  Rekey: 0x06,
  Ack: 0x07,
  Batch: 0x08,

  LogInfo: 0x11,
  LogWarn: 0x12,
  LogError: 0x13,

  Heartbeat: 0x21,
  MatchResult: 0x22,
  MatchStarted: 0x24,

  CmdForceStart: 0x31,
  CmdCancelMatch: 0x32,
  CmdKickPlayer: 0x33,
  CmdShutdown: 0x34,
  CmdAllowPlayers: 0x36,

  JoinQueue: 0x41,
  LeaveQueue: 0x42,
  PartyInvite: 0x43,
  PartyAnswer: 0x44,
  PartyLeave: 0x45,
  PartyKick: 0x46,
  PartyPromote: 0x47,
  MatchAnswer: 0x48,

  MatchFound: 0x51,
  PlayerMatchStarted: 0x52,
  MatchCancelled: 0x53,
  MatchReport: 0x54,
  PartyState: 0x55,
  PartyInvited: 0x56,
  QueueStatus: 0x57,
  MatchProposed: 0x58,
  MatchProposalState: 0x59,
  ServiceNotice: 0x5a,
} as const;

/** The name of a message type, as in `MsgType`. */
export type MsgTypeName = keyof typeof MsgType;

/** The number of a message type, as it stands at offset 48 of a frame. */
export type MsgType = (typeof MsgType)[MsgTypeName];

const NAMES = new Map<number, MsgTypeName>(
  (Object.entries(MsgType) as [MsgTypeName, number][]).map(([name, number]) => [number, name]),
);

/** The name of a message type for logs and errors; `0x7f` and the like for a number that has none. */
export function msgTypeName(type: number): string {
  return NAMES.get(type) ?? `0x${type.toString(16).padStart(2, '0')}`;
}
