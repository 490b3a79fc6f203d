export * from './asterisk-double.js';
export * from './double-call.js';
export type { DoubleChannel } from './double-channel.js';
export { tone } from './tone.js';
