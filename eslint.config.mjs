import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import checkFile from 'eslint-plugin-check-file';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { frameworkConfig } from './tools/lint/framework-config.mjs';
import { projectBoundaries } from './tools/lint/project-boundaries.mjs';

export default defineConfig(
  globalIgnores(['**/node_modules/', '**/dist/', '**/coverage/', '**/tmp/', '.nx/', '.datakit/']),
  eslint.configs.recommended,
  tseslint.configs.recommended,
  {
    name: 'every file',
    files: ['**/*.{ts,js,mjs,cjs}'],
    plugins: { 'check-file': checkFile, '@nx': nx },
    languageOptions: { globals: globals.node },
    rules: {
      'max-lines': ['error', 250],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'check-file/filename-naming-convention': ['error', { '**/*': 'KEBAB_CASE' }, { ignoreMiddleExtensions: true }],
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: projectBoundaries }],
    },
  },
  {
    name: 'TypeScript',
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A forgotten await is a load that reports success before it has ended.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    name: 'CommonJS',
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    name: 'libraries',
    files: ['libs/**'],
    // These are programs of their own: the binary, and the process that keeps a server of ours.
    ignores: ['libs/*/bin/**', 'libs/framework/src/servers/keeper/keeper*.ts'],
    rules: {
      // Whoever exits here cuts off the cleanup of everyone else in the process; only a binary may.
      'no-restricted-properties': ['error', { object: 'process', property: 'exit', message: 'Set process.exitCode.' }],
    },
  },
  frameworkConfig(import.meta.dirname),
  prettier,
);
