#!/usr/bin/env node
import { ExitCode, reportError } from './output.js';
import { runCommandLine } from './run-command-line.js';

// A handler of its own: 'exit' listeners run, which take back what is half done, and the status says why.
process.on('SIGINT', () => {
  process.stderr.write('\n');
  process.exit(ExitCode.interrupted);
});
// `certtool list | head` closes the pipe early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') reportError(`stdout: ${error.message}`);
  process.exit(error.code === 'EPIPE' ? ExitCode.ok : ExitCode.failure);
});

process.exitCode = await runCommandLine(process.argv.slice(2));
