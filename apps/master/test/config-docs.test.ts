import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { MasterConfig } from '../src/config/master-config.js';
import { settingsOf } from '../src/config/setting.js';

const DOCUMENT = new URL('../../../docs/operations.md', import.meta.url);

/** The row of a setting as docs/operations.md has to have it. */
function rows(): string[] {
  const defaults = new MasterConfig();
  return settingsOf(MasterConfig).map(({ field, env, secret, allowed, defaultText, about }) => {
    const plain = `\`${String(defaults[field as keyof MasterConfig])}\``;
    return `| \`${env}\`${secret ? ' ¹' : ''} | ${defaultText ?? plain} | ${allowed} | ${about} |`;
  });
}

test('the table of settings in docs/operations.md is that of the class, row by row', () => {
  const written = readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    // Widths of columns are the formatter's affair.
    .map((line) => line.replace(/ +/g, ' ').trim())
    .filter((line) => line.startsWith('| `RANKED_') && line.split(' | ').length === 4);
  expect(written).toEqual(rows().map((row) => row.replace(/ +/g, ' ')));
});
