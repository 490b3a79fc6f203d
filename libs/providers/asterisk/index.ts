export { AsteriskEnvironment } from './asterisk.environment.js';
export { AsteriskProvider } from './asterisk.provider.js';
export { AsteriskSettings } from './asterisk.settings.js';
