import base from '../../eslint.config.js';

export default [
  ...base,
  {
    // Examples are read by users of the package: they import it by its name.
    files: ['**/examples/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
];
