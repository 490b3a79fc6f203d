import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Builds the pages in `npm run build`. The api and the sandbox serve the files listed in the manifest. */
export default defineConfig({
  root: import.meta.dirname,
  // URLs inside the files are relative, because a proxy may serve us below any path.
  base: './',
  publicDir: false,
  plugins: [ownVueOfWidgets(), vue()],
  // Templates are compiled here, so nothing is evaluated in the browser.
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    manifest: 'manifest.json',
    // Browsers with `light-dark()`.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // A strict Content-Security-Policy allows neither `data:` URLs nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { operator: 'src/operator/main.ts', account: 'src/account/main.ts', sandbox: 'src/sandbox/main.ts', docs: 'src/docs/main.ts' },
    },
  },
});

/**
 * Gives the vendor's components in the sandbox CRM a separate Vue. They use parts of Vue that no page uses,
 * which would be in the first view of each page.
 * @returns {import('vite').Plugin}
 */
function ownVueOfWidgets() {
  const vue = fileURLToPath(new URL('../../node_modules/vue/dist/vue.runtime.esm-browser.prod.js', import.meta.url));
  return {
    name: 'own-vue-of-widgets',
    enforce: 'pre',
    resolveId: (source, importer = '') =>
      source === 'vue' && /\/node_modules\/(?!vue-router\/|vue\/|@vue\/|@tanstack\/)|\/widgets\/host-module\.ts/.test(importer)
        ? vue
        : undefined,
  };
}
