import { Frame, MsgType } from '../src/index.js';
import { Bench, codeOf, openText, sealText, text } from './channel-fixture.js';
import { ForgedClient } from './forged-client.js';

const TYPE = MsgType.LogInfo;

/** The types of the frames in a run of bytes. */
function types(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += 57 + bytes.readUInt32LE(offset)) {
    found.push(bytes.readUInt8(offset + 48));
  }
  return found;
}

function split(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + 57 + bytes.readUInt32LE(offset);
    frames.push(bytes.subarray(offset, end));
    offset = end;
  }
  return frames;
}

describe('the sender', () => {
  test('rekeys by itself before its number of frames, REKEY and FINISH counted', () => {
    const { client, master } = new Bench().connect('S2S', { rekeyAfterFrames: 8 });
    const seen: number[] = [];
    for (let i = 0; i < 40; i++) {
      for (const frame of split(sealText(client, String(i)))) {
        seen.push(Frame.from(frame).type === MsgType.Rekey ? -1 : Frame.from(frame).counter);
        master.open(Frame.from(frame));
      }
    }
    // FINISH was counter 0 of the first key.
    expect(seen.slice(0, 14)).toEqual([1, 2, 3, 4, 5, -1, 0, 1, 2, 3, 4, 5, -1, 0]);
  });

  test('with the shortest limit every other frame is a REKEY', () => {
    const { client, master } = new Bench().connect('S2S', { rekeyAfterFrames: 3 });
    for (let i = 0; i < 10; i++) {
      const frames = split(sealText(client, 'x'));
      expect(frames.map((frame) => Frame.from(frame).type)).toEqual([MsgType.Rekey, TYPE]);
      for (const frame of frames) master.open(Frame.from(frame));
    }
  });

  test('rekeys when the key is old enough, and says so beforehand', () => {
    const { client, master, bench } = new Bench().connect('S2S', { rekeyAfterMs: 1000 });
    bench.clientClock.ms += 999;
    bench.masterClock.ms += 999;
    expect(client.rekeyDue).toBe(false);
    expect(types(sealText(client, 'young'))).toEqual([TYPE]);
    bench.clientClock.ms += 1;
    expect(client.rekeyDue).toBe(true);
    expect(types(client.seal(TYPE, Buffer.alloc(0)).bytes)).toEqual([MsgType.Rekey, TYPE]);
    expect(client.rekeyDue).toBe(false);
    expect(types(sealText(master, 'master'))).toEqual([TYPE]);
  });

  test('by default within the hour', () => {
    const { client, bench } = new Bench().connect();
    bench.clientClock.ms += 54 * 60_000;
    expect(client.rekeyDue).toBe(false);
    bench.clientClock.ms += 60_000;
    expect(client.rekeyDue).toBe(true);
  });

  test('a batch that meets the limit has its REKEY before it, CLOSE too', () => {
    const { client, master } = new Bench().connect('S2S', { rekeyAfterFrames: 3 });
    const many = client.sealBatch([text('a'), text('b')]);
    expect(types(many.bytes)).toEqual([MsgType.Rekey, MsgType.Batch]);
    expect(many.of).toEqual([2, 3]);
    const close = client.sealClose('done', '');
    expect(types(close.bytes)).toEqual([MsgType.Rekey, MsgType.Close]);
    const opened = [many.bytes, close.bytes]
      .flatMap(split)
      .flatMap((frame) => master.open(Frame.from(frame)));
    expect(opened.map((message) => message.of)).toEqual([2, 3, 5]);
  });
});

describe('numbers', () => {
  test('FINISH is 0; every message after it counts one, in a batch and out, REKEY too, and REKEY restarts nothing', () => {
    const { client, master } = new Bench().connect();
    expect(client.seal(TYPE, Buffer.from('a')).of).toBe(1);
    expect(client.sealBatch([text('b'), text('c'), text('d')]).of).toEqual([2, 3, 4]);
    client.sealRekey();
    expect(client.seal(MsgType.Ack, Buffer.from('{}')).of).toBe(6);
    client.sealRekey();
    client.sealRekey();
    expect(client.sealBatch([text('e')]).of).toEqual([9]);
    expect(client.sealClose('x', '').of).toBe(10);
    expect(master.seal(TYPE, Buffer.alloc(0)).of).toBe(1);
  });

  test('both ends agree', () => {
    const { client, master } = new Bench().connect();
    const sent = [
      client.seal(TYPE, Buffer.from('a')).bytes,
      client.sealRekey(),
      client.sealBatch([text('b'), text('c')]).bytes,
      client.seal(TYPE, Buffer.from('d')).bytes,
    ];
    const opened = sent.flatMap((bytes) => master.open(Frame.from(bytes)));
    expect(opened.map(({ of, value }) => [of, value])).toEqual([
      [1, 'a'],
      [3, 'b'],
      [4, 'c'],
      [5, 'd'],
    ]);
  });
});

describe('the receiver', () => {
  test('takes the next keys after REKEY, from counter 0, again and again', () => {
    const client = new ForgedClient();
    for (let i = 0; i < 5; i++) {
      expect(client.send(TYPE, Buffer.from('before'))).toEqual(['before']);
      client.rekey();
    }
    expect(client.send(TYPE, Buffer.from('after'))).toEqual(['after']);
  });

  test('each direction rekeys alone', () => {
    const { client, master } = new Bench().connect();
    expect(openText(master, client.sealRekey())).toEqual([]);
    expect(openText(client, sealText(master, 'old keys'))).toEqual(['old keys']);
    expect(openText(master, sealText(client, 'new keys'))).toEqual(['new keys']);
    expect(openText(client, master.sealRekey())).toEqual([]);
    expect(openText(client, sealText(master, 'new keys'))).toEqual(['new keys']);
  });

  test('refuses the old keys after REKEY, and the new ones before it', () => {
    const client = new ForgedClient();
    const old = client.keys;
    client.rekey();
    expect(
      codeOf(() => client.master.open(client.frame(TYPE, Buffer.alloc(0), { keys: old, counter: 2 }))),
    ).toBe('hmac');
    expect(client.send(TYPE, Buffer.from('x'))).toEqual(['x']);

    const early = new ForgedClient();
    const before = early.keys;
    const other = new ForgedClient();
    other.rekey();
    expect(
      codeOf(() => early.master.open(early.frame(TYPE, Buffer.alloc(0), { keys: other.keys, counter: 0 }))),
    ).toBe('hmac');
    expect(early.keys).toBe(before);
  });

  test('drops a peer that seals too many frames under one key', () => {
    const client = new ForgedClient('S2S', { dropAfterFrames: 10 });
    for (let counter = 1; counter < 9; counter++) client.send(TYPE, Buffer.alloc(0));
    expect(client.counter).toBe(9);
    expect(codeOf(() => client.send(TYPE, Buffer.alloc(0)))).toBe('rekey-overdue');
    expect(codeOf(() => client.send(MsgType.Rekey, Buffer.alloc(0)))).toBe('rekey-overdue');
  });

  test('and counts anew after REKEY', () => {
    const client = new ForgedClient('S2S', { dropAfterFrames: 10 });
    for (let round = 0; round < 5; round++) {
      while (client.counter < 8) client.send(TYPE, Buffer.alloc(0));
      client.rekey();
    }
  });
});
