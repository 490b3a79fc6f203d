export { CdekProvider } from './cdek.provider.js';
export { CdekSettings } from './cdek.settings.js';
