#!/usr/bin/env node
import { ExitCode } from './output.js';
import { runCommand } from './run-command.js';

process.on('SIGINT', () => process.exit(ExitCode.interrupted));
// `ranked replay | head` closes the pipe early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? ExitCode.ok : ExitCode.failure),
);

process.exitCode = await runCommand(process.argv.slice(2), process.env, {
  result: (line) => void process.stdout.write(`${line}\n`),
  remark: (line) => void process.stderr.write(`${line}\n`),
});
