import fc from 'fast-check';
import { EventStreamParser, MAX_EVENT_LENGTH } from '../src/api/event-stream-parser.js';

const read = (...pieces: string[]) => {
  const parser = new EventStreamParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

test('an event has a name and data', () => {
  expect(read('event: overview\ndata: {"at":1}\n\n')).toEqual([{ event: 'overview', data: '{"at":1}' }]);
});

test('several data lines are one text', () => {
  expect(read('data: a\ndata:b\ndata:  c\n\n')).toEqual([{ event: 'message', data: 'a\nb\n c' }]);
});

test.each([['\n'], ['\r\n'], ['\r']])('lines end with %j', (end) => {
  // A last piece, since a CR at the very end may be half of a line end.
  expect(read(['event: a', 'data: 1', '', 'data: 2', '', ''].join(end), ':')).toEqual([
    { event: 'a', data: '1' },
    { event: 'message', data: '2' },
  ]);
});

test.each([
  ['a comment', ': still here\n\n'],
  ['an event without data', 'event: a\n\n'],
  ['an event that is not over', 'data: 1\n'],
  ['a field that means nothing here', 'id: 7\nretry: 10\nfoo: bar\n\n'],
])('no event: %s', (_name, text) => {
  expect(read(text)).toEqual([]);
});

test('a byte order mark before the first line is no part of it', () => {
  expect(read('\uFEFFdata: 1\n\n')).toEqual([{ event: 'message', data: '1' }]);
});

test('however the stream is cut, the events are the same', () => {
  const event = fc.record({
    event: fc.constantFrom('overview', 'logs', 'audit'),
    data: fc.array(
      fc.string().map((text) => text.replace(/[\r\n\uFEFF]/g, ' ')),
      { minLength: 1, maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 5 }),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.nat({ max: 400 }), { maxLength: 8 }),
      (events, end, cuts) => {
        const text = events
          .map((one) => [`event: ${one.event}`, ...one.data.map((line) => `data: ${line}`), '', ''].join(end))
          .join('');
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(read(...pieces)).toEqual(
          events.map((one) => ({ event: one.event, data: one.data.join('\n') })),
        );
      },
    ),
  );
});

test('a line without end is refused before it fills the memory', () => {
  const parser = new EventStreamParser();
  parser.push(`data: ${'x'.repeat(MAX_EVENT_LENGTH - 10)}`);
  expect(() => parser.push('x'.repeat(20))).toThrow(RangeError);
});

test('an event without end is refused as well', () => {
  const parser = new EventStreamParser();
  const line = `data: ${'x'.repeat(1_000_000)}\n`;
  expect(() => {
    for (let count = 0; count < 10; count++) parser.push(line);
  }).toThrow(RangeError);
});
