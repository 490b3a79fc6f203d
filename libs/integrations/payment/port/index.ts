export * from './requests.js';
export * from './goods.js';
export * from './replies.js';
export * from './statuses.js';
export * from './manifest.js';
export * from './payment-provider.js';
export * from './shop-settings.js';
export * from './invoices.js';
