export * from './web-analytics.js';
