import { type ChatManifest, describeBot } from '#chat/port';
import { FakeMessengerSettings } from './fake-messenger.settings.js';
import { texts } from './fake-messenger.texts.js';

/** The adapter's manifest. */
export const manifest: ChatManifest<FakeMessengerSettings> = {
  code: 'fake-messenger',
  portVersion: 2,
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M6 10h52v34H30L16 58V44H6z" fill="#3b82c4"/></svg>',
  countries: ['ES', 'RU'],
  settings: FakeMessengerSettings,
  // The double's settings, so that the module works immediately.
  createDefaultSettings: () =>
    Object.assign(new FakeMessengerSettings(), {
      ...{ baseUrl: 'http://127.0.0.1:4300', apiKey: 'fake-api-key', webhookSecret: 'fake-webhook-secret' },
    }),
  // A message that is sent again is another message.
  recovery: { kind: 'none' },
  describeBot,
  describeMessenger: () => ({
    type: 'custom',
    text: { maxLength: 4_096, quotes: true, customerEdits: true, customerDeletes: true },
    image: { maxItems: 10, maxBytes: 20 * 1024 * 1024, captionLength: 1_000, quotes: true },
    file: { maxItems: 10, maxBytes: 20 * 1024 * 1024, captionLength: 1_000, quotes: true },
    reactions: { dictionary: ['👍', '🔥'], most: 1, fromCustomers: true },
    receipts: { read: true },
    newCustomer: 'text',
  }),
};
