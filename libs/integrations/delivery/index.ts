export * from './delivery.integration.js';
export * from './delivery.entity.js';
export * from './delivery.service.js';
export * from './delivery-statuses.service.js';
export * from './delivery-webhooks.service.js';
export * from './delivery-poll.js';
export * from './delivery-retention.js';
export * from './dto/callback.dto.js';
