export * from './inventory.integration.js';
export * from './inventory-retention.js';
