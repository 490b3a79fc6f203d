export * from './provider-rows.js';
export * from './widget-actions.js';
export * from './widget-source.js';
export * from './widget-times.js';
export type * from './widget-view.js';
export * from './widget-words.js';
export type { StoredResult } from './widget.entity.js';
export * from './widgets.js';
export * from './widgets.module.js';
