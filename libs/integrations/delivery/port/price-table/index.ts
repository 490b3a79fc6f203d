/** The price table, with its parts for the courier. Carriers use the exports of the port. */
export * from './calendar.js';
export * from './packed.js';
export * from './parcel-size.js';
export * from './place-names.js';
export * from './postal-codes.js';
export * from './price-table.settings.js';
export * from './pricing.js';
export * from './shared.settings.js';
export * from './table-quote.js';
export * from './terms.js';
export * from './volumetric-weight.js';
export * from './zone-finder.js';
export * from './zone-problems.js';
