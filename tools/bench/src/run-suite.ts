import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseFigure, type Figure } from './figure.js';
import type { Suite } from './suites.js';

/** What a benchmark program left. */
export interface SuiteResult {
  suite: string;
  figures: Figure[];
  /** Its exit status; anything but 0 means that figures are missing. */
  status: number;
}

/** Runs one program to its end; what it says for people goes to our standard error as it comes. */
export async function runSuite(root: string, { name, file, args = [] }: Suite): Promise<SuiteResult> {
  const child = spawn(process.execPath, ['--expose-gc', file, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const figures: Figure[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const figure = parseFigure(line);
    if (figure) figures.push(figure);
    else process.stderr.write(`  ${line}\n`);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { suite: name, figures, status: child.exitCode ?? 1 };
}
