import { bindHandler } from '../src/messages/index.js';
import type { HandlerTable, MessageOf, MessagesOf } from '../src/messages/index.js';
import { MsgType } from '../src/msg-type.js';

// The compiler checks this file; each `@ts-expect-error` fails the type check when the line below it compiles.

interface Context {
  readonly peer: string;
}

const party = {
  [MsgType.PartyInvite]: () => undefined,
  [MsgType.PartyAnswer]: () => undefined,
  [MsgType.PartyLeave]: () => undefined,
  [MsgType.PartyKick]: () => undefined,
  [MsgType.PartyPromote]: () => undefined,
};

const complete: HandlerTable<'RDV', 'c2s', Context> = {
  [MsgType.Heartbeat]: () => undefined,
  [MsgType.JoinQueue]: (message, { peer }) => void `${peer} joins ${message.queue}`,
  [MsgType.LeaveQueue]: async () => undefined,
  [MsgType.MatchAnswer]: () => undefined,
  ...party,
};

// @ts-expect-error a message without a handler
const incomplete: HandlerTable<'RDV', 'c2s', Context> = {
  [MsgType.Heartbeat]: () => undefined,
  [MsgType.JoinQueue]: () => undefined,
  ...party,
};

const foreign: HandlerTable<'RDV', 'c2s', Context> = {
  ...complete,
  // @ts-expect-error a message of the other service
  [MsgType.MatchResult]: () => undefined,
};

const mistyped: HandlerTable<'RDV', 'c2s', Context> = {
  ...complete,
  // @ts-expect-error a handler that wants a member the message does not have
  [MsgType.JoinQueue]: (message: { queue: string; team: number }) => void message.team,
};

// @ts-expect-error a value that does not fit its schema
const notAnAck: MessagesOf<'S2S', 'c2s'>[typeof MsgType.Ack] = { of: '1', ok: true };

const narrowed = (incoming: MessageOf<'RDV', 's2c'>): string =>
  incoming.type === MsgType.MatchReport ? incoming.message.outcome : String(incoming.type);

test('a bound handler gets its decoded message and the context', async () => {
  const heard: string[] = [];
  const handlers: HandlerTable<'RDV', 'c2s', Context> = {
    ...complete,
    [MsgType.JoinQueue]: (message, { peer }) => void heard.push(`${peer} ${message.queue}`),
  };
  const run = bindHandler('RDV', 'c2s', handlers, MsgType.JoinQueue, Buffer.from('{"queue":"duel"}'));
  expect(heard).toEqual([]);
  await run({ peer: 'Ada' });
  expect(heard).toEqual(['Ada duel']);
});

test('the specimens above are types, not behaviour', () => {
  expect([incomplete, foreign, mistyped, notAnAck, narrowed]).toHaveLength(5);
});
