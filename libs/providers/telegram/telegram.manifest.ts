import { type ChatManifest, describeBot } from '#chat/port';
import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { REACTIONS } from './change.js';
import { checkSettings } from './check.js';
import { MOST } from './send.js';
import { TelegramSettings } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** A paper plane: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="Telegram">' +
  '<circle cx="32" cy="32" r="28" fill="#2f9fd8"/><path d="M12 31 52 15l-7 33-12-8-7 7-2-11z" fill="#fff"/>' +
  '<path d="m24 36 20-15-14 17-4 9z" fill="#b9dcf0"/></svg>';

/** Countries of the CRM. Telegram itself requires none. */
const COUNTRIES = 'AR BR CL CO ES GE KZ MX PE RU UY UZ'.split(' ');
/** Bytes of a file at the gateway. */
const MOST_BYTES = 20 * 1024 * 1024;

/** The first steps of an account with Telegram. */
const firstSteps: readonly FirstStep<TelegramSettings>[] = [
  { ...texts.firstSteps.token, section: SECTIONS.connect.code, isDone: ({ bots }) => bots.length > 0 },
  { ...texts.firstSteps.webhook, section: SECTIONS.connect.code, sign: 'set-up' },
  { ...texts.firstSteps.message, sign: 'used' },
];

/** The description of Telegram for the CRM. */
export const telegramManifest: ChatManifest<TelegramSettings> = {
  code: 'telegram',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: COUNTRIES,
  settings: TelegramSettings,
  firstSteps,
  // Without tokens there is no bot. The account page adds the first one.
  describeMissing: ({ bots }) => (bots.length === 0 ? texts.noBots : undefined),
  createDefaultSettings: () => Object.assign(new TelegramSettings(), { bots: [] }),
  checkSettings,
  recovery: { kind: 'none' },
  describeBot,
  describeMessenger: () => ({
    type: 'telegram',
    text: { maxLength: MOST.text, quotes: true, customerEdits: true },
    image: { maxItems: MOST.album, maxBytes: MOST.photoBytes, captionLength: MOST.caption, captionEdits: true, quotes: true },
    file: { maxItems: 1, maxBytes: MOST_BYTES, captionLength: MOST.caption, captionEdits: true, quotes: true },
    audio: { maxItems: 1, maxBytes: MOST_BYTES, quotes: true },
    cards: true,
    reactions: { dictionary: REACTIONS, most: 1 },
    suggestions: ['text', 'phone', 'url'],
    customerId: 'any',
    newCustomer: 'no',
  }),
};
