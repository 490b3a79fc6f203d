import { createApp } from 'vue';
import App from './App.vue';
import { readStart } from './start.js';

createApp(App, { start: readStart() }).mount('#app');
