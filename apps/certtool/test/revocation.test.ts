import * as fs from 'node:fs';
import { masterKeyId } from '@ranked/cert';
import { readMasterKey, writeMasterKey } from '@ranked/cert/files';
import { issue, list, resultOf } from './certificates.js';
import { type Workplace, modeOf } from './certtool.js';
import { withWorkplace } from './with-workplace.js';

/* What ends certificates: revoke and rotate-master, against a real SQLite file. */

let place: Workplace;
withWorkplace((made) => (place = made));

describe('revoke', () => {
  test('asks; only yes revokes; then verify says revoked, with the reason', async () => {
    const { uuid, file } = await issue(place, 'eu-1');
    for (const input of ['', 'no\n', 'yess']) {
      const run = await place.run(['revoke', 'eu-1'], { input });
      expect(run).toMatchObject({ code: 4, stdout: '' });
      expect(run.stderr).toContain(`Revoke ${uuid} of eu-1`);
    }
    expect((await list(place))[0]?.status).toBe('valid');
    const yes = await place.run(['revoke', 'eu-1', '--reason', 'machine lost'], { input: 'Yes\n' });
    expect(yes).toMatchObject({ code: 0, stdout: `${uuid}\n` });
    expect(await list(place)).toMatchObject([{ status: 'revoked', revokeReason: 'machine lost' }]);
    const verified = await place.run(['verify', file]);
    expect(verified.code).toBe(3);
    expect(verified.stdout).toMatch(/status +revoked/);
    expect(verified.stdout).toContain('machine lost');
    expect((await place.run(['inspect', file])).code).toBe(0);
  });

  test('by uuid in any case, by file, by name; twice is once', async () => {
    const one = await issue(place, 'one');
    const two = await issue(place, 'two');
    const three = await issue(place, 'three');
    expect((await place.run(['revoke', one.uuid.toUpperCase(), '--yes'])).stdout).toBe(`${one.uuid}\n`);
    expect((await place.run(['revoke', two.file, '--yes'])).stdout).toBe(`${two.uuid}\n`);
    expect((await place.run(['revoke', 'three', '--yes'])).stdout).toBe(`${three.uuid}\n`);
    const again = await place.run(['revoke', 'three', '--reason', 'another']);
    expect(again).toMatchObject({ code: 0, stdout: `${three.uuid}\n` });
    expect((await list(place)).map(({ status, revokeReason }) => [status, revokeReason])).toEqual(
      Array(3).fill(['revoked', 'revoked with certtool']),
    );
  });

  test('what does not exist or is not clear is not guessed', async () => {
    await issue(place, 'eu-1');
    await issue(place, 'eu-1', '--out', 'second.s2scert');
    const unclear = await place.run(['revoke', 'eu-1', '--yes']);
    expect(unclear).toMatchObject({ code: 1, stdout: '' });
    expect(unclear.stderr).toContain('2 certificates have the name');
    for (const [which, code] of [
      ['eu-2', 3],
      ['EU-1', 3],
      ['3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13', 3],
      ['./eu-1', 2],
      ['\u001b[2J', 3],
    ] as const) {
      expect(await place.run(['revoke', which, '--yes'])).toMatchObject({ code, stdout: '' });
    }
    expect((await list(place)).map(({ status }) => status)).toEqual(['valid', 'valid']);
  });

  test('Ctrl-C at the question: status 130, nothing changed', async () => {
    await issue(place, 'eu-1');
    const running = place.start(['revoke', 'eu-1']);
    await running.says('[y/N]');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    expect((await list(place))[0]?.status).toBe('valid');
  });
});

describe('rotate-master', () => {
  const keyPath = (): string => place.path('data/master.key');
  const keyId = (): string => masterKeyId(readMasterKey(keyPath()).publicKey);

  test('asks for the number of certificates that die; another answer changes nothing', async () => {
    await issue(place, 'eu-1');
    await issue(place, 'eu-2');
    const before = keyId();
    for (const input of ['', 'yes\n', '22\n']) {
      const run = await place.run(['rotate-master'], { input });
      expect(run).toMatchObject({ code: 4, stdout: '' });
      expect(run.stderr).toContain('2 certificates will stop being valid.');
    }
    expect(keyId()).toBe(before);
    expect(fs.readdirSync(place.path('data')).filter((name) => name.startsWith('master'))).toEqual([
      'master.key',
    ]);
  });

  test('ends every certificate, keeps the old key, and issuing goes on under the new one', async () => {
    const { file } = await issue(place, 'eu-1');
    const [before, oldSeed] = [keyId(), readMasterKey(keyPath()).seed];
    const run = await place.run(['rotate-master'], { input: '1\n' });
    expect(run.code).toBe(0);
    expect(run.stdout).toBe((await place.run(['pubkey'])).stdout);
    expect(keyId()).not.toBe(before);
    const kept = place.path(`data/master.key.${before}.old`);
    expect(readMasterKey(kept).seed).toEqual(oldSeed);
    expect([modeOf(keyPath()), modeOf(kept)]).toEqual([0o600, 0o600]);
    const verified = await place.run(['verify', file, '--json']);
    expect(verified.code).toBe(3);
    expect(resultOf(verified)).toMatchObject({ status: 'bad-signature' });
    await issue(place, 'eu-2');
    expect((await list(place)).map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      'eu-1 other-key',
      'eu-2 valid',
    ]);
    expect((await place.run(['rotate-master'], { input: '1\n' })).code).toBe(0);
  });

  test('a rotation that was interrupted after the file is seen, and completed without another new key', async () => {
    await issue(place, 'eu-1');
    const before = keyId();
    fs.renameSync(keyPath(), place.path(`data/master.key.${before}.old`));
    writeMasterKey(keyPath(), new Uint8Array(32).fill(0x77));
    const interrupted = keyId();
    const refused = await place.run(['issue', '--name', 'eu-2']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('rotate-master');
    expect(fs.readdirSync(place.path('data/certificates'))).toEqual(['eu-1.s2scert']);
    const completed = await place.run(['rotate-master'], { input: '1\n' });
    expect(completed.code).toBe(0);
    expect(completed.stderr).toContain('was interrupted');
    expect(keyId()).toBe(interrupted);
    await issue(place, 'eu-2');
  });

  test('a lost key is replaced, and the number is known all the same', async () => {
    await issue(place, 'eu-1');
    fs.rmSync(keyPath());
    const run = await place.run(['rotate-master', '--yes']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('1 certificate will stop being valid.');
    expect(run.stdout).toBe((await place.run(['pubkey'])).stdout);
    await issue(place, 'eu-2');
  });

  test('two at once leave a file and a database that agree', async () => {
    await issue(place, 'eu-1');
    const runs = await Promise.all([
      place.runAlone(['rotate-master', '--yes']),
      place.runAlone(['rotate-master', '--yes']),
    ]);
    expect(runs.map(({ code }) => code)).toContain(0);
    await issue(place, 'eu-2');
  });
});
