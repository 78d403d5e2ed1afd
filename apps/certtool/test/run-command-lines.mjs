import { Readable } from 'node:stream';
import { runCommandLine } from '../dist/run-command-line.js';

/* One process that runs many command lines of the built program, each as if it were alone: see command-host.ts. */

process.on('message', async ({ args, cwd, env, input }) => {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  const stdin = Readable.from(input.length > 0 ? [Buffer.from(input)] : []);
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  const written = { stdout: '', stderr: '' };
  const restore = ['stdout', 'stderr'].map((name) => {
    const stream = process[name];
    const write = stream.write;
    stream.write = (text) => {
      written[name] += text;
      return true;
    };
    return () => (stream.write = write);
  });
  const listeners = process.listenerCount('exit');
  const code = await runCommandLine(args);
  for (const undo of restore) undo();
  // What a command leaves to the end of the process would never happen here.
  if (process.listenerCount('exit') !== listeners)
    throw new Error(`certtool ${args[0]} left an exit listener`);
  process.exitCode = undefined;
  process.send({ code, ...written });
});
