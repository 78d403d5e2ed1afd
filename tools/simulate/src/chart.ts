const WIDTH = 760;
const HEIGHT = 460;
const LEFT = 78;
const RIGHT = 24;
const TOP = 52;
const BOTTOM = 64;
/** Room for the legend below the title. */
const LEGEND = 26;
const TICKS = 6;
/** What is less than this is nothing, and what is more cannot be: no figure of a queue is either. */
const SMALLEST = 1e-6;
const LARGEST = 1e12;
/** Colours that people who see fewer of them tell apart (after Okabe and Ito), for light and for dark backgrounds. */
const COLOURS = [
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#ff9d57'],
  ['#007f5f', '#2fd1a5'],
  ['#8a4d76', '#e29fcb'],
] as const;

/** What stands along a side: a title with its unit, and how the values are spread. */
export interface Axis {
  readonly title: string;
  readonly scale: 'linear' | 'log';
}

/** A line of points with a mark on each; a single point is its mark alone. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A chart to be drawn. Points that an axis cannot show are left out: negative ones, and 0 on a logarithmic axis. */
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

interface Ruler {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** An SVG document that follows the reader's light or dark theme. */
export function renderChart({ title, x, y, series }: Chart): string {
  const shown = series.map(({ name, points }) => ({
    name,
    points: points.filter(([a, b]) => isShown(a, x) && isShown(b, y)),
  }));
  const all = shown.flatMap(({ points }) => points);
  const across = ruler(
    all.map(([value]) => value),
    x,
    LEFT,
    WIDTH - RIGHT,
  );
  const up = ruler(
    all.map(([, value]) => value),
    y,
    HEIGHT - BOTTOM,
    TOP + LEGEND,
  );
  const parts = [
    `<title>${escape(title)}</title>`,
    `<text class="title" x="${LEFT}" y="26">${escape(title)}</text>`,
    ...grid(across, up),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 16}" text-anchor="middle">${escape(x.title)}</text>`,
    `<text transform="translate(18 ${(TOP + LEGEND + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escape(y.title)}</text>`,
  ];
  let legend = LEFT;
  shown.forEach(({ name, points }, i) => {
    const places = points.map(([a, b]) => [across.at(a), up.at(b)] as const);
    if (places.length > 1) {
      const path = places
        .map(([a, b], k) => `${k === 0 ? 'M' : 'L'}${a.toFixed(1)} ${b.toFixed(1)}`)
        .join('');
      parts.push(`<path class="line c${i}" d="${path}"/>`);
    }
    parts.push(...places.map(([a, b]) => mark(i, a, b)));
    parts.push(mark(i, legend + 6, TOP), `<text x="${legend + 18}" y="${TOP + 4}">${escape(name)}</text>`);
    legend += 34 + 7 * name.length;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">\n${style()}\n<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>\n${parts.join('\n')}\n</svg>\n`;
}

function isShown(value: number, { scale }: Axis): boolean {
  return value <= LARGEST && value >= (scale === 'linear' ? 0 : SMALLEST);
}

function grid(across: Ruler, up: Ruler): string[] {
  return [
    ...across.ticks.flatMap((value) => [
      `<path class="grid" d="M${across.at(value).toFixed(1)} ${TOP + LEGEND}V${HEIGHT - BOTTOM}"/>`,
      `<text x="${across.at(value).toFixed(1)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${label(value)}</text>`,
    ]),
    ...up.ticks.flatMap((value) => [
      `<path class="grid" d="M${LEFT} ${up.at(value).toFixed(1)}H${WIDTH - RIGHT}"/>`,
      `<text x="${LEFT - 8}" y="${(up.at(value) + 4).toFixed(1)}" text-anchor="end">${label(value)}</text>`,
    ]),
  ];
}

/** From values to places between `from` and `to`, the ends at round numbers. */
function ruler(values: readonly number[], { scale }: Axis, from: number, to: number): Ruler {
  const log = scale === 'log';
  const ticks = log ? logTicks(values) : linearTicks(values);
  const turned = (value: number) => (log ? Math.log(value) : value);
  const [low, high] = [turned(ticks[0]!), turned(ticks.at(-1)!)];
  return { ticks, at: (value) => from + ((turned(value) - low) / (high - low)) * (to - from) };
}

/** Round steps from 0 to the highest value. */
function linearTicks(values: readonly number[]): number[] {
  const most = Math.max(0, ...values);
  const highest = most < SMALLEST ? 1 : most;
  const rough = highest / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((round) => round * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, i) => i * step);
}

/** 1, 2, 5, 10 … around all values; powers of ten alone where there are many. */
function logTicks(values: readonly number[]): number[] {
  const lowest = values.length === 0 ? 1 : Math.min(...values);
  const highest = values.length === 0 ? 10 : Math.max(...values);
  const rounds = Math.log10(highest / lowest) > 3 ? [1] : [1, 2, 5];
  const powers = Array.from(
    { length: Math.floor(Math.log10(highest)) - Math.floor(Math.log10(lowest)) + 2 },
    (_, i) => 10 ** (Math.floor(Math.log10(lowest)) + i),
  );
  const all = powers.flatMap((power) => rounds.map((round) => round * power));
  const first = all.findLastIndex((tick) => tick <= lowest);
  const last = all.findIndex((tick, i) => tick >= highest && i > first);
  return all.slice(first, last + 1);
}

function label(value: number): string {
  return value >= 1000 ? value.toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** Each series has a shape of its own beside its colour. */
function mark(series: number, x: number, y: number): string {
  const [a, b] = [x.toFixed(1), y.toFixed(1)];
  switch (series % 4) {
    case 0:
      return `<circle class="mark c${series}" cx="${a}" cy="${b}" r="4.5"/>`;
    case 1:
      return `<rect class="mark c${series}" x="${(x - 4).toFixed(1)}" y="${(y - 4).toFixed(1)}" width="8" height="8"/>`;
    case 2:
      return `<path class="mark c${series}" d="M${a} ${(y - 5.5).toFixed(1)}l5 9.5h-10z"/>`;
    default:
      return `<path class="mark c${series}" d="M${a} ${(y - 6).toFixed(1)}l6 6l-6 6l-6 -6z"/>`;
  }
}

function style(): string {
  const colours = (theme: 0 | 1) =>
    COLOURS.map((pair, i) => `.line.c${i}{stroke:${pair[theme]}}.mark.c${i}{fill:${pair[theme]}}`).join('');
  return `<style>
svg{font:13px system-ui,sans-serif}
text{fill:#24292f}.title{font-size:16px;font-weight:600}
.paper{fill:#fff}.grid{stroke:#d8dee4;fill:none}.line{fill:none;stroke-width:2}
${colours(0)}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#0d1117}.grid{stroke:#30363d}${colours(1)}}
</style>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
