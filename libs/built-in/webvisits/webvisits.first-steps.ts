import type { FirstStep } from '#provider-kit';
import type { WebvisitsSettings } from './webvisits.settings.js';
import { texts } from './webvisits.texts.js';

/** First steps of an account with site visits. */
export const firstSteps: readonly FirstStep<WebvisitsSettings>[] = [
  { ...texts.firstSteps.sites, section: 'sites', isDone: ({ sites }) => sites.length > 0 },
  { ...texts.firstSteps.script, sign: 'used' },
];
