import remote from '@omnicajs/vue-remote/vite-plugin';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Builds the widgets' bundle in `npm run build`: one script and one stylesheet, which the CRM loads. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  plugins: [remote(), vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    'process.env.NODE_ENV': '"production"',
  },
  build: {
    outDir: '../../dist/widget',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: 'src/main.ts',
      output: { codeSplitting: false, entryFileNames: 'widget.[hash].js', assetFileNames: 'widget.[hash][extname]' },
    },
  },
});
