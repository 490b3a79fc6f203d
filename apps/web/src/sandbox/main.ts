import { createApp } from 'vue';
import { restoreTheme } from '../kit/index.js';
import App from './App.vue';

restoreTheme();
createApp(App).mount('#app');
