import { defineConfig } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import crossdock from './scripts/lint/plugin.mjs';

/** Templates of pages. All other rules are oxlint's. */
export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '**/node_modules/', '**/.data/'] },
  {
    files: ['**/*.vue'],
    plugins: { crossdock },
    extends: [vue.configs['flat/recommended']],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
    rules: {
      // The formatter's part.
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
      'vue/no-v-html': 'error',
      'vue/no-static-inline-styles': 'error',
      // Comments in templates, which oxlint does not read.
      'crossdock/voice': 'error',
    },
  },
);
