export * from './catalogue.js';
export * from './catalogue.module.js';
export { loadCatalogue } from './outside.js';
export { readCatalogue, readSettings } from './read-settings.js';
