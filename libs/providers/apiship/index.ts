export { ApishipEnvironment } from './apiship.environment.js';
export { ApishipProvider } from './apiship.provider.js';
export { ApishipSettings } from './apiship.settings.js';
