import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { createDefaultSettings } from './cdek.settings.js';
import type { CdekSettings } from './cdek.settings.js';
import { texts } from './cdek.texts.js';

/** The initial settings of a connection, which belong to no account. */
const EXAMPLE = createDefaultSettings();

/** The first steps of an account with CDEK. */
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
