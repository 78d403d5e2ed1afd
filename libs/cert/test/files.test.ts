import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  ensureKeys,
  keyPaths,
  readCertificateFile,
  readDatabaseKey,
  readMasterKey,
  readSecretFile,
  replaceMasterKey,
  writeCertificateFile,
  writeDatabaseKey,
  writeMasterKey,
  writeSecretFile,
} from '../src/files.js';
import { CertError, decodeCertificate, masterKeyId, publicKeyFromSeed } from '../src/index.js';
import { bytes, certificateVectors, codeOf, hex } from './vectors.js';

const [vector] = certificateVectors;
if (!vector) throw new Error('no vectors');
const seed = bytes(vector.masterSeed);
const otherSeed = new Uint8Array(32).fill(0x5a);
const mode = (path: string): number => fs.statSync(path).mode & 0o777;

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(join(tmpdir(), 'ranked-cert-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('secret files', () => {
  test('are written with mode 0600 whatever the umask, and leave nothing beside them', () => {
    const before = process.umask(0);
    try {
      writeSecretFile(join(dir, 'a'), 'secret');
    } finally {
      process.umask(before);
    }
    expect(mode(join(dir, 'a'))).toBe(0o600);
    expect(fs.readdirSync(dir)).toEqual(['a']);
    expect(Buffer.from(readSecretFile(join(dir, 'a'), 10)).toString()).toBe('secret');
  });

  test.each([
    ['a file', (path: string) => fs.writeFileSync(path, 'old')],
    ['a directory', (path: string) => fs.mkdirSync(path)],
    ['a link to nowhere', (path: string) => fs.symlinkSync('/nowhere/at/all', path)],
  ])('never overwrite %s', (_name, make) => {
    const path = join(dir, 'a');
    make(path);
    const before = fs.lstatSync(path).ino;
    expect(codeOf(() => writeSecretFile(path, 'new'), CertError)).toBe('exists');
    expect(fs.lstatSync(path).ino).toBe(before);
    expect(fs.readdirSync(dir)).toEqual(['a']);
  });

  test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])('of mode %o are refused', (bits) => {
    const path = join(dir, 'a');
    fs.writeFileSync(path, 'secret');
    fs.chmodSync(path, bits);
    expect(codeOf(() => readSecretFile(path, 10), CertError)).toBe('permissions');
    expect(() => readSecretFile(path, 10)).toThrow(`chmod 600 '${path}'`);
  });

  test.each([0o600, 0o400])('of mode %o are read', (bits) => {
    const path = join(dir, 'a');
    fs.writeFileSync(path, 'secret');
    fs.chmodSync(path, bits);
    expect(readSecretFile(path, 6)).toHaveLength(6);
  });

  test('that are too long, or no files, are refused without reading them', () => {
    const path = join(dir, 'a');
    fs.writeFileSync(path, Buffer.alloc(11), { mode: 0o600 });
    expect(codeOf(() => readSecretFile(path, 10), CertError)).toBe('length');
    expect(codeOf(() => readSecretFile(dir, 10), CertError)).toBe('length');
    expect(codeOf(() => readSecretFile('/dev/zero', 10), CertError)).toBe('length');
  });

  test('that are missing keep the error of the file system', () => {
    expect(() => readSecretFile(join(dir, 'none'), 10)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('key files', () => {
  test('have the one line that is documented', () => {
    const paths = keyPaths(dir);
    writeMasterKey(paths.masterKey, seed);
    writeDatabaseKey(paths.databaseKey, otherSeed);
    expect(fs.readFileSync(paths.masterKey, 'utf8')).toBe(`ranked-master-key-1:${vector.masterSeed}\n`);
    expect(fs.readFileSync(paths.databaseKey, 'utf8')).toBe(`ranked-database-key-1:${'5a'.repeat(32)}\n`);
    expect(hex(readMasterKey(paths.masterKey).seed)).toBe(vector.masterSeed);
    expect(hex(readMasterKey(paths.masterKey).publicKey)).toBe(vector.masterPublicKey);
    expect(hex(readDatabaseKey(paths.databaseKey))).toBe('5a'.repeat(32));
  });

  test('give the public key that the core computes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (anySeed) => {
        const path = join(dir, `${hex(anySeed)}.key`);
        fs.rmSync(path, { force: true });
        writeMasterKey(path, anySeed);
        expect(hex(readMasterKey(path).publicKey)).toBe(hex(publicKeyFromSeed(anySeed)));
      }),
      { numRuns: 10 },
    );
  });

  const digits = 'c3'.repeat(32);
  test.each([
    ['', 'empty'],
    [digits, 'no label'],
    [`ranked-database-key-1:${digits}`, 'the label of the other key'],
    [`ranked-master-key-2:${digits}`, 'a later version'],
    [`ranked-master-key-1:${digits.slice(2)}`, 'too few digits'],
    [`ranked-master-key-1:${digits}00`, 'too many digits'],
    [`ranked-master-key-1:${digits.slice(1)}g`, 'a letter that is no digit'],
    [`ranked-master-key-1:${digits}\n${digits}`, 'a second line'],
    [`\u0000ranked-master-key-1:${digits}`, 'a zero byte'],
  ])('with other contents are refused, and not shown: %#, %s', (contents) => {
    const path = join(dir, 'master.key');
    fs.writeFileSync(path, contents, { mode: 0o600 });
    expect(codeOf(() => readMasterKey(path), CertError)).toBe('key');
    expect(() => readMasterKey(path)).not.toThrow(/c3c3/);
  });

  test('of the database may lack the label, not have another', () => {
    const path = join(dir, 'database.key');
    const contents: [string, boolean][] = [
      [`${digits}\n`, true],
      [`ranked-database-key-1:${digits}`, true],
      [`ranked-master-key-1:${digits}`, false],
      [`:${digits}`, false],
      [digits.slice(1), false],
    ];
    for (const [text, good] of contents) {
      fs.writeFileSync(path, text, { mode: 0o600 });
      if (good) expect(hex(readDatabaseKey(path))).toBe(digits);
      else expect(codeOf(() => readDatabaseKey(path), CertError)).toBe('key');
    }
  });

  test('may end with spaces or a Windows line break', () => {
    const path = join(dir, 'master.key');
    fs.writeFileSync(path, `ranked-master-key-1:${vector.masterSeed} \r\n`, { mode: 0o600 });
    expect(hex(readMasterKey(path).seed)).toBe(vector.masterSeed);
  });
});

