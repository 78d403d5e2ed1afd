import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * What every project's Jest run shares: ESM sources compiled by SWC, workspace packages taken from
 * their sources (the `@ranked/source` export condition), nothing mocked by default.
 */
export default {
  testEnvironment: 'node',
  // In the sandbox of the tests a global costs a slow look-up each time: with it tweetnacl takes ten times as long.
  sandboxInjectedGlobals: ['Math'],
  testEnvironmentOptions: { customExportConditions: ['@ranked/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  coverageProvider: 'v8',
  // A bound for what hangs, far above what a loaded machine needs: no test is about speed.
  testTimeout: 120_000,
};

/** For projects whose tests need PostgreSQL: one server for the whole run, at the URL of `RANKED_TEST_POSTGRES`. */
export const withPostgres = {
  globalSetup: here('./tools/jest/postgres-setup.js'),
  globalTeardown: here('./tools/jest/postgres-teardown.js'),
};
