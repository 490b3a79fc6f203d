export { makeYookassaApplication } from './consent.js';
export { YookassaEnvironment } from './yookassa.environment.js';
export { YookassaProvider } from './yookassa.provider.js';
export { YookassaSettings, YookassaShop } from './yookassa.settings.js';
