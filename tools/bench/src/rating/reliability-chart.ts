import type { ReliabilityBin } from './judge.js';

/** One panel of the picture: how true the predictions of several contestants were on a history. */
export interface ReliabilityPanel {
  readonly history: string;
  readonly curves: readonly { readonly name: string; readonly bins: readonly ReliabilityBin[] }[];
}

/** Light and dark strokes, distinguishable for the colour-blind; the first curve of a panel gets the first, drawn bold. */
const COLOURS = [
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#ff9a52'],
  ['#00795c', '#2fd6a6'],
  ['#a34d80', '#e8a0cb'],
  ['#7a6a00', '#e0d04a'],
] as const;

const PANEL = 300;
const GAP = 72;
const TOP = 112;
const LEFT = 64;
const LOWEST = 0.4;
/** A share of fewer pairs than this says little: such points are left out. */
const FEWEST_PAIRS = 50;

const TICKS = [0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * Draws one panel per history, two in a row: how likely the favourite was said to win (across) against how often he won (up).
 * True predictions lie on the diagonal; below it a contestant is too sure, above it too timid.
 *
 * @returns an SVG document that follows the reader's light or dark setting
 */
export function reliabilityChart(panels: readonly ReliabilityPanel[]): string {
  const names = [...new Set(panels.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const columns = Math.min(2, panels.length);
  const rows = Math.ceil(panels.length / columns);
  const width = LEFT + columns * PANEL + (columns - 1) * GAP + 24;
  const height = TOP + rows * (PANEL + GAP) + 16;
  const colour = (name: string): number => names.indexOf(name) % COLOURS.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Reliability of predictions">`,
    style(),
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="28">How often favourites win, by how likely they were said to win</text>`,
    ...legend(names, colour),
    ...panels.flatMap((panel, index) => {
      const x = LEFT + (index % columns) * (PANEL + GAP);
      const y = TOP + Math.floor(index / columns) * (PANEL + GAP);
      return [`<g transform="translate(${x} ${y})">`, ...drawPanel(panel, colour), '</g>'];
    }),
    '</svg>',
    '',
  ].join('\n');
}

function style(): string {
  const strokes = (shade: 0 | 1): string =>
    COLOURS.map(
      (pair, i) => `.c${i}{stroke:${pair[shade]}}.d${i}{fill:${pair[shade]};stroke:${pair[shade]}}`,
    ).join('');
  return [
    '<style>',
    'text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}.history{font-weight:600}',
    '.paper{fill:#fff}.grid{stroke:#ddd}.diagonal{stroke:#888;stroke-dasharray:4 4}.curve{fill:none;stroke-width:1.5}.bold{stroke-width:3}',
    strokes(0),
    '@media (prefers-color-scheme:dark){text{fill:#ddd}.paper{fill:#16181d}.grid{stroke:#363a42}.diagonal{stroke:#888}',
    strokes(1),
    '}</style>',
  ].join('\n');
}

function legend(names: readonly string[], colour: (name: string) => number): string[] {
  return names.flatMap((name, i) => {
    const x = LEFT + (i % 3) * 215;
    const y = 52 + Math.floor(i / 3) * 20;
    return [
      `<line class="curve c${colour(name)}${i === 0 ? ' bold' : ''}" x1="${x}" y1="${y - 4}" x2="${x + 22}" y2="${y - 4}"/>`,
      `<text x="${x + 28}" y="${y}">${escaped(name)}</text>`,
    ];
  });
}

function drawPanel({ history, curves }: ReliabilityPanel, colour: (name: string) => number): string[] {
  const across = (p: number): string => ((PANEL * (p - 0.5)) / 0.5).toFixed(1);
  const up = (p: number): string => (PANEL * (1 - (p - LOWEST) / (1 - LOWEST))).toFixed(1);
  return [
    `<text class="history" x="0" y="-8">${escaped(history)}</text>`,
    ...TICKS.flatMap((tick) => [
      `<line class="grid" x1="${across(tick)}" y1="0" x2="${across(tick)}" y2="${PANEL}"/>`,
      `<line class="grid" x1="0" y1="${up(tick)}" x2="${PANEL}" y2="${up(tick)}"/>`,
      `<text x="${across(tick)}" y="${PANEL + 16}" text-anchor="middle">${tick * 100}</text>`,
      `<text x="-6" y="${Number(up(tick)) + 4}" text-anchor="end">${tick * 100}</text>`,
    ]),
    `<text x="${PANEL / 2}" y="${PANEL + 34}" text-anchor="middle">predicted, %</text>`,
    `<text transform="translate(-38 ${PANEL / 2}) rotate(-90)" text-anchor="middle">won, %</text>`,
    `<line class="diagonal" x1="${across(0.5)}" y1="${up(0.5)}" x2="${across(1)}" y2="${up(1)}"/>`,
    ...curves.toReversed().flatMap(({ name, bins }) => {
      const points = bins
        .filter(({ pairs }) => pairs >= FEWEST_PAIRS)
        .map(({ predicted, observed }) => [across(predicted), up(Math.max(LOWEST, observed))] as const);
      const bold = name === curves[0]?.name;
      return [
        `<polyline class="curve c${colour(name)}${bold ? ' bold' : ''}" points="${points.map((point) => point.join(',')).join(' ')}"/>`,
        ...points.map(
          ([x, y]) => `<circle class="d${colour(name)}" cx="${x}" cy="${y}" r="${bold ? 3.5 : 2}"/>`,
        ),
      ];
    }),
  ];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
