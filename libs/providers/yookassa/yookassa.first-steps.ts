import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { YookassaSettings } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';

/** The first steps of an account with YooKassa. */
export const firstSteps: readonly FirstStep<YookassaSettings>[] = [
  {
    ...texts.firstSteps.shop,
    section: SECTIONS.connect.code,
    isDone: ({ shops }) => shops.some(({ active }) => active),
  },
  { ...texts.firstSteps.receipts, section: SECTIONS.connect.code, sign: 'checked' },
  {
    ...texts.firstSteps.notifications,
    section: SECTIONS.connect.code,
    isDone: ({ hasNotifications }) => hasNotifications,
  },
  { ...texts.firstSteps.payment, sign: 'used' },
];
