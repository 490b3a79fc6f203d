import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const specs = ['**/*.spec.ts', '**/*.e2e-spec.ts', '{apps,tools}/*/test/**/*.ts', 'libs/testing/**/*.ts'];

/** Settings are read and checked in one place; whoever needs one is handed it. */
const noEnvironment = {
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'Settings come from classes that ConfigModule checks: see Configuration of #platform.' },
  ],
};

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '**/node_modules/', '**/.data/', 'libs/crm-client/generated/'] },
  js.configs.recommended,
  // Prettier breaks code and leaves comments alone.
  {
    ignores: ['**/migrations/**'],
    rules: { 'max-len': ['error', { code: 1000, comments: 110, ignoreUrls: true, ignorePattern: '@param|@typedef|@returns|\\* \\|' }] },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: {
      ...noEnvironment,
      '@typescript-eslint/no-explicit-any': 'error',
      // It leaves files with decorators alone, where an import may be needed for the metadata.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.vue'],
    extends: [tseslint.configs.recommended, vue.configs['flat/recommended']],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
    rules: {
      // Prettier's part.
      ...Object.fromEntries(
        [
          'max-attributes-per-line',
          'html-indent',
          'html-self-closing',
          'html-closing-bracket-newline',
          'first-attribute-linebreak',
          'singleline-html-element-content-newline',
          'multiline-html-element-content-newline',
          'html-closing-bracket-spacing',
        ].map((name) => [`vue/${name}`, 'off']),
      ),
      // Types and defaults are TypeScript's.
      'vue/require-default-prop': 'off',
      'no-undef': 'off',
      'vue/no-v-html': 'error',
      'vue/no-static-inline-styles': 'error',
    },
  },
  { files: specs, rules: { 'no-restricted-properties': 'off', 'no-console': 'off' } },
  // What is told its work by variables, and what talks to a terminal.
  {
    files: ['bench/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['tools/sandbox-crm/**/*.ts', 'apps/*/src/{main,migrate}.ts', 'libs/testing/doubles/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.mjs', '**/*.cjs'], languageOptions: { globals: globals.node } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
);
