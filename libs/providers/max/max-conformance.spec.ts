import { expect } from '@jest/globals';
import { getParser } from '#platform';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { type ChatFile, runChatConformance } from '../../testing/conformance/index.js';
import { answerBusy, loseReplies } from '../../testing/conformance/lose-replies.js';
import { type MaxContent, MaxDouble } from '../../../lab/doubles/max/index.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { deriveSecret } from './hooks.js';
import { MaxProvider } from './max.provider.js';
import { MaxSettings } from './max.settings.js';
import { SECRET_HEADER } from './webhook.js';

function toContent(file: ChatFile, text: string): MaxContent {
  return { kind: file.type.startsWith('image/') ? 'image' : 'file', files: [file], text };
}

runChatConformance<MaxSettings>('MAX', {
  methods: [
    ...(['check', 'connect', 'disconnect', 'listAccounts', 'webhook', 'sendMessage', 'findMessage'] as const),
    ...(['editMessage', 'deleteMessage', 'openMedia', 'fetchUpdates'] as const),
  ],
  start: async () => {
    const max = await MaxDouble.start({ webhookUrls: 'any' });
    const posted = await PostedWebhooks.start();
    const { bot } = max;
    const { token: others } = max.addBot();
    max.webhooks.mode = 'hold';
    const botId = String(bot.user.user_id);
    const provider = new MaxProvider(max.url);
    const makeSettings = (token: string, other = others): MaxSettings =>
      getParser(MaxSettings).parse({
        bots: [
          { code: 'other', token: other },
          { code: 'shop', token },
        ],
      });
    const settings = makeSettings(bot.token);
    const wrong = makeSettings(`${bot.token}-wrong`, `${others}-wrong`);
    const context = providerContext(settings, {
      ...{ now: new Date(), signal: AbortSignal.timeout(60_000), webhookUrl: `${posted.url}max/webhooks/connection-1` },
    });
    await provider.connect({ replace: false }, context);
    const whileAway = async <T>(work: () => Promise<T>): Promise<T> => {
      for (const call of ['getMe', 'getSubscriptions', 'sendMessage', 'getMessages'] as const) max.fail(call, { kind: 'html' }, 10);
      return work().finally(() => max.faults.clear());
    };
    return {
      provider,
      context,
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['bots[0].token', 'bots[1].token'] }],
        whileAway,
        hooks: {
          // The address is the connection's, with the bot's id at its end.
          list: () => bot.subscriptions.map(({ url }) => url.replace(`/${botId}`, '')),
          occupy: (address) => max.steal(address),
          clear: () => (bot.subscriptions = []),
          post: () =>
            webhookRequest(
              '{"update_type":"dialog_muted","timestamp":1}',
              { [SECRET_HEADER]: bot.subscriptions[0]?.secret ?? '' },
              { path: botId },
            ),
        },
        signWith: (request, token) => ({
          ...request,
          headers: { [SECRET_HEADER]: deriveSecret(token, context.connectionId, botId) },
        }),
      },
      messenger: {
        account: botId,
        write: async ({ person, text = '', files = [] }) => {
          // The suite of `connect` leaves the place to others.
          if (!bot.subscriptions.some(({ url }) => url.startsWith(posted.url))) await provider.connect({ replace: true }, context);
          const [file] = files;
          const message = max.write(max.findWhom(person), file ? toContent(file, text) : text);
          return { chat: String(message.chat), message: message.mid };
        },
        edit: ({ message }, text) => {
          const kept = max.findMessage(message);
          if (kept) max.edit(kept, text);
        },
        takeWebhooks: async () => {
          await max.webhooks.flush();
          return posted.take().map((request) => ({ ...request, path: botId }));
        },
        // A secret in a header does not cover the bytes.
        signed: false,
        secret: true,
        dated: false,
        listSent: (chat) =>
          Promise.resolve(
            max.sent(Number(chat)).map(({ mid, text, deleted, files: [file], quote }) => ({
              ...{ id: mid, text, deleted, quote },
              ...(file && { file: file.bytes }),
            })),
          ),
        happenElsewhere: () => {
          const someone = max.findWhom('member');
          max.remove(max.write(someone, 'hello', { isGroup: true }));
        },
        block: (person) => Promise.resolve(max.stop(max.findWhom(person))),
        loseReply: () => max.fail('sendMessage', { kind: 'drop-after' }),
        refuseText: () => max.fail('sendMessage', { kind: 'refuse', message: 'the text is too odd' }),
      },
      faults: {
        lose: loseReplies(max, ['sendMessage', 'editMessage', 'deleteMessage', 'subscribe', 'unsubscribe'], {
          'expired-token': { kind: 'unauthorized' },
        }),
        busy: answerBusy(max),
        keepsPauses: true,
        made: () => max.sent().length,
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.listAccounts({ ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway(() => provider.listAccounts(given)) },
      ],
      close: async () => {
        expect(max.complaints).toEqual([]);
        await max.close();
        await posted.close();
      },
    };
  },
});
