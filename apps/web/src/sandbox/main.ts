import { createApp } from 'vue';
import { restoreTheme } from '../kit/index.js';
import App from './App.vue';
import { startLive } from './live.js';
import { router } from './router.js';
import './screens.css';

restoreTheme();
void startLive();
createApp(App).use(router).mount('#app');
