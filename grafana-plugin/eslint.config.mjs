import grafanaI18n from '@grafana/i18n/eslint-plugin';
import { defineConfig } from 'eslint/config';
import baseConfig from './.config/eslint.config.mjs';

// Linting starts at the repository's root (see the script `lint:code`), since the plugin's tests live in its test folder.
const sources = '**/src/**/*.{ts,tsx}';
const tests = '**/test/grafana-plugin/**/*.{ts,tsx}';

export default defineConfig([
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '**/.config/',
      '**/generated/',
      '**/grafana-plugin/scripts/',
      '**/coverage',
      '**/.eslintcache',
    ],
  },
  ...baseConfig,
  {
    files: [sources, tests],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      'max-lines': ['error', { max: 250 }],
      'no-console': 'error',
    },
  },
  {
    files: [sources],
    plugins: { '@grafana/i18n': grafanaI18n },
    rules: {
      '@typescript-eslint/no-deprecated': 'error',
      '@grafana/i18n/no-untranslated-strings': 'error',
      '@grafana/i18n/no-translation-top-level': 'error',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
]);
