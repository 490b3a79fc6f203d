export { CourierModule, courierSchema } from './courier.module.js';
export { CourierProvider } from './courier.provider.js';
export { CourierSettings } from './courier.settings.js';
export { checkCourierSettings } from './settings-check.js';
export { isTrackNumber } from './track-number.js';
export { courierManifest } from './courier.manifest.js';
