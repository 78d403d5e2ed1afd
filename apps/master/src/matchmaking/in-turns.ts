import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items handled in one turn of the event loop: with a message or two for each, a millisecond or so of work. */
const ITEMS_PER_TURN = 8;

/** Hands out items a few at a time, so that what is done with a long list holds up nobody else. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T, void> {
  let handled = 0;
  for (const item of items) {
    if (handled > 0 && handled % ITEMS_PER_TURN === 0) await nextTurn();
    handled += 1;
    yield item;
  }
}
