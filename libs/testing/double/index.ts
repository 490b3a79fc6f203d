/** The parts of doubles. */
export * from '../hand-page.js';
export { drawPages } from '../pdf.js';
export { hand, type Hand, type Lists } from './control.js';
export * from './double.js';
export * from './faults.js';
export * from './keys.js';
export * from './modes.js';
export * from './moves.js';
export * from './oauth-desk.js';
export * from './refusal.js';
export * from './rules.js';
export * from './webhooks.js';
export * from './wire.js';
