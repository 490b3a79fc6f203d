export { MaxEnvironment } from './max.environment.js';
export { MaxProvider } from './max.provider.js';
export { MaxBot, MaxSettings } from './max.settings.js';
