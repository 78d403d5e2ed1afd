interface Scheduled<T> {
  readonly at: number;
  /** Events of the same moment happen in the order in which they were scheduled. */
  readonly number: number;
  readonly event: T;
}

/** What is yet to happen, by time: a binary heap. */
export class EventQueue<T> {
  readonly #heap: Scheduled<T>[] = [];
  #scheduled = 0;

  get length(): number {
    return this.#heap.length;
  }

  /** `at`: milliseconds of virtual time. */
  schedule(at: number, event: T): void {
    const added: Scheduled<T> = { at, number: this.#scheduled++, event };
    const heap = this.#heap;
    let place = heap.length;
    heap.push(added);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(added, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = added;
  }

  /** Takes the next event; undefined where nothing is left. */
  next(): { readonly at: number; readonly event: T } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore<T>(a: Scheduled<T>, b: Scheduled<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number);
}
