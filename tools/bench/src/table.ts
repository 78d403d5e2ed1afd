import { isMet, type Figure } from './figure.js';

function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function bound({ atLeast, atMost }: Figure): string {
  return [
    atLeast === undefined ? '' : `≥ ${number(atLeast)}`,
    atMost === undefined ? '' : `≤ ${number(atMost)}`,
  ]
    .join(' ')
    .trim();
}

/** The figures as lines of text, one each, with what they were compared with below them. */
export function renderFigures(suite: string, figures: readonly Figure[]): string[] {
  const lines = [`\n${suite}`];
  for (const figure of figures) {
    const verdict = bound(figure) === '' ? '' : isMet(figure) ? 'met' : 'MISSED';
    lines.push(
      `  ${figure.figure.padEnd(76)} ${number(figure.value).padStart(9)} ${figure.unit.padEnd(5)} ${bound(figure).padEnd(10)} ${verdict}`,
    );
    if (figure.peer) lines.push(`      against ${figure.peer}`);
  }
  return lines;
}