describe('certificate files', () => {
  test('are written and read, 133 bytes with mode 0600', () => {
    const path = join(dir, 'eu-1.s2scert');
    writeCertificateFile(path, decodeCertificate(bytes(vector.file)));
    expect(fs.readFileSync(path).toString('hex')).toBe(vector.file);
    expect(mode(path)).toBe(0o600);
    expect(readCertificateFile(path)).toEqual(decodeCertificate(bytes(vector.file)));
  });

  test.each([
    ['one byte more', Buffer.concat([bytes(vector.file), Buffer.of(0)]), 'length'],
    ['one byte less', bytes(vector.file).subarray(1), 'length'],
    ['something else', Buffer.alloc(133), 'magic'],
  ])('with %s are refused', (_name, contents, code) => {
    const path = join(dir, 'a');
    fs.writeFileSync(path, contents, { mode: 0o600 });
    expect(codeOf(() => readCertificateFile(path), CertError)).toBe(code);
  });

  test('that others may read are refused', () => {
    const path = join(dir, 'a');
    fs.writeFileSync(path, bytes(vector.file), { mode: 0o644 });
    expect(codeOf(() => readCertificateFile(path), CertError)).toBe('permissions');
  });
});

describe('ensureKeys', () => {
  test('makes a private directory and both keys once, then reads them', () => {
    const data = join(dir, 'deep', 'data');
    const made = ensureKeys(data);
    expect(made.created).toBe(true);
    expect(mode(data)).toBe(0o700);
    expect(fs.readdirSync(data).sort()).toEqual(['database.key', 'master.key']);
    expect(hex(made.masterKey.seed)).not.toBe(hex(made.databaseKey));
    expect(ensureKeys(data)).toEqual({ ...made, created: false });
  });

  test('completes a directory whose making was interrupted after the first key', () => {
    writeMasterKey(keyPaths(dir).masterKey, seed);
    const keys = ensureKeys(dir);
    expect(keys.created).toBe(true);
    expect(hex(keys.masterKey.seed)).toBe(vector.masterSeed);
  });

  test('makes no new master key in the place of a lost one', () => {
    writeDatabaseKey(keyPaths(dir).databaseKey, otherSeed);
    expect(codeOf(() => ensureKeys(dir), CertError)).toBe('key');
    expect(fs.readdirSync(dir)).toEqual(['database.key']);
  });

  test('takes keys from elsewhere and makes none for them', () => {
    const databaseKeyFile = join(dir, 'database-secret');
    const masterKeyFile = join(dir, 'master-secret');
    writeDatabaseKey(databaseKeyFile, otherSeed);
    const keys = ensureKeys(join(dir, 'data'), { databaseKeyFile });
    expect(hex(keys.databaseKey)).toBe(hex(otherSeed));
    expect(fs.readdirSync(join(dir, 'data'))).toEqual(['master.key']);
    writeMasterKey(masterKeyFile, seed);
    const both = ensureKeys(join(dir, 'none'), { databaseKeyFile, masterKeyFile });
    expect(hex(both.masterKey.seed)).toBe(vector.masterSeed);
    expect(both.created).toBe(false);
    expect(fs.existsSync(join(dir, 'none'))).toBe(false);
    const given = ensureKeys(join(dir, 'data'), { databaseKey: seed });
    expect(given.databaseKey).toBe(seed);
    expect(fs.readdirSync(join(dir, 'data'))).toEqual(['master.key']);
    expect(() => ensureKeys(dir, { databaseKeyFile: join(dir, 'missing') })).toThrow(/ENOENT/);
  });

  test('a key that others may read stops it', () => {
    ensureKeys(dir);
    fs.chmodSync(keyPaths(dir).databaseKey, 0o644);
    expect(codeOf(() => ensureKeys(dir), CertError)).toBe('permissions');
  });

  test('processes that start at once all get the same keys', async () => {
    const library = new URL('../dist/files.js', import.meta.url);
    const script = `
      const { ensureKeys } = await import(${JSON.stringify(library.href)});
      process.stdin.once('data', () => {
        const { masterKey, databaseKey } = ensureKeys(process.argv[1]);
        process.stdout.write(Buffer.concat([masterKey.seed, databaseKey]).toString('hex'));
        process.stdin.destroy();
      });
      process.stderr.write('waiting');`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, dir]),
    );
    await Promise.all(children.map((child) => once(child.stderr, 'data')));
    const answers = children.map(async (child) => {
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.stdin.write('go');
      await once(child, 'close');
      return Buffer.concat(chunks).toString();
    });
    const keys = new Set(await Promise.all(answers));
    expect([...keys]).toEqual([expect.stringMatching(/^[0-9a-f]{128}$/)]);
    expect(fs.readdirSync(dir).sort()).toEqual(['database.key', 'master.key']);
  });
});

