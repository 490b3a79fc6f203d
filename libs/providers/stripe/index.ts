export { StripeEnvironment } from './stripe.environment.js';
export { StripeProvider } from './stripe.provider.js';
export { StripeSettings, StripeShop } from './stripe.settings.js';
