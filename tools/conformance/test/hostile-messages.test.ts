import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MsgType, type CmdAllowPlayers, type CmdCancelMatch } from '@ranked/protocol';
import { gameServers, matches, ratings, serverLogs } from '@ranked/store';
import { until, within } from './support/deadline.js';
import type { RankedPlayer } from './support/ranked-player.js';
import { byCertificate, RawChannel } from './support/raw-channel.js';
import { heartbeat, nextFound, nextReport, resultOf, Siege } from './support/siege.js';
import type { Issued } from './support/world.js';

let siege: Siege;
let mallory: Issued;
let trapped: RankedPlayer[];
let contested: RankedPlayer[];
const channels: RawChannel[] = [];

beforeAll(async () => {
  siege = await Siege.lay();
  mallory = await siege.world.issue('mallory');
  trapped = await siege.pair('trap');
  contested = await siege.pair('contested');
}, 120_000);

afterEach(async () => {
  for (const channel of channels.splice(0)) channel.raw.destroy();
  await siege.stillServes();
}, 60_000);

afterAll(() => siege.lift());

/** A session of a certificate that is in force, in the hands of somebody hostile. */
async function intrude(issued: Issued = mallory, localAddress?: string): Promise<RawChannel> {
  const channel = await RawChannel.enter(siege.world.ports.s2s, byCertificate(issued), localAddress);
  channels.push(channel);
  return channel;
}

/** The trapped players are sent to the hostile server, which has acknowledged them. */
async function lure(
  channel: RawChannel,
  said: object = {},
): Promise<{ allow: CmdAllowPlayers; of: number; hosts: string[] }> {
  channel.send(MsgType.Heartbeat, heartbeat(said));
  const found = trapped.map(nextFound);
  for (const player of trapped) player.play();
  const { of, value } = await channel.command<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
  channel.acknowledge(of);
  const hosts = (await Promise.all(found)).map(({ host, port }) => `${host}:${port}`);
  return { allow: value, of, hosts };
}

/** A match of the honest that runs until `host.release()`. */
async function honestMatch(): Promise<string> {
  siege.host.withhold();
  const found = siege.duellists.map(nextFound);
  for (const player of siege.duellists) player.play();
  const [{ matchId } = { matchId: '' }] = await Promise.all(found);
  await until('the match to run', async () => (siege.host.started.has(matchId) ? true : undefined));
  return matchId;
}