describe('replaceMasterKey', () => {
  const oldName = (): string => `master.key.${vector.masterKeyId}.old`;

  test('puts the new key in place and keeps the old one, both 0600', () => {
    const path = keyPaths(dir).masterKey;
    writeMasterKey(path, seed);
    const replaced = replaceMasterKey(path, otherSeed);
    expect(replaced.keptAs).toBe(join(dir, oldName()));
    expect(hex(readMasterKey(path).seed)).toBe(hex(otherSeed));
    expect(hex(replaced.masterKey.publicKey)).toBe(hex(readMasterKey(path).publicKey));
    expect(hex(readMasterKey(join(dir, oldName())).seed)).toBe(vector.masterSeed);
    expect([mode(path), mode(join(dir, oldName()))]).toEqual([0o600, 0o600]);
    expect(fs.readdirSync(dir).sort()).toEqual(['master.key', oldName()]);
    expect(masterKeyId(replaced.masterKey.publicKey)).not.toBe(vector.masterKeyId);
  });

  test('goes on where an earlier attempt was interrupted', () => {
    const path = keyPaths(dir).masterKey;
    writeMasterKey(path, seed);
    writeMasterKey(join(dir, oldName()), seed);
    fs.writeFileSync(`${path}.new`, 'half a ke', { mode: 0o600 });
    replaceMasterKey(path, otherSeed);
    expect(hex(readMasterKey(path).seed)).toBe(hex(otherSeed));
    expect(fs.readdirSync(dir).sort()).toEqual(['master.key', oldName()]);
  });

  test('touches nothing when another key lies under the name of the old one', () => {
    const path = keyPaths(dir).masterKey;
    writeMasterKey(path, seed);
    writeMasterKey(join(dir, oldName()), otherSeed);
    expect(codeOf(() => replaceMasterKey(path, new Uint8Array(32)), CertError)).toBe('exists');
    expect(hex(readMasterKey(path).seed)).toBe(vector.masterSeed);
  });

  test('makes the key where there was none', () => {
    const path = keyPaths(dir).masterKey;
    expect(replaceMasterKey(path, seed).keptAs).toBeUndefined();
    expect(hex(readMasterKey(path).seed)).toBe(vector.masterSeed);
  });
});
