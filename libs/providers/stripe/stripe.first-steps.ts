import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { StripeSettings } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/** The first steps of an account with Stripe. */
export const firstSteps: readonly FirstStep<StripeSettings>[] = [
  {
    ...texts.firstSteps.key,
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active }) => active),
  },
  { ...texts.firstSteps.webhook, section: SECTIONS.connect.code, sign: 'set-up' },
  { ...texts.firstSteps.payment, sign: 'used' },
];
