import { parentPort } from 'node:worker_threads';
import type { WaitingColumns } from '@ranked/store/waiting-players';
import type { FromSearchThread, ToSearchThread } from './search-messages.js';
import { searchQueue } from './search-queue.js';

// What a thread of its own does for `SearchThread`: one search after another.
const pages: WaitingColumns[] = [];

parentPort?.on('message', (message: ToSearchThread) => {
  if ('page' in message) {
    pages.push(message.page);
    return;
  }
  try {
    const answer = searchQueue({ ...message.search, pages: pages.splice(0) });
    const { servers, rows, queuedAt, oversized } = answer;
    send({ answer }, [servers.buffer, rows.buffer, queuedAt.buffer, oversized.buffer] as ArrayBuffer[]);
  } catch (error) {
    send({ error: error instanceof Error ? error.message : 'the search failed' });
  }
});

function send(message: FromSearchThread, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
