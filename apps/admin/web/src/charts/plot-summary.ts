/** A column of a plot, in words: where it stands, and between what it moved. For those who do not see the plot. */
export function plotSummary(
  label: string,
  at: readonly number[],
  values: readonly (number | null)[],
  valueText: (value: number) => string,
  timeText: (at: number) => string,
): string {
  let last: number | null = null;
  let lowest: { value: number; at: number } | null = null;
  let highest: { value: number; at: number } | null = null;
  for (const [index, value] of values.entries()) {
    const time = at[index];
    if (value === null || time === undefined) continue;
    last = value;
    if (lowest === null || value < lowest.value) lowest = { value, at: time };
    if (highest === null || value > highest.value) highest = { value, at: time };
  }
  if (last === null || lowest === null || highest === null) return `${label}: no values.`;
  const now = `${label}: last ${valueText(last)}`;
  if (lowest.value === highest.value) return `${now}, the same all the time.`;
  return (
    `${now}, lowest ${valueText(lowest.value)} at ${timeText(lowest.at)}, ` +
    `highest ${valueText(highest.value)} at ${timeText(highest.at)}.`
  );
}

/** Every so many entries, so that no more than `most` are left; the last is always among them. */
export function thinned(length: number, most: number): number[] {
  if (length === 0) return [];
  const step = Math.max(1, Math.ceil(length / most));
  const indexes: number[] = [];
  for (let index = length - 1; index >= 0; index -= step) indexes.unshift(index);
  return indexes;
}
