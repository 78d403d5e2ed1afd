import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { CertError } from './cert-error.js';

/** Errors of `link` on file systems without hard links (FAT, some network and shared folders). */
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * The whole contents of a file that only its owner may read.
 *
 * @param maxLength bytes; a longer file is refused before it is read, so a wrong path cannot fill the memory
 * @throws CertError `permissions` if group or others have any right to it (POSIX only); `length` if it is longer or no regular file
 * @throws the error of `node:fs` (`ENOENT`, `EACCES`, …) if it cannot be opened
 */
export function readSecretFile(path: string, maxLength: number): Uint8Array {
  // O_NONBLOCK: to open a named pipe by mistake must not wait for its writer.
  const file = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const stat = fs.fstatSync(file);
    if (!stat.isFile()) throw new CertError('length', `${path} is not a regular file`);
    requirePrivate(path, stat.mode);
    if (stat.size > maxLength) {
      throw new CertError('length', `${path} has ${stat.size} bytes, at most ${maxLength} were expected`);
    }
    return new Uint8Array(fs.readFileSync(file));
  } finally {
    fs.closeSync(file);
  }
}

/**
 * Writes a new file with mode 0600, on the disk when this returns. It appears under its name whole or not at all.
 *
 * @throws CertError `exists` if there is anything of that name; nothing is ever overwritten
 * @throws the error of `node:fs` if it cannot be written
 */
export function writeSecretFile(path: string, contents: Uint8Array | string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false })) throw existsError(path);
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  writeNew(draft, contents);
  try {
    fs.linkSync(draft, path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') throw existsError(path);
    if (code === undefined || !NO_HARD_LINKS.has(code)) throw error;
    writeNew(path, contents);
  } finally {
    fs.unlinkSync(draft);
  }
  syncDirectory(dirname(path));
}

/**
 * Puts a file of mode 0600 in the place of another, in one step: whoever opens the path finds the old contents or the new, whole.
 *
 * @param draft the path used for the new contents until then; what an interrupted attempt left there is removed
 * @throws the error of `node:fs` if it cannot be written
 */
export function replaceSecretFile(path: string, draft: string, contents: Uint8Array | string): void {
  fs.rmSync(draft, { force: true });
  writeNew(draft, contents);
  fs.renameSync(draft, path);
  syncDirectory(dirname(path));
}

/** Makes the names in a directory durable. Windows cannot open a directory, and does not need to. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(directory);
  } finally {
    fs.closeSync(directory);
  }
}

function writeNew(path: string, contents: Uint8Array | string): void {
  let file: number;
  try {
    file = fs.openSync(path, 'wx', 0o600);
  } catch (error) {
    throw errorCode(error) === 'EEXIST' ? existsError(path) : error;
  }
  try {
    fs.writeFileSync(file, contents);
    fs.fsyncSync(file);
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

function requirePrivate(path: string, mode: number): void {
  // Windows has no such bits; there the directory's access list has to do it.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  throw new CertError(
    'permissions',
    `${path} holds a secret, and its mode ${octal} lets others at it; mend it with: chmod 600 '${path}'`,
  );
}

function existsError(path: string): CertError {
  return new CertError('exists', `${path} exists already and is not overwritten`);
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
