export * from './catalogue.js';
export * from './catalogue.module.js';
export { loadCatalogue } from './outside.js';
