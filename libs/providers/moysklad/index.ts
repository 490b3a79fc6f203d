export { MoyskladEnvironment } from './moysklad.environment.js';
export { MoyskladProvider } from './moysklad.provider.js';
export { MoyskladSettings } from './moysklad.settings.js';
