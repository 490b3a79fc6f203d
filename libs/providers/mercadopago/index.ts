export { makeMercadoPagoApplication } from './consent.js';
export { MercadoPagoEnvironment } from './mercadopago.environment.js';
export { MercadoPagoProvider } from './mercadopago.provider.js';
export { MercadoPagoSettings, MercadoPagoShop } from './mercadopago.settings.js';
