import { expect } from '@jest/globals';
import { getParser } from '#platform';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { type ChatFile, runChatConformance } from '../../testing/conformance/index.js';
import { answerBusy, loseReplies } from '../../testing/conformance/lose-replies.js';
import { type TelegramContent, TelegramDouble } from '../../../lab/doubles/telegram/index.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { deriveSecret } from './hooks.js';
import { readMessageId, toMessageId } from './ids.js';
import { TelegramProvider } from './telegram.provider.js';
import { TelegramSettings } from './telegram.settings.js';

/** Customers send pictures, which have several sizes, and documents. */
function toContent({ bytes, name, type: mimeType }: ChatFile, text: string): TelegramContent {
  const about = { bytes: Buffer.from(bytes), ...(text && { caption: text }) };
  return mimeType === 'image/jpeg'
    ? { kind: 'photo', ...about, width: 1_280, height: 960 }
    : { kind: 'document', ...about, name, mimeType };
}

runChatConformance<TelegramSettings>('Telegram', {
  methods: [
    ...(['check', 'connect', 'disconnect', 'listAccounts', 'webhook', 'sendMessage'] as const),
    ...(['editMessage', 'deleteMessage', 'reactToMessage', 'openMedia'] as const),
  ],
  start: async () => {
    const telegram = await TelegramDouble.start({ webhookUrls: 'any' });
    const posted = await PostedWebhooks.start();
    const { bot } = telegram;
    const { token: others } = telegram.addBot();
    telegram.webhooks.mode = 'hold';
    const botId = String(bot.id);
    const provider = new TelegramProvider(telegram.url);
    const makeSettings = (token: string, other = others): TelegramSettings =>
      getParser(TelegramSettings).parse({
        bots: [
          { code: 'other', token: other },
          { code: 'shop', token },
        ],
      });
    const settings = makeSettings(bot.token);
    const wrong = makeSettings(`${bot.token}-wrong`, `${others}-wrong`);
    const context = providerContext(settings, {
      ...{ now: new Date(), signal: AbortSignal.timeout(60_000), webhookUrl: `${posted.url}telegram/webhooks/connection-1` },
    });
    await provider.connect({ replace: false }, context);
    const people = new Map<string, ReturnType<TelegramDouble['addPerson']>>();
    const findPerson = (name: string): ReturnType<TelegramDouble['addPerson']> => {
      const person = people.get(name) ?? telegram.addPerson({ username: name.replaceAll('-', '_') });
      people.set(name, person);
      return person;
    };
    const whileAway = async <T>(work: () => Promise<T>): Promise<T> => {
      for (const call of ['getMe', 'getWebhookInfo', 'sendMessage'] as const) telegram.fail(call, { kind: 'html' }, 10);
      return work().finally(() => telegram.faults.clear());
    };
    return {
      provider,
      context,
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['bots[0].token', 'bots[1].token'] }],
        whileAway,
        hooks: {
          // The address is the connection's, with the bot's id at its end.
          list: () => (bot.webhook ? [bot.webhook.url.replace(`/${botId}`, '')] : []),
          occupy: (address) => telegram.steal(address),
          clear: () => (bot.webhook = undefined),
          post: () => webhookRequest('{"update_id":1}', { 'x-telegram-bot-api-secret-token': bot.webhook?.secret ?? '' }, { path: botId }),
        },
        signWith: (request, token) => ({
          ...request,
          headers: { 'x-telegram-bot-api-secret-token': deriveSecret(token, context.connectionId, botId) },
        }),
      },
      messenger: {
        account: botId,
        write: async ({ person: name, text = '', files = [] }) => {
          // The suite of `connect` leaves the place to others.
          if (!bot.webhook?.url.startsWith(posted.url)) await provider.connect({ replace: true }, context);
          const [file] = files;
          const content: TelegramContent = file ? toContent(file, text) : { kind: 'text', text };
          const { message } = telegram.write(findPerson(name), content);
          return { chat: String(message.chat.id), message: toMessageId(message.chat.id, message.message_id) };
        },
        edit: ({ chat, message }, text) => {
          const kept = bot.findMessage(chat, readMessageId(message)?.message ?? 0);
          if (kept) telegram.edit(kept, text);
        },
        takeWebhooks: async () => {
          await telegram.webhooks.flush();
          return posted.take().map((request) => ({ ...request, path: botId }));
        },
        // A secret in a header does not cover the bytes.
        signed: false,
        secret: true,
        dated: false,
        listSent: (chat) =>
          Promise.resolve(
            [...(bot.dialogues.get(Number(chat))?.messages ?? [])]
              .filter(({ by }) => by === 'bot')
              .map(({ message, deleted, file, reaction }) => ({
                ...{ id: toMessageId(chat, message.message_id), text: message.text ?? message.caption ?? '', deleted },
                ...(file && { file: file.bytes }),
                quote: message.reply_to_message && toMessageId(chat, message.reply_to_message.message_id),
                ...(reaction !== undefined && { reaction }),
              })),
          ),
        happenElsewhere: () => void telegram.write(findPerson('member'), 'hello', { group: telegram.addToGroup(findPerson('member')) }),
        block: (name) => Promise.resolve(telegram.block(findPerson(name))),
        loseReply: () => telegram.fail('sendMessage', { kind: 'drop-after' }),
        refuseText: () => telegram.fail('sendMessage', { kind: 'refuse', message: 'Bad Request: message is too odd' }),
      },
      faults: {
        lose: loseReplies(
          telegram,
          [
            ...(['sendDocument', 'sendMessage', 'editMessageText', 'deleteMessage', 'deleteMessages', 'setMessageReaction'] as const),
            ...(['setWebhook', 'deleteWebhook'] as const),
          ],
          { 'expired-token': { kind: 'unauthorized' } },
        ),
        busy: answerBusy(telegram),
        keepsPauses: true,
        made: () => [...bot.dialogues.values()].flatMap(({ messages }) => messages).filter(({ by }) => by === 'bot').length,
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.listAccounts({ ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway(() => provider.listAccounts(given)) },
      ],
      close: async () => {
        expect(telegram.complaints).toEqual([]);
        await telegram.close();
        await posted.close();
      },
    };
  },
});
