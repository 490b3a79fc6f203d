/** The parts of doubles. */
export { hand, type Hand, type Lists } from './control.js';
export * from './double.js';
export * from './draw-pages.js';
export * from './faults.js';
export * from './keys.js';
export * from './lose-replies.js';
export * from './modes.js';
export * from './moves.js';
export * from './page.js';
export * from './refusal.js';
export * from './rules.js';
export * from './webhooks.js';
export * from './wire.js';
