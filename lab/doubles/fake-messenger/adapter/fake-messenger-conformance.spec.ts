import { getParser } from '#platform';
import { answerBusy, loseReplies, providerContext, webhookRequest } from '../../../../libs/testing/outside.js';
import { runChatConformance } from '../../../../libs/testing/conformance/index.js';
import { FakeMessenger } from '../fake-messenger.js';
import { manifest } from './fake-messenger.manifest.js';
import { FakeMessengerProvider } from './fake-messenger.provider.js';
import { FakeMessengerSettings } from './fake-messenger.settings.js';

for (const kind of ['none', 'idempotency-key'] as const)
  runChatConformance<FakeMessengerSettings>(`The fake messenger with recovery ${kind}`, {
    methods: [
      ...(['listAccounts', 'webhook', 'sendMessage', 'editMessage', 'deleteMessage'] as const),
      ...(['reactToMessage', 'markRead', 'openMedia'] as const),
    ],
    start: async () => {
      const messenger = await FakeMessenger.start();
      messenger.modes.usesReferences = kind === 'idempotency-key';
      const { apiKey, webhookSecret } = messenger;
      const provider = Object.assign(new FakeMessengerProvider(), { manifest: { ...manifest, recovery: { kind } } });
      const settings = getParser(FakeMessengerSettings).parse({ baseUrl: messenger.url, apiKey, webhookSecret });
      const wrong = { ...settings, apiKey: 'another-key' };
      const away = { ...settings, baseUrl: 'http://127.0.0.1:1' };
      return {
        provider,
        context: providerContext(settings, { now: new Date(), signal: AbortSignal.timeout(60_000) }),
        samples: {
          signWith: (request, secret) => ({ ...request, headers: { ...request.headers, 'x-messenger-secret': secret } }),
        },
        messenger: {
          account: 'shop',
          write: ({ person, text: words = '', files = [] }) => {
            const { chat, id } = messenger.write({ person, text: words, files: [...files] });
            return Promise.resolve({ chat, message: id });
          },
          takeWebhooks: () => Promise.resolve(messenger.webhooks.takeEvents().map(({ headers, body }) => webhookRequest(body, headers))),
          // A secret in a header does not cover the bytes.
          signed: false,
          secret: true,
          dated: false,
          listSent: (chat) =>
            Promise.resolve(
              messenger.sent(chat).map(({ id, text: words, deleted, file, quote, reaction }) => ({
                ...{ id, text: words, deleted, quote },
                ...(file && { file: file.bytes }),
                ...(reaction !== undefined && { reaction }),
              })),
            ),
          edit: ({ message }, text) => {
            const found = messenger.messages.find(({ id }) => id === message);
            if (found) messenger.edit(found, text);
          },
          read: (chat) => {
            for (const message of messenger.sent(chat)) messenger.read(message);
          },
          block: (person) => Promise.resolve(messenger.block(person)),
          loseReply: () => messenger.fail('sendMessage', { kind: 'drop-after' }),
        },
        faults: {
          lose: loseReplies(messenger, ['sendMessage', 'editMessage', 'deleteMessage', 'react', 'markRead']),
          busy: answerBusy(messenger),
          made: () => messenger.messages.filter(({ by }) => by === 'shop').length,
        },
        failures: [
          { name: 'a wrong key', kind: 'auth', act: (given) => provider.listAccounts({ ...given, settings: wrong }) },
          { name: 'an outage', kind: 'unavailable', act: (given) => provider.listAccounts({ ...given, settings: away }) },
        ],
        close: () => messenger.close(),
      };
    },
  });
