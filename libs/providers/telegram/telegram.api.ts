import type { ApiMethods, Opts } from '@grammyjs/types';
import type { ChatProvider } from '#chat/port';
import {
  type ApiMethod,
  extendContext,
  type HttpStream,
  isRefusal,
  makeError,
  openForm,
  type ProviderError,
  type Reply,
  says,
  Service,
  SharedNote,
  type UploadedFile,
} from '#provider-kit';
import { readBotId, type TelegramBot, type TelegramContext, type TelegramSettings } from './telegram.settings.js';
import { texts } from './telegram.texts.js';
import { answer, bot, done, filePath, messageIds, profilePhotos, refusal, webhookInfo } from './telegram.wire.js';

/** Bytes of a file that a bot may download. */
export const MOST_BYTES_IN = 20_000_000;

/**
 * The Bot API's methods and their parameters. Files are uploaded or referred to, never put into parameters.
 */
type Method = keyof ApiMethods<never> & string;
type Parameters<M extends Method> = Opts<never>[M];
type Files = 'photo' | 'document' | 'voice' | 'audio';
/** The parameters of a message. Files may be uploaded instead. */
type MessageParameters<M extends Method> = Omit<Parameters<M>, Files> & Partial<Pick<Parameters<M>, Files & keyof Parameters<M>>>;

/** A call's context with the bot that makes it. */
export type BotContext = TelegramContext & { readonly bot: Pick<TelegramBot, 'token'> };

/** The meaning of Telegram's words, which are for people, so only parts of them are compared. */
type Meaning = 'blocked' | 'noCustomer' | 'noText' | 'noPhoto' | 'noVoice' | 'tooLarge' | 'forbidden';

/**
 * Declares the Bot API. Its methods are `POST`. A message is sent once, as there is no key for repeats. A
 * call is refused during the pause that Telegram wants for its chat.
 * @param baseUrl replaces Telegram's address, such as by a Bot API server of the operator
 */
export function declareTelegram(baseUrl = 'https://api.telegram.org') {
  const address = baseUrl.replace(/\/+$/, '');
  const service = new Service<BotContext, Meaning>({
    name: 'Telegram',
    // The token is in each address, which no error and no log line contains. The journal masks tokens.
    url: (context) => `${address}/bot${context.bot.token}`,
    // An upload of 20 MB takes its time. The signal of the call ends it.
    http: { headersTimeoutMs: 60_000, totalTimeoutMs: 120_000 },
    unwrap: (body) => answer(body).result,
    refusal(body) {
      const { description, parameters: { retry_after: pause } = {} } = refusal(body);
      const retryAfterMs = pause === undefined ? undefined : pause * 1_000;
      return { problems: [description ? { message: description } : { code: 'none' }], retryAfterMs };
    },
    errors: [
      [401, 'auth'],
      // An address without a known token leads nowhere.
      [says(/^not found$/i), 'auth'],
      [429, 'rate_limited', { say: texts.tooOften }],
      [says(/message is not modified/i), 'done'],
      [says(/message to delete not found|message identifier is not specified|MESSAGE_ID_INVALID/i), 'missing'],
      [says(/no text in the message/i), 'noText'],
      [says(/blocked by the user/i), 'blocked', { say: texts.blocked }],
      [
        says(/user is deactivated|chat not found|user not found|initiate conversation|PEER_ID_INVALID/i),
        ...(['noCustomer', { say: texts.noCustomer }] as const),
      ],
      [says(/too big/i), 'tooLarge'],
      // Telegram could not make it a photo, or the photo's address led to none.
      [says(/PHOTO_|IMAGE_PROCESS|wrong file identifier|HTTP URL|wrong type of the web page/i), 'noPhoto'],
      [says(/VOICE_MESSAGES_FORBIDDEN|voice messages/i), 'noVoice'],
      [403, 'forbidden'],
    ],
    words: { none: texts.refused },
    refusedCredentials: texts.tokenRefused,
    secretsOf: (context) => [context.bot.token],
  });

  /**
   * Makes a call unless Telegram demanded a pause for its chat, or for the bot if the call is about no chat.
   */
  async function inTurn<T>(context: BotContext, parameters: object, call: () => Promise<T>): Promise<T> {
    const place = { bot: readBotId(context.bot), chat: 'chat_id' in parameters ? String(parameters.chat_id) : '' };
    await refuseEarly(place, context);
    try {
      return await call();
    } catch (error) {
      if (isRefusal(error, 'rate_limited')) await notePause(error.retryAfterMs, place, context);
      throw error;
    }
  }

  /** Declares a method that may be repeated. */
  function ask<M extends Method, T>(method: M, reply: Reply<T>) {
    const call = service.ask(`POST /${method as string}`, reply);
    return (context: BotContext, parameters: Parameters<M>): Promise<T> =>
      inTurn(context, parameters, () => call(context, { json: parameters }));
  }

  /** Declares a method that sends a message. Files replace parameters, or have the names of `attach://`. */
  function send<M extends Method>(method: M) {
    const call = service.act(`POST /${method as string}`, messageIds);
    return (context: BotContext, parameters: MessageParameters<M>, files?: readonly UploadedFile[]): Promise<number[]> =>
      inTurn(context, parameters, async () => call(context, files ? await openForm(parameters, files) : { json: parameters }));
  }

  return {
    unless: service.unless.bind(service) as typeof service.unless,
    getMe: ask('getMe', bot),
    getWebhookInfo: ask('getWebhookInfo', webhookInfo),
    setWebhook: ask('setWebhook', done),
    deleteWebhook: ask('deleteWebhook', done),
    answerCallbackQuery: ask('answerCallbackQuery', done),
    editMessageText: ask('editMessageText', done),
    editMessageCaption: ask('editMessageCaption', done),
    deleteMessage: ask('deleteMessage', done),
    setMessageReaction: ask('setMessageReaction', done),
    getFile: ask('getFile', filePath),
    getUserProfilePhotos: ask('getUserProfilePhotos', profilePhotos),
    sendMessage: send('sendMessage'),
    sendPhoto: send('sendPhoto'),
    sendDocument: send('sendDocument'),
    sendVoice: send('sendVoice'),
    sendMediaGroup: send('sendMediaGroup'),
    /** Opens a file by its path. Throws ProviderError `rejected` if it is gone or too large. */
    async download(context: BotContext, path: string): Promise<HttpStream> {
      const reply = await service.stream(
        `${address}/file/bot${context.bot.token}/${path.split('/').map(encodeURIComponent).join('/')}`,
        context,
      );
      if (reply.status < 400 && (reply.size ?? 0) <= MOST_BYTES_IN) return reply;
      reply.body.destroy();
      throw makeError('rejected', reply.status < 400 ? texts.fileTooLarge : texts.fileGone);
    },
  };
}

