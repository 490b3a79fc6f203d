import { createApp } from 'vue';
import { restoreTheme } from '../kit/index.js';
import App from './App.vue';
import { router } from './router.js';

restoreTheme();
createApp(App).use(router).mount('#app');
