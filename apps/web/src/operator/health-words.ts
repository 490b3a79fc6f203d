import type { Schemas } from './api.js';

/** The state of a shop's connection, with the API's names. */
export type HealthState = keyof Schemas['Overview']['connections'];

/** Title and tone of a state in a `UiBadge`. */
export interface HealthWords {
  readonly title: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
}

/** The name of each state in two or three words, in display order. */
export const HEALTH_WORDS: Readonly<Record<HealthState, HealthWords>> = {
  ok: { title: 'Healthy', tone: 'good' },
  'service-away': { title: 'Service unavailable', tone: 'warn' },
  'crm-away': { title: 'CRM unavailable', tone: 'warn' },
  'credentials-refused': { title: 'Credentials rejected', tone: 'bad' },
  'crm-refuses': { title: 'Rejected by CRM', tone: 'bad' },
  'not-registered': { title: 'Not registered', tone: 'bad' },
  'not-set-up': { title: 'Not set up', tone: 'plain' },
  retired: { title: 'Retired', tone: 'bad' },
  frozen: { title: 'Frozen', tone: 'plain' },
  off: { title: 'Disabled', tone: 'plain' },
};

/** The states, in display order. */
export const HEALTH_STATES = Object.keys(HEALTH_WORDS) as HealthState[];
