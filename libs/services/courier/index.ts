export { CourierModule } from './courier.module.js';
export { CourierProvider } from './courier.provider.js';
export { CourierSettings } from './courier.settings.js';
export { CourierTrackNumbers1764000100000 } from './migrations/1764000100000-courier-track-numbers.js';
export { checkCourierSettings } from './settings-check.js';
export { isTrackNumber } from './track-number.js';
