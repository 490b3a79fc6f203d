export { ZadarmaEnvironment } from './zadarma.environment.js';
export { ZadarmaProvider } from './zadarma.provider.js';
export { ZadarmaSettings } from './zadarma.settings.js';
