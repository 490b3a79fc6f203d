import type { Schemas } from '../api.js';

type HealthState = Schemas['AccountOverview']['health']['state'];

/** The tone of each state: `warn` if it ends automatically, `bad` if someone has to act. */
const TONES: Readonly<Record<HealthState, 'good' | 'warn' | 'bad' | 'info'>> = {
  ok: 'good',
  'service-away': 'warn',
  'crm-away': 'warn',
  'credentials-refused': 'bad',
  'crm-refuses': 'bad',
  'not-registered': 'bad',
  'not-set-up': 'info',
  retired: 'bad',
  frozen: 'info',
  off: 'info',
};

/** Returns a notice's tone for a health state. */
export function toTone(state: HealthState): 'good' | 'warn' | 'bad' | 'info' {
  return TONES[state];
}
