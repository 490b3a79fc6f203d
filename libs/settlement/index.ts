export * from './booking/booking-settings.js';
export * from './booking/bookings.js';
export * from './csv/register-layout.js';
export * from './money-pages.js';
export type * from './money-source.js';
export * from './money-sources.js';
export { toDay } from './money.comparison.js';
export * from './register-uploads.js';
export * from './settlement.module.js';
