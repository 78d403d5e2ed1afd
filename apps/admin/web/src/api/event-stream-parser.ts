/** An event as it came: its name, and its data as text. */
export interface StreamEvent {
  event: string;
  data: string;
}

/** One event may not be longer than this, characters. */
export const MAX_EVENT_LENGTH = 8 * 1024 * 1024;

/**
 * Reads `text/event-stream` (WHATWG HTML, 9.2.6) piece by piece: lines end with LF, CR or CRLF, several `data` lines are joined
 * by LF, a comment says nothing but that the line lives. `id` and `retry` are ignored, since there is no replay.
 * @throws {RangeError} when an event grows beyond {@link MAX_EVENT_LENGTH}
 */
export class EventStreamParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #length = 0;
  #first = true;

  /** Takes what came and gives the events that it completed. */
  push(text: string): StreamEvent[] {
    let buffer = this.#rest + text;
    if (this.#first && buffer.length > 0) {
      this.#first = false;
      if (buffer.startsWith('\uFEFF')) buffer = buffer.slice(1);
    }
    const events: StreamEvent[] = [];
    let start = 0;
    for (;;) {
      const end = lineEnd(buffer, start);
      if (end === null) break;
      this.#line(buffer.slice(start, end.at), events);
      start = end.next;
    }
    this.#rest = buffer.slice(start);
    if (this.#rest.length + this.#length > MAX_EVENT_LENGTH) throw new RangeError('An event is too long.');
    return events;
  }

  #line(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0)
        events.push({ event: this.#event || 'message', data: this.#data.join('\n') });
      this.#event = '';
      this.#data = [];
      this.#length = 0;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#event = value;
    if (field === 'data') {
      this.#data.push(value);
      this.#length += value.length;
    }
  }
}

/** End of the line that starts at `start`; null while it is open. A CR at the very end may be half of a CRLF: it stays open. */
function lineEnd(buffer: string, start: number): { at: number; next: number } | null {
  for (let at = start; at < buffer.length; at++) {
    const character = buffer.charCodeAt(at);
    if (character === 0x0a) return { at, next: at + 1 };
    if (character !== 0x0d) continue;
    if (at + 1 === buffer.length) return null;
    return { at, next: buffer.charCodeAt(at + 1) === 0x0a ? at + 2 : at + 1 };
  }
  return null;
}
