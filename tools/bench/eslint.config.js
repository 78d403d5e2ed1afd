import base from '../../eslint.config.js';

export default [
  ...base,
  {
    files: ['package.json'],
    rules: {
      // All that a benchmark measures against is a development dependency; nobody installs this package.
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: ['{projectRoot}/test/**/*', '{projectRoot}/*.config.js'],
          ignoredDependencies: ['glicko2', 'openskill', 'ts-trueskill'],
        },
      ],
    },
  },
];