describe('a hostile game server', () => {
  test('that takes another’s name keeps its own', async () => {
    const channel = await intrude();
    channel.send(MsgType.Heartbeat, heartbeat({ name: 'honest', port: 7777 }));
    await siege.world.withStore(async (store) => {
      const row = await until('the heartbeat to be written', async () => {
        const seen = await store.read((tx) => gameServers.byId(tx, mallory.certificate.uuid));
        return seen?.port === 7777 ? seen : undefined;
      });
      expect(row.name).toBe('mallory');
      const honest = await store.read((tx) => gameServers.byId(tx, siege.host.serverId));
      expect([honest?.name, honest?.port]).toEqual(['honest', siege.host.port]);
    });
  });

  test('has no say in the match of another, and learns nothing by naming it', async () => {
    const channel = await intrude();
    const foreign = await honestMatch();
    const strangers = [{ id: randomUUID() }, { id: randomUUID() }];
    const result = { matchId: foreign, durationMs: 1, teams: [{ rank: 0 }, { rank: 1 }], players: strangers };
    expect(await channel.ask(MsgType.MatchStarted, { matchId: foreign })).toBe('not_yours');
    expect(await channel.ask(MsgType.MatchResult, result)).toBe('not_yours');
    const invented = randomUUID();
    expect(await channel.ask(MsgType.MatchStarted, { matchId: invented })).toBe('unknown_match');
    expect(await channel.ask(MsgType.MatchResult, { ...result, matchId: invented })).toBe('unknown_match');

    // Both ids get the same answer; of a thousand only the first are answered at all.
    const many = Array.from({ length: 998 }, () => randomUUID());
    channel.send(MsgType.Heartbeat, heartbeat({ matches: [foreign, invented, ...many] }));
    const cancels = await Promise.all(
      [foreign, invented].map((id) =>
        channel.command<CmdCancelMatch>(MsgType.CmdCancelMatch, ({ matchId }) => matchId === id),
      ),
    );
    expect(new Set(cancels.map(({ value }) => value.reason)).size).toBe(1);
    await channel.ask(MsgType.MatchStarted, { matchId: invented });
    expect(channel.inbox.filter(({ type }) => type === MsgType.CmdCancelMatch).length).toBeLessThan(100);

    const reports = siege.duellists.map(nextReport);
    siege.host.release();
    expect((await Promise.all(reports)).map(({ matchId }) => matchId)).toEqual([foreign, foreign]);
    expect(siege.host.results.get(foreign)?.fate).toBe('acknowledged');
  }, 60_000);

  test('gets a result taken once, of its own match, as the match was set up, and no other', async () => {
    const channel = await intrude();
    const { allow } = await lure(channel);
    const good = resultOf(allow);
    const [first, second] = good.players;
    expect(await channel.ask(MsgType.MatchResult, good)).toBe('bad_state');
    expect(await channel.ask(MsgType.MatchStarted, { matchId: allow.matchId })).toBe('ok');
    expect(await channel.ask(MsgType.MatchStarted, { matchId: allow.matchId })).toBe('ok');
    for (const [lie, code] of [
      [{ players: [first, { id: randomUUID() }] }, 'bad_roster'],
      [{ players: [first] }, 'bad_roster'],
      [{ players: [first, first] }, 'bad_roster'],
      [{ players: [first, second, { id: randomUUID() }] }, 'bad_roster'],
      [{ players: [first, { id: trapped[0]?.login.player.id }] }, 'bad_roster'],
      [{ teams: [{ rank: 0 }, { rank: 1 }, { rank: 2 }] }, 'bad_roster'],
      [{ teams: [{ rank: 1 }, { rank: 1 }] }, 'bad_result'],
      [{ teams: [{ rank: 0 }, { rank: 1000 }] }, 'bad_result'],
      [{ durationMs: 10_000_000 }, 'bad_result'],
    ] as const) {
      expect([lie, await channel.ask(MsgType.MatchResult, { ...good, ...lie })]).toEqual([lie, code]);
    }
    const reports = trapped.map(nextReport);
    expect(await channel.ask(MsgType.MatchResult, good)).toBe('ok');
    expect((await Promise.all(reports)).map(({ outcome }) => outcome).sort()).toEqual(['loss', 'win']);

    const rated = await ratingsOfTrapped();
    expect(await channel.ask(MsgType.MatchResult, good)).toBe('ok');
    expect(await channel.ask(MsgType.MatchResult, { ...good, players: [second, first] })).toBe('ok');
    const differing = { ...good, teams: [{ rank: 1 }, { rank: 0 }] };
    expect(await channel.ask(MsgType.MatchResult, differing)).toBe('conflict');
    expect(await channel.ask(MsgType.MatchStarted, { matchId: allow.matchId })).toBe('ok');
    expect(await ratingsOfTrapped()).toEqual(rated);
    expect(rated.map((row) => row.games)).toEqual([1, 1]);
  }, 60_000);

  test.each<[string, (channel: RawChannel, of: number) => void]>([
    ['never acknowledges', () => undefined],
    ['refuses every match', (channel, of) => channel.acknowledge(of, { code: 'busy', message: 'no' })],
    [
      'answers with the numbers of other messages',
      (channel, of) => [of + 1, of + 2, 0, 2 ** 40].forEach((n) => channel.acknowledge(n)),
    ],
  ])(
    'that claims room for 10,000 matches and %s only delays: another server has the match',
    async (_what, answer) => {
      // A server that failed rests for a while, so each case has one of its own.
      const liar = await siege.world.issue('liar');
      const channel = await intrude(liar);
      channel.send(MsgType.Heartbeat, heartbeat({ name: 'liar', capacity: 10_000, queues: ['contested'] }));
      await siege.world.withStore((store) =>
        until('the liar to be known', async () => {
          const row = await store.read((tx) => gameServers.byId(tx, liar.certificate.uuid));
          return row?.capacity === 10_000 ? true : undefined;
        }),
      );
      const found = contested.map(nextFound);
      const reports = contested.map(nextReport);
      for (const player of contested) player.play();
      const { of, value } = await channel.command<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
      answer(channel, of);
      const [taken] = await Promise.all(found);
      expect(taken?.port).toBe(siege.host.port);
      await Promise.all(reports);
      // What it says of the match afterwards is void, the Ack that comes too late as well. On a machine that stands still
      // the match may have been given up meanwhile, and another one made of its players.
      channel.acknowledge(of);
      expect(await channel.ask(MsgType.MatchStarted, { matchId: value.matchId })).toMatch(
        /^(not_yours|bad_state)$/,
      );
      expect(await channel.ask(MsgType.MatchResult, resultOf(value))).toMatch(/^(not_yours|bad_state)$/);
      const [offered, played] = await siege.world.withStore((store) =>
        store.read(async (tx) => [
          await matches.byId(tx, value.matchId),
          await matches.byId(tx, taken?.matchId ?? ''),
        ]),
      );
      expect(['finished', siege.host.serverId]).toEqual([played?.state, played?.serverId]);
      if (offered?.id !== played?.id) expect(offered?.state).toBe('cancelled');
      else expect(played?.previousServers).toEqual([liar.certificate.uuid]);
    },
    60_000,
  );

  test('can send players nowhere but to the address that it has itself', async () => {
    const channel = await intrude(mallory, '127.0.0.9');
    const { allow, hosts } = await lure(channel, {
      port: 1,
      host: '10.9.8.7',
      publicHost: '10.9.8.7',
      address: '10.9.8.7',
    });
    expect(hosts).toEqual(['127.0.0.9:1', '127.0.0.9:1']);
    const reports = trapped.map(nextReport);
    expect(await channel.ask(MsgType.MatchStarted, { matchId: allow.matchId })).toBe('ok');
    expect(await channel.ask(MsgType.MatchResult, resultOf(allow))).toBe('ok');
    await Promise.all(reports);
  }, 60_000);

  test('that never reads hears nothing, and players go elsewhere', async () => {
    const deaf = await intrude(await siege.world.issue('deaf'));
    deaf.raw.socket.pause();
    deaf.send(MsgType.Heartbeat, heartbeat({ name: 'deaf', capacity: 10_000, queues: ['contested'] }));
    for (let n = 0; n < 900; n += 1) deaf.send(MsgType.MatchStarted, { matchId: randomUUID() });
    const reports = contested.map(nextReport);
    for (const player of contested) player.play();
    await Promise.all(reports);
  }, 60_000);

  test.each([
    ['log lines', MsgType.LogInfo, { message: 'x'.repeat(4096) }],
    ['heartbeats', MsgType.Heartbeat, heartbeat()],
    ['starts of matches that do not exist', MsgType.MatchStarted, { matchId: randomUUID() }],
    ['Acks that nobody waits for', MsgType.Ack, { of: 123_456, ok: true }],
  ])(
    'that floods with %s is cut off',
    async (_what, type, message) => {
      const channel = await intrude();
      for (let n = 0; n < 4_000 && !channel.raw.isEnded; n += 1) channel.send(type, message);
      expect((await within('the end of the flood', channel.ended)).code).toBeUndefined();
      const logged = await siege.world.withStore((store) =>
        store.read((tx) => serverLogs.tail(tx, mallory.certificate.uuid, { limit: 10_000 })),
      );
      expect(logged.length).toBeLessThanOrEqual(1001);
    },
    60_000,
  );

  test('may say much within the limits: Acks nobody waits for and messages of 64 KiB change nothing', async () => {
    const channel = await intrude();
    for (let n = 0; n < 300; n += 1) channel.acknowledge(1_000_000 + n);
    const empty = JSON.stringify({ message: 'm', pad: '' });
    const message = JSON.stringify({ message: 'm', pad: 'p'.repeat(65_536 - empty.length) });
    for (let n = 0; n < 300; n += 1) channel.sendText(MsgType.LogInfo, message);
    expect(await channel.ask(MsgType.MatchStarted, { matchId: randomUUID() })).toBe('unknown_match');
  }, 60_000);

  test.each<[string, number, string]>([
    ['no JSON', MsgType.LogInfo, 'x'.repeat(65_536)],
    ['a list', MsgType.LogInfo, '[]'],
    ['a byte-order mark', MsgType.LogInfo, '\ufeff{"message":"m"}'],
    ['JSON that is too deep', MsgType.LogInfo, `{"message":"m","x":${'['.repeat(16)}${']'.repeat(16)}}`],
    ['members from __proto__', MsgType.LogInfo, '{"__proto__":{"message":"m"}}'],
    ['a type that does not exist', 0x7f, '{}'],
    ['a command of the master', MsgType.CmdShutdown, '{"reason":"r","graceMs":0}'],
    ['a message of players', MsgType.JoinQueue, '{"queue":"duel"}'],
    ['a port that is none', MsgType.Heartbeat, JSON.stringify(heartbeat({ port: 65_536 }))],
    ['room for more than anybody has', MsgType.Heartbeat, JSON.stringify(heartbeat({ capacity: 10_001 }))],
    [
      'a list of matches without end',
      MsgType.Heartbeat,
      JSON.stringify(heartbeat({ matches: Array(1001).fill(randomUUID()) })),
    ],
    [
      'a number that is none',
      MsgType.Heartbeat,
      JSON.stringify(heartbeat()).replace('"capacity":5', '"capacity":1e999'),
    ],
    ['an Ack of a negative number', MsgType.Ack, '{"of":-1,"ok":true}'],
  ])('that sends %s is cut off without a word', async (_what, type, plaintext) => {
    const channel = await intrude();
    channel.sendText(type, plaintext);
    expect((await within('the end', channel.ended)).code).toBeUndefined();
  });
});

function ratingsOfTrapped() {
  const ids = trapped.map(({ login }) => login.player.id);
  return siege.world.withStore((store) =>
    store.read((tx) => ratings.forAccounts(tx, 'trap', ids, { mu: 0, sigma: 0 })),
  );
}
