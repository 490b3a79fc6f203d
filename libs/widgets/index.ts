export * from './widget-source.js';
export type * from './widget-view.js';
export * from './provider-rows.js';
export * from './widget-times.js';
export * from './widgets.module.js';
