export { CdekEnvironment } from './cdek.environment.js';
export { CdekProvider } from './cdek.provider.js';
export { CdekSettings } from './cdek.settings.js';
