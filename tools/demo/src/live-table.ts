/** What the demo shows while it runs. */
export interface Snapshot {
  secondsLeft: number;
  playersOnline: number;
  players: number;
  /** Of those, the ones who play as parties of two. */
  inParties: number;
  queued: number;
  serversOnline: number;
  servers: number;
  matchesRunning: number;
  matchesFinished: number;
  /** Mean wait from joining the queue to the match, of all waits so far. */
  meanWaitMs: number;
  /** Spearman correlation of ratings and hidden strengths, per queue. */
  agreement: ReadonlyMap<string, number>;
}

const BAR = 30;

function bar(fraction: number): string {
  const filled = Math.round(Math.max(0, Math.min(1, fraction)) * BAR);
  return '█'.repeat(filled) + '░'.repeat(BAR - filled);
}

export function renderTable(s: Snapshot): string[] {
  const lines = [
    `  time left        ${String(s.secondsLeft).padStart(5)} s`,
    `  players online   ${String(s.playersOnline).padStart(5)} of ${s.players}, ${s.inParties} of them in parties`,
    `  in a queue       ${String(s.queued).padStart(5)}`,
    `  game servers     ${String(s.serversOnline).padStart(5)} of ${s.servers}`,
    `  matches running  ${String(s.matchesRunning).padStart(5)}`,
    `  matches finished ${String(s.matchesFinished).padStart(5)}`,
    `  mean wait        ${(s.meanWaitMs / 1000).toFixed(2).padStart(5)} s`,
    '  ratings against hidden strength (1.00 = the same order)',
  ];
  for (const [queue, value] of s.agreement) {
    lines.push(`    ${queue.padEnd(8)} ${bar(value)} ${value.toFixed(2).padStart(5)}`);
  }
  return lines;
}

/** One line for logs and pipes, where nothing can be redrawn. */
export function renderLine(s: Snapshot): string {
  const agreement = [...s.agreement].map(([queue, value]) => `${queue} ${value.toFixed(2)}`).join(', ');
  return (
    `${String(s.secondsLeft).padStart(3)} s left | online ${s.playersOnline}/${s.players} | queue ${s.queued} | servers ${s.serversOnline}/${s.servers}` +
    ` | matches ${s.matchesRunning} running, ${s.matchesFinished} finished | wait ${(s.meanWaitMs / 1000).toFixed(2)} s | agreement ${agreement}`
  );
}

/** Redraws in place on a terminal; elsewhere a line every five seconds. */
export class LiveTable {
  readonly #out: NodeJS.WriteStream;
  #drawn = 0;
  #calls = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(snapshot: Snapshot): void {
    if (!this.#out.isTTY) {
      if (this.#calls++ % 5 === 0) this.#out.write(`${renderLine(snapshot)}\n`);
      return;
    }
    const lines = renderTable(snapshot);
    if (this.#drawn > 0) this.#out.write(`\x1b[${this.#drawn}A`);
    this.#out.write(lines.map((line) => `\x1b[2K${line}\n`).join(''));
    this.#drawn = lines.length;
  }
}