export type Telegram = ReturnType<typeof declareTelegram>;

/** A function that becomes a method of the provider. */
export type TelegramMethod<Name extends keyof ChatProvider> = ApiMethod<Telegram, ChatProvider<TelegramSettings>, Name>;

/** Adds the bot with this id to a context. Throws ProviderError `rejected` if the settings lack it. */
export function openBot(id: string, context: TelegramContext): BotContext & { readonly bot: TelegramBot } {
  const found = context.settings.bots.find((one) => readBotId(one) === id);
  if (!found) throw makeError('rejected', texts.botIsGone);
  return extendContext(context, { bot: found });
}

/** When pauses end, milliseconds of the clock that all processes share: by bot and chat. */
const pauses = new SharedNote<number>('pause ', { ttlSeconds: 86_400 });

/** The calls that must wait: calls about a chat of a bot, or calls of the bot about no chat. */
export interface PausePlace {
  bot: string;
  chat: string;
}

/**
 * Rejects a call before the time that Telegram set in a 429, received by any process: calls that do not wait
 * lead to bans.
 * @throws ProviderError `rate_limited` with the remaining milliseconds
 */
export async function refuseEarly(place: PausePlace, context: TelegramContext): Promise<void> {
  let left = 0;
  const read = (until: number | null, now: number): number | null => {
    left = (until ?? 0) - now;
    return until;
  };
  await pauses.change(toKey(place), read, context);
  if (left > 0) throw limit(left);
}

/** Notes a 429 and returns the error for it. `ms`: undefined if Telegram sets no time. */
export async function notePause(ms: number | undefined, place: PausePlace, context: TelegramContext): Promise<ProviderError> {
  if (ms !== undefined) await pauses.change(toKey(place), (until, now) => Math.max(until ?? 0, now + ms), context);
  return limit(ms);
}

function limit(retryAfterMs: number | undefined): ProviderError {
  return makeError('rate_limited', texts.tooOften, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function toKey({ bot, chat }: PausePlace): string {
  return `${bot} ${chat}`;
}
