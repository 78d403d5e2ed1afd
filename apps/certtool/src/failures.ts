import type { PkiError } from '@ranked/admin-pki';
import { CertError } from '@ranked/cert';
import { CommanderError } from 'commander';
import { CommandError, ExitCode } from './output.js';

/** Errors of a file that is not there, not ours, or not a file. */
const UNREADABLE = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENXIO',
]);

/** How an error ends the program: its status, and the line for stderr (none if commander has written it). */
export interface Failure {
  exitCode: number;
  message?: string;
}

/**
 * Judges whatever a subcommand has thrown. Messages of the store carry no values; a stack is never shown.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : ExitCode.failure };
  if (error instanceof CertError) {
    return {
      exitCode: error.code === 'exists' ? ExitCode.failure : ExitCode.unreadable,
      message: error.message,
    };
  }
  if (isPkiError(error)) {
    return {
      exitCode: error.code === 'authority' ? ExitCode.unreadable : ExitCode.failure,
      message: error.message,
    };
  }
  if (error instanceof Error && 'code' in error && 'syscall' in error && UNREADABLE.has(String(error.code))) {
    return { exitCode: ExitCode.unreadable, message: error.message };
  }
  return { exitCode: ExitCode.failure, message: error instanceof Error ? error.message : String(error) };
}

/** By its name: the library is loaded only by the commands that need it. */
function isPkiError(error: unknown): error is PkiError {
  return error instanceof Error && error.name === 'PkiError';
}
