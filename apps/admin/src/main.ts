import { runProcess } from './lifecycle/run-process.js';

await runProcess(process);
