export * from './traffic.js';
export * from './traffic-store.js';
export * from './latencies.js';
