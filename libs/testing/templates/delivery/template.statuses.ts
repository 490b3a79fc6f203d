import { defineStatuses } from '#delivery/port';
import { texts } from './template.texts.js';

/** The statuses in life order, and the service's states that lead to each. */
export const STATUSES = defineStatuses([
  { code: 'registered', name: texts.statuses.registered, isEditable: true, from: ['accepted'] },
  { code: 'in-transit', name: texts.statuses['in-transit'], from: ['moving'] },
  { code: 'unrecognised', name: texts.statuses.unrecognised, from: 'unknown' },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true, from: ['handed_over'] },
  { code: 'cancelled', name: texts.statuses.cancelled, isFinal: true, from: ['withdrawn'] },
]);
