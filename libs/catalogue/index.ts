export * from './catalogue.js';
export * from './catalogue.module.js';
