export { WebvisitsModule, webvisitsSchema } from './webvisits.module.js';
export { WebvisitsProvider } from './webvisits.provider.js';
export { WebvisitsSettings } from './webvisits.settings.js';
export { webvisitsManifest } from './webvisits.manifest.js';
