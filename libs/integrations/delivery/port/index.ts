export * from './requests.js';
export * from './replies.js';
export * from './manifest.js';
export * from './delivery-provider.js';
export * from './address-line.js';
export * from './article.js';
export * from './pickup-point.js';
export * from './pieces.js';
