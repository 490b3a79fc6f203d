export * from './attempt-store.js';
export * from './grant-renewal.js';
export * from './grant-store.js';
export * from './oauth-attempt.entity.js';
export * from './oauth-grant.entity.js';
