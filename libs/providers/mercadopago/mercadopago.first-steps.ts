import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { MercadoPagoSettings } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';

/** The first steps of an account with Mercado Pago. */
export const firstSteps: readonly FirstStep<MercadoPagoSettings>[] = [
  {
    ...texts.firstSteps.application,
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active }) => active),
  },
  {
    ...texts.firstSteps.webhook,
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active, webhookSecret }) => active && webhookSecret !== undefined),
  },
  { ...texts.firstSteps.payment, sign: 'used' },
];
