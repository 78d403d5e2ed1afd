import fc from 'fast-check';
import type { NewAuditEntry } from '@ranked/store';
import { RefusalLog, type Refusal } from '../src/audit/refusal-log.js';
import { Downloads } from '../src/certificates/downloads.js';
import { TokenDigest } from '../src/token/token-digest.js';
import { WrongTokenThrottle } from '../src/token/wrong-token-throttle.js';

describe('the token', () => {
  test('is matched whole, and its bytes are gone', () => {
    const bytes = Buffer.from('correct-horse-battery-staple');
    const digest = new TokenDigest(bytes);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(digest.matches('correct-horse-battery-staple')).toBe(true);
    for (const wrong of [
      '',
      'correct-horse-battery-stapl',
      'correct-horse-battery-staple ',
      'Correct-horse-battery-staple',
      'x'.repeat(10_000),
    ])
      expect(digest.matches(wrong)).toBe(false);
  });

  test('no other text matches', () => {
    const digest = new TokenDigest(Buffer.from('correct-horse-battery-staple'));
    fc.assert(
      fc.property(fc.string(), (text) => digest.matches(text) === (text === 'correct-horse-battery-staple')),
    );
  });
});

describe('wrong tokens', () => {
  const peer = { certificate: 'aa', address: '10.0.0.1' };

  test('the first two cost nothing; then each doubles the wait, up to five minutes', () => {
    let now = 0;
    const throttle = new WrongTokenThrottle(() => now);
    const waits: number[] = [];
    for (let n = 0; n < 14; n++) {
      throttle.wrong(peer);
      waits.push(throttle.waitOf(peer));
      now += throttle.waitOf(peer);
    }
    expect(waits).toEqual([
      0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000, 300_000,
    ]);
  });

  test('another certificate of the same address is slowed only by very many; a right token lets its certificate begin anew', () => {
    let now = 0;
    const throttle = new WrongTokenThrottle(() => now);
    for (let n = 0; n < 10; n++) throttle.wrong(peer);
    const other = { certificate: 'bb', address: peer.address };
    expect(throttle.waitOf(peer)).toBeGreaterThan(0);
    expect(throttle.waitOf(other)).toBe(0);
    for (let n = 0; n < 11; n++) throttle.wrong(peer);
    expect(throttle.waitOf(other)).toBe(1_000);
    now += 30 * 60_000;
    expect(throttle.waitOf(other)).toBe(0);
    throttle.right(peer);
    throttle.wrong(peer);
    expect(throttle.waitOf({ ...peer, address: '10.0.0.2' })).toBe(0);
  });

  test('a certificate that gave the right one waits for nobody else of its address, and for its own wrong ones', () => {
    const throttle = new WrongTokenThrottle(() => 0);
    const operator = { certificate: 'bb', address: peer.address };
    throttle.right(operator);
    for (let n = 0; n < 100; n++) throttle.wrong({ certificate: `c${n}`, address: peer.address });
    expect(throttle.waitOf(operator)).toBe(0);
    expect(throttle.waitOf({ certificate: 'new', address: peer.address })).toBeGreaterThan(0);
    for (let n = 0; n < 3; n++) throttle.wrong(operator);
    expect(throttle.waitOf(operator)).toBe(1_000);
  });

  test('half an hour without one forgets them; ten thousand peers are the most that is remembered', () => {
    let now = 0;
    const throttle = new WrongTokenThrottle(() => now);
    for (let n = 0; n < 5; n++) throttle.wrong(peer);
    now += 30 * 60_000;
    throttle.wrong(peer);
    expect(throttle.waitOf(peer)).toBe(0);
    for (let n = 0; n < 20_000; n++) throttle.wrong({ certificate: `c${n}`, address: `a${n}` });
    expect(throttle.size).toBe(10_000);
  });

  test('more wrong tokens never mean less waiting', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 40 }), (pauses) => {
        let now = 0;
        const one = new WrongTokenThrottle(() => now);
        const more = new WrongTokenThrottle(() => now);
        more.wrong(peer);
        for (const pause of pauses) {
          one.wrong(peer);
          more.wrong(peer);
          if (more.waitOf(peer) < one.waitOf(peer)) return false;
          now += pause;
        }
        return true;
      }),
    );
  });
});

describe('refusals', () => {
  const refusal = (change: Partial<Refusal> = {}): Refusal => ({
    address: '10.0.0.1',
    actor: null,
    action: 'tls.refuse',
    target: 'no certificate',
    detail: {},
    ...change,
  });

  test('the first is a row at once; those alike within a minute are one more', async () => {
    let now = 0;
    const rows: NewAuditEntry[] = [];
    const log = new RefusalLog(
      () => now,
      (entry) => Promise.resolve(rows.push(entry)),
    );
    for (let n = 0; n < 1_000; n++) await log.note(refusal());
    await log.note(refusal({ address: '10.0.0.2' }));
    expect(rows.map(({ count, address }) => [address, count])).toEqual([
      ['10.0.0.1', 1],
      ['10.0.0.2', 1],
    ]);
    now = 59_999;
    await log.flush();
    expect(rows).toHaveLength(2);
    now = 60_000;
    await log.flush();
    expect(rows.slice(2)).toMatchObject([{ address: '10.0.0.1', count: 999, result: 'refused' }]);
    await log.note(refusal());
    expect(rows).toHaveLength(4);
  });

  test('many kinds at once become one kind, and none is lost', async () => {
    const rows: NewAuditEntry[] = [];
    const log = new RefusalLog(
      () => 0,
      (entry) => Promise.resolve(rows.push(entry)),
    );
    for (let n = 0; n < 5_000; n++) await log.note(refusal({ address: `10.0.${n >> 8}.${n & 255}` }));
    await log.flush(true);
    expect(rows.length).toBeLessThan(300);
    expect(rows.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(5_000);
  });

  test('what could not be written waits, and is written with the next that can', async () => {
    let broken = true;
    const rows: NewAuditEntry[] = [];
    const log = new RefusalLog(
      () => 0,
      (entry) => (broken ? Promise.reject(new Error('disk')) : Promise.resolve(rows.push(entry))),
    );
    for (let n = 0; n < 3; n++) await log.note(refusal());
    await log.flush(true);
    expect([rows.length, log.counters.unwritten > 0]).toEqual([0, true]);
    broken = false;
    await log.flush(true);
    expect(rows.map(({ count }) => count)).toEqual([3]);
  });
});

describe('downloads', () => {
  const file = (n = 0) => ({
    uuid: `u${n}`,
    name: 'eu-1',
    fileName: 'eu-1.s2scert',
    bytes: Uint8Array.of(1, 2, 3),
  });

  test('are given out once, and not after five minutes', () => {
    const downloads = new Downloads();
    const { id, expiresAt } = downloads.put(file(), 1_000);
    expect(expiresAt).toBe(301_000);
    expect(downloads.take(id, 2_000)?.uuid).toBe('u0');
    expect(downloads.take(id, 2_000)).toBeUndefined();
    const late = file(1);
    const second = downloads.put(late, 1_000);
    expect(downloads.take(second.id, 301_000)).toBeUndefined();
    expect([...late.bytes]).toEqual([0, 0, 0]);
    expect(downloads.take('guessed', 0)).toBeUndefined();
  });

  test('wait fifty at most: the oldest gives way', () => {
    const downloads = new Downloads();
    const ids = Array.from({ length: 51 }, (_, n) => downloads.put(file(n), 0).id);
    expect(downloads.take(ids[0] ?? '', 0)).toBeUndefined();
    expect(downloads.take(ids[50] ?? '', 0)?.uuid).toBe('u50');
  });
});
