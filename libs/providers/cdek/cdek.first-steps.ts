import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { createDefaultSettings } from './cdek.settings.js';
import type { CdekSettings } from './cdek.settings.js';
import { texts } from './cdek.texts.js';

/** What a connection starts with: it is nobody’s. */
const EXAMPLE = createDefaultSettings();

/** What an account does first with CDEK. */
export const firstSteps: readonly FirstStep<CdekSettings>[] = [
  { ...texts.firstSteps.account, section: SECTIONS.connect.code, isDone: ({ contour }) => contour === 'production' },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  {
    ...texts.firstSteps.sender,
    section: SECTIONS.sender.code,
    isDone: ({ senderPhone, shipmentPoint, fromAddress }) => senderPhone !== EXAMPLE.senderPhone && !!(shipmentPoint || fromAddress),
  },
  { ...texts.firstSteps.delivery, section: 'rules', sign: 'used' },
];
