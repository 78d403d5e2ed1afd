import nx from '@nx/eslint-plugin';
import jsoncParser from 'jsonc-eslint-parser';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom. `rating` and `cert` stand alone; `store` holds plain data and knows no other lib;
 * applications use libraries, never each other; nothing imports `tools`.
 */
const depConstraints = [
  { sourceTag: 'lib:rating', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'lib:cert', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'lib:protocol', onlyDependOnLibsWithTags: ['lib:cert'] },
  { sourceTag: 'lib:matchmaker', onlyDependOnLibsWithTags: ['lib:rating'] },
  { sourceTag: 'lib:store', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'lib:admin-pki', onlyDependOnLibsWithTags: ['lib:cert'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib'] },
];

export default [
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '**/coverage', '**/test-output', '**/.nx'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: ['^.*/(eslint|jest)\\.(config|preset)\\.js$', '^.*/jest/postgres-cluster\\.js$'],
          depConstraints,
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    // Nest reads constructor parameter types at run time: an `import type` there would lose them.
    files: ['apps/master/**/*.ts', 'apps/admin/**/*.ts', 'src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['**/package.json'],
    languageOptions: { parser: jsoncParser },
    plugins: { '@nx': nx },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/test/**/*',
            '{projectRoot}/bench/**/*',
            '{projectRoot}/*.config.js',
            '{projectRoot}/scripts/**/*',
          ],
        },
      ],
    },
  },
  prettier,
];
