import type { Schemas } from '../api.js';

type HealthState = Schemas['AccountOverview']['health']['state'];

/** How a state looks: what passes by itself warns, what somebody has to end is bad. */
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

/** How a state of health is shown in a notice. */
export function toTone(state: HealthState): 'good' | 'warn' | 'bad' | 'info' {
  return TONES[state];
}
