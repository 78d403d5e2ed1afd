import base from '../../eslint.config.js';

export default [
  ...base,
  {
    files: ['**/package.json'],
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: ['{projectRoot}/test/**/*', '{projectRoot}/bench/**/*', '{projectRoot}/*.config.js'],
          // Only its types are imported. Its code comes with @nestjs/platform-express, and must be that copy.
          ignoredDependencies: ['express'],
        },
      ],
    },
  },
];
