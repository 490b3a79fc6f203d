export { StripeProvider } from './stripe.provider.js';
export { StripeSettings, StripeShop } from './stripe.settings.js';
export type { StripeTarget } from './stripe.client.js';
