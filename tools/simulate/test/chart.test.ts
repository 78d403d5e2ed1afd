import fc from 'fast-check';
import { renderChart, type Chart } from '../src/chart.js';

const chart = (series: Chart['series'], scale: 'linear' | 'log' = 'log'): Chart => ({
  title: 'Waits & <quality>',
  x: { title: 'wait (seconds)', scale },
  y: { title: 'difference (points)', scale: 'linear' },
  series,
});

test('says what it shows: title, axes with units, a legend, both themes', () => {
  const svg = renderChart(
    chart([
      {
        name: 'ours',
        points: [
          [1, 20],
          [10, 40],
        ],
      },
    ]),
  );
  expect(svg).toContain('<title>Waits &amp; &lt;quality&gt;</title>');
  for (const text of ['wait (seconds)', 'difference (points)', '>ours<', 'prefers-color-scheme:dark']) {
    expect(svg).toContain(text);
  }
});

test('a series is a line through its points, each with a mark; one point is a mark alone', () => {
  const svg = renderChart(
    chart([
      {
        name: 'a',
        points: [
          [1, 1],
          [2, 2],
        ],
      },
      { name: 'b', points: [[3, 3]] },
    ]),
  );
  expect(svg.match(/class="line/g)).toHaveLength(1);
  // One mark more for each in the legend.
  expect(svg.match(/class="mark c0"/g)).toHaveLength(3);
  expect(svg.match(/class="mark c1"/g)).toHaveLength(2);
});

test('more is up and to the right', () => {
  const svg = renderChart(
    chart([
      {
        name: 'a',
        points: [
          [1, 10],
          [5, 30],
        ],
      },
    ]),
  );
  const [, x1, y1, x2, y2] = /d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
  expect(x2!).toBeGreaterThan(x1!);
  expect(y2!).toBeLessThan(y1!);
});

test('whatever the values, every number in it is one, within the picture', () => {
  const value = fc.oneof(
    fc.constantFrom(0, -1, Infinity, NaN, 1e-9, 1e9),
    fc.double({ min: 0, max: 5000, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(
          fc.tuple(
            value,
            value.filter((y) => !(y < 0)),
          ),
          { maxLength: 6 },
        ),
        { maxLength: 3 },
      ),
      fc.constantFrom<'linear' | 'log'>('linear', 'log'),
      (series, scale) => {
        const positive = (points: [number, number][]) => points.filter(([x]) => !(x < 0));
        const svg = renderChart(
          chart(
            series.map((points, i) => ({ name: `s${i}`, points: positive(points) })),
            scale,
          ),
        );
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        for (const [, x, y] of svg.matchAll(/<circle[^>]* cx="([-\d.]+)" cy="([-\d.]+)"/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(760);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(460);
        }
      },
    ),
  );
});
