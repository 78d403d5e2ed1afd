import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { auditMarkPath, readAuditMark, writeAuditMark } from '../src/index.js';

describe('the note of the last audit row', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = fs.mkdtempSync(join(tmpdir(), 'ranked-mark-'));
    path = auditMarkPath(dir);
  });
  afterEach(() => fs.rmSync(dir, { recursive: true }));

  it('is the one that was written last, for its owner alone, and nothing is left beside it', () => {
    expect(readAuditMark(path)).toBeNull();
    for (const id of [1, 2, 999_999]) {
      const mark = { id, mac: 'ab'.repeat(32) };
      writeAuditMark(path, mark);
      expect(readAuditMark(path)).toEqual(mark);
    }
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(dirname(path))).toEqual(['audit-mark']);
  });

  it.each([
    '',
    '\n',
    '1',
    `0 ${'a'.repeat(64)}\n`,
    `1 ${'a'.repeat(63)}\n`,
    `1 ${'a'.repeat(64)}`,
    `x ${'a'.repeat(64)}\n`,
  ])('is not taken from a damaged file: %j', (text) => {
    fs.mkdirSync(dirname(path));
    fs.writeFileSync(path, text);
    expect(() => readAuditMark(path)).toThrow('damaged');
  });
});
