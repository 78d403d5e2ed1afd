import { isMet, parseFigure, type Figure } from '../src/figure.js';
import { renderFigures } from '../src/table.js';

const figure: Figure = { figure: 'one frame', value: 1.25, unit: '×', atLeast: 0.9, peer: 'node:crypto' };

test.each([
  ['a figure', JSON.stringify(figure), figure],
  ['prose', 'warming up ...', undefined],
  ['other JSON', '{"level":"info"}', undefined],
  ['a value that is text', '{"figure":"x","value":"1","unit":"ms"}', undefined],
  ['a bound that is text', '{"figure":"x","value":1,"unit":"ms","atMost":"2"}', undefined],
  ['a broken line', '{"figure":', undefined],
])('a line with %s', (_name, line, expected) => {
  expect(parseFigure(line)).toEqual(expected);
});

test.each([
  [{ value: 0.9, atLeast: 0.9 }, true],
  [{ value: 0.89, atLeast: 0.9 }, false],
  [{ value: 20, atMost: 20 }, true],
  [{ value: 20.1, atMost: 20 }, false],
  [{ value: 5 }, true],
])('%j is met: %s', (bounds, expected) => {
  expect(isMet({ figure: 'f', unit: 'ms', ...bounds })).toBe(expected);
});

test('a missed bound can be seen in the table', () => {
  expect(renderFigures('s', [figure]).join('\n')).toMatch(
    /one frame .* 1\.25 × .*≥ 0\.900 +met\n +against node:crypto/,
  );
  expect(renderFigures('s', [{ ...figure, value: 0.5 }]).join('\n')).toContain('MISSED');
});
