import { type ChatManifest, describeBot } from '#chat/port';
import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { checkSettings } from './check.js';
import { MaxSettings } from './max.settings.js';
import { texts } from './max.texts.js';
import { MOST } from './parts.js';

/** Two bubbles of a dialogue: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="MAX">' +
  '<rect x="4" y="4" width="56" height="56" rx="16" fill="#5b4bd6"/><path d="M14 20h28v18H26l-8 7v-7h-4z" fill="#fff"/>' +
  '<path d="M46 28h4v16h-4v6l-7-6H30l5-3h11z" fill="#c9c2ff"/></svg>';

/** Bytes of a file at the gateway. */
const MOST_BYTES = 20 * 1024 * 1024;
/** Seconds after which a message that MAX does not list was never sent. */
const SETTLE_S = 10;

/** The first steps of an account with MAX. */
const firstSteps: readonly FirstStep<MaxSettings>[] = [
  { ...texts.firstSteps.token, section: SECTIONS.connect.code, isDone: ({ bots }) => bots.length > 0 },
  { ...texts.firstSteps.webhook, section: SECTIONS.connect.code, sign: 'set-up' },
  { ...texts.firstSteps.message, sign: 'used' },
];

/** The description of MAX for the CRM. */
export const maxManifest: ChatManifest<MaxSettings> = {
  code: 'max',
  portVersion: 2,
  title: texts.title,
  logo,
  // Bots belong to organisations and sole traders of Russia.
  countries: ['RU'],
  settings: MaxSettings,
  firstSteps,
  // Without tokens there is no bot. The account page adds the first one.
  describeMissing: ({ bots }) => (bots.length === 0 ? texts.noBots : undefined),
  createDefaultSettings: () => Object.assign(new MaxSettings(), { bots: [] }),
  checkSettings,
  recovery: { kind: 'find', settleSeconds: SETTLE_S },
  describeBot,
  describeMessenger: () => ({
    type: 'max',
    text: { maxLength: MOST.text, quotes: true, customerEdits: true, customerDeletes: true },
    image: { maxItems: MOST.images, maxBytes: MOST_BYTES, captionLength: MOST.text, captionEdits: true, quotes: true },
    file: { maxItems: 1, maxBytes: MOST_BYTES, captionLength: MOST.text, captionEdits: true, quotes: true },
    audio: { maxItems: 1, maxBytes: MOST_BYTES, quotes: true },
    cards: true,
    suggestions: ['text', 'phone', 'url'],
    customerId: 'any',
    newCustomer: 'no',
  }),
};
