import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { CourierSettings } from './courier.settings.js';
import { texts } from './courier.texts.js';

/** First steps of an account with the courier service. */
export const firstSteps: readonly FirstStep<CourierSettings>[] = [
  {
    ...texts.firstSteps.zones,
    section: SECTIONS.connect.code,
    isDone: ({ zones, tariffs }) => zones.length > 0 && tariffs.length > 0,
  },
  {
    ...texts.firstSteps.sender,
    section: SECTIONS.sender.code,
    isDone: ({ senderName, senderPhone, senderAddress }) => !!senderName && !!senderPhone && !!senderAddress,
  },
  { ...texts.firstSteps.delivery, section: 'rules', sign: 'used' },
];
