const WIDTH = 640;
const HEIGHT = 420;
const LEFT = 70;
const BOTTOM = 50;
const TOP = 40;

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
  const colours = ['#0b6e99', '#b35900', '#3b7a2a', '#7a3b7a'];
  const parts = [
    `<text x="${WIDTH / 2}" y="20" text-anchor="middle">Time of one search (CPU, best round); dashed: n log n</text>`,
  ];
  for (let power = Math.ceil(lowest); power <= highest + 1e-9; power++) {
    parts.push(
      `<path d="M${x(10 ** power)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/>`,
      `<text x="${x(10 ** power)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${(10 ** power).toLocaleString('en')}</text>`,
    );
  }
  for (let power = fastest; power <= slowest; power++) {
    parts.push(
      `<path d="M${LEFT} ${y(10 ** power)}H${WIDTH - 20}" stroke="#ddd"/>`,
      `<text x="${LEFT - 8}" y="${y(10 ** power) + 4}" text-anchor="end">${10 ** power} ms</text>`,
    );
  }
  series.forEach(({ name, points }, i) => {
    const [[first, ms]] = points;
    const law = points.map(([count]) => [count, (ms * count * Math.log(count)) / (first * Math.log(first))]);
    parts.push(
      `<path d="${path(law)}" fill="none" stroke="${colours[i]}" stroke-dasharray="4 4" opacity="0.6"/>`,
      `<path d="${path(points)}" fill="none" stroke="${colours[i]}" stroke-width="2"/>`,
      ...points.map(
        ([count, time]) =>
          `<circle cx="${x(count).toFixed(1)}" cy="${y(time).toFixed(1)}" r="3" fill="${colours[i]}"/>`,
      ),
      `<text x="${LEFT + 12}" y="${TOP + 18 + 18 * i}" fill="${colours[i]}">${name}</text>`,
    );
  });
  parts.push(
    `<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 10}" text-anchor="middle">players who wait</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${parts.join('\n')}</svg>\n`;
}
