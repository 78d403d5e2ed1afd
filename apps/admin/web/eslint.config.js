import reactHooks from 'eslint-plugin-react-hooks';
import base from '../../../eslint.config.js';

export default [
  ...base,
  { files: ['**/*.tsx'] },
  { ...reactHooks.configs.flat.recommended, files: ['**/*.ts', '**/*.tsx'] },
  {
    // The one door to the contract of the process that serves the page: types alone, nothing of it reaches the bundle.
    files: ['src/api/contract.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
];
