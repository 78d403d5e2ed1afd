import { existsSync } from 'node:fs';
import { SUITES, suitesNamed } from '../src/suites.js';

const names = (...chosen: string[]): string[] => suitesNamed(chosen).map(({ name }) => name);

test('a name stands for its program, or for those it is the first word of', () => {
  expect(names('tick')).toEqual(['tick']);
  expect(names('rating')).toEqual(['rating-speed', 'rating-replay', 'rating-accuracy']);
  expect(names('rating-speed', 'protocol')).toEqual(['protocol', 'rating-speed']);
});

test.each(['nothing', 'rat', '', 'rating-'])('%j stands for nothing', (name) => {
  expect(() => suitesNamed([name])).toThrow(`there is no benchmark '${name}'`);
});

test('every program that is not built is there', () => {
  const missing = SUITES.map(({ file }) => file).filter(
    (file) => !file.includes('/dist/') && !existsSync(new URL(`../../../${file}`, import.meta.url)),
  );
  expect(missing).toEqual([]);
});
