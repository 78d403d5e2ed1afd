const WIDTH = 640;
const HEIGHT = 420;
const LEFT = 90;
const BOTTOM = 50;
const TOP = 40;

/** Legible on light and on dark paper, as the reader prefers. */
const STYLE = `<style>
.paper{fill:#fff}text{fill:#24292f}.grid{stroke:#ddd}.line{fill:none}
.line.s0{stroke:#0072b2}.mark.s0{fill:#0072b2}.line.s1{stroke:#b35900}.mark.s1{fill:#b35900}
.line.s2{stroke:#6e7781}.mark.s2{fill:#6e7781}
@media(prefers-color-scheme:dark){.paper{fill:#0d1117}text{fill:#e6edf3}.grid{stroke:#30363d}
.line.s0{stroke:#56b4e9}.mark.s0{fill:#56b4e9}.line.s1{stroke:#ff9d57}.mark.s1{fill:#ff9d57}
.line.s2{stroke:#8b949e}.mark.s2{fill:#8b949e}}
</style>`;

/** An SVG of time against the number of players, both on logarithmic axes, beside n log n through the first point. */
export function growthPlot(series) {
  const counts = series.flatMap(({ points }) => points.map(([count]) => count));
  const times = series.flatMap(({ points }) => points.map(([, ms]) => ms));
  const [lowest, highest] = [Math.min(...counts), Math.max(...counts)].map(Math.log10);
  const [fastest, slowest] = [
    Math.floor(Math.log10(Math.min(...times))),
    Math.ceil(Math.log10(Math.max(...times))),
  ];
  const x = (count) => LEFT + ((Math.log10(count) - lowest) / (highest - lowest)) * (WIDTH - LEFT - 20);
  const y = (ms) =>
    HEIGHT - BOTTOM - ((Math.log10(ms) - fastest) / (slowest - fastest)) * (HEIGHT - BOTTOM - TOP);
  const path = (points) =>
    points.map(([count, ms], i) => `${i ? 'L' : 'M'}${x(count).toFixed(1)} ${y(ms).toFixed(1)}`).join('');
  const parts = [
    `<text x="${WIDTH / 2}" y="20" text-anchor="middle">Time of one search (CPU, best round); dashed: n log n</text>`,
  ];
  for (let power = Math.ceil(lowest); power <= highest + 1e-9; power++) {
    parts.push(
      `<path d="M${x(10 ** power)} ${TOP}V${HEIGHT - BOTTOM}" class="grid"/>`,
      `<text x="${x(10 ** power)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${(10 ** power).toLocaleString('en')}</text>`,
    );
  }
  for (let power = fastest; power <= slowest; power++) {
    parts.push(
      `<path d="M${LEFT} ${y(10 ** power)}H${WIDTH - 20}" class="grid"/>`,
      `<text x="${LEFT - 8}" y="${y(10 ** power) + 4}" text-anchor="end">${10 ** power} ms</text>`,
    );
  }
  series.forEach(({ name, points }, i) => {
    const [[first, ms]] = points;
    const law = points.map(([count]) => [count, (ms * count * Math.log(count)) / (first * Math.log(first))]);
    parts.push(
      `<path d="${path(law)}" class="line s${i}" stroke-dasharray="4 4" opacity="0.6"/>`,
      `<path d="${path(points)}" class="line s${i}" stroke-width="2"/>`,
      ...points.map(
        ([count, time]) =>
          `<circle cx="${x(count).toFixed(1)}" cy="${y(time).toFixed(1)}" r="3" class="mark s${i}"/>`,
      ),
      `<text x="${LEFT + 12}" y="${TOP + 18 + 18 * i}" class="mark s${i}">${name}</text>`,
    );
  });
  parts.push(
    `<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 10}" text-anchor="middle">players who wait</text>`,
    `<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">processor time (milliseconds)</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">${STYLE}<rect width="100%" height="100%" class="paper"/>${parts.join('\n')}</svg>\n`;
}
