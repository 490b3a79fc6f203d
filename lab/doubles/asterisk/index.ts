export * from './asterisk-double.js';
export type { AsteriskFaults } from './asterisk-faults.js';
export * from './double-call.js';
export type { DoubleChannel } from './double-channel.js';
export { tone } from './tone.js';
