import base from '../../eslint.config.js';

export default [
  ...base,
  {
    files: ['**/package.json'],
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: ['{projectRoot}/test/**/*', '{projectRoot}/web/**/*', '{projectRoot}/*.config.js'],
          // Of express only types are imported: its code comes with @nestjs/platform-express, and must be that copy. Nest wants
          // rxjs beside it.
          ignoredDependencies: ['express', 'rxjs'],
        },
      ],
    },
  },
];
