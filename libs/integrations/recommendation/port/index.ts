export * from './recommendation-provider.js';
