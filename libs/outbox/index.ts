export * from './outbox.entity.js';
export * from './outbox-packer.js';
export * from './outbox.service.js';
export * from './outbox.flusher.js';
export * from './outbox-cleaning.js';
export * from './outbox.module.js';
export { DirectSender } from './direct-sender.js';
export * from './outbox-failures.js';
export * from './outbox-waiting.js';
