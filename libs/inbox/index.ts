export * from './inbox-event.entity.js';
export * from './inbox.service.js';
export * from './inbox-cleaning.js';
export * from './inbox.module.js';
export * from './webhook-receivers.js';
export * from './inbox-failures.js';
export { UnreadableEventError } from './tries.js';
export { SecondBatch } from './second-batch.js';
export { UnreadableWebhookStore, type UnreadableSample, type UnreadableWebhooks } from './unreadable-webhooks.js';
