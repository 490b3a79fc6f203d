import type { Readable } from 'node:stream';
import type { ApiMethods, Opts } from '@grammyjs/types';
import { type DtoClass, getParser, textFor } from '#platform';
import { HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { openForm, type UploadedFile } from './multipart.js';
import { notePause, refuseEarly } from './pauses.js';
import { TelegramRefusal, WireRefusal } from './telegram.errors.js';
import { readBotId, type TelegramBot, type TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

const URL_OF_API = 'https://api.telegram.org';
const TOO_MANY = 429;
/** Telegram says in the body what these mean. */
const EXPLAINED = [401, 403, TOO_MANY];
/** Bytes of a file that a bot may download. */
export const MOST_BYTES_IN = 20_000_000;

/** The token is refused: nothing can be done with this bot. */
export class TokenRefused extends ProviderError {
  constructor(language: string) {
    super('auth', `${textFor(texts.tokenRefused, language)}.`);
  }
}

/** The Bot API's methods, and their parameters: files are uploaded or named, never put into them. */
export type Method = keyof ApiMethods<never> & string;
export type Parameters<M extends Method> = Opts<never>[M];

/** Whose token a call is made with. */
export type Caller = Pick<TelegramBot, 'token'>;

/**
 * Telegram's Bot API. The token is a part of each address, which no error and no log line holds: HttpClient's
 * errors name no address, and the journal masks what looks like a token.
 * @throws TelegramRefusal; TokenRefused; ProviderError `rate_limited` with Telegram's own time, and as
 * HttpClient says
 */
export class TelegramClient {
  // An upload of 20 MB takes its time; the signal of the call ends it.
  private readonly http = new HttpClient({ name: 'Telegram', headersTimeoutMs: 60_000, totalTimeoutMs: 120_000, explains: EXPLAINED });
  private readonly url: string;

  /** `baseUrl` replaces Telegram's address: a double's, or that of a Bot API server of one's own. */
  constructor(baseUrl = URL_OF_API) {
    this.url = baseUrl.replace(/\/+$/, '');
  }

  /** The bot with this id. Throws ProviderError `rejected` if the settings lack it. */
  findBot(id: string, { settings, account }: TelegramContext): TelegramBot {
    const bot = settings.bots.find((one) => readBotId(one) === id);
    if (!bot) throw new ProviderError('rejected', textFor(texts.botIsGone, account.language));
    return bot;
  }

  /** Makes a call that may be repeated: a lost reply is `unavailable`. */
  async call<M extends Method>(bot: Caller, method: M, parameters: Parameters<M>, context: TelegramContext): Promise<void> {
    readResult(await this.send(bot, method, parameters, context, false), () => undefined);
  }

  /** As `call`, with a result of which `target` is read. */
  async read<M extends Method, T extends object>(
    target: DtoClass<T>,
    bot: Caller,
    method: M,
    parameters: Parameters<M>,
    context: TelegramContext,
  ): Promise<T> {
    const reply = await this.send(bot, method, parameters, context, false);
    return readResult(reply, (result) => getParser(target).parse(result));
  }

  /**
   * Sends a message, once: the Bot API has no key for repeats, so a lost reply is `unknown_outcome`. Returns
   * the ids of the messages that it became.
   */
  async post<M extends Method>(bot: Caller, method: M, parameters: Parameters<M>, context: TelegramContext): Promise<number[]> {
    return readMessageIds(await this.send(bot, method, parameters, context, true));
  }

  /** As `post`, with files to upload: each in the place of a parameter, or named there by `attach://`. */
  async upload<M extends Method>(
    bot: Caller,
    method: M,
    parameters: Omit<Parameters<M>, 'photo' | 'document' | 'voice' | 'audio'>,
    files: readonly UploadedFile[],
    context: TelegramContext,
  ): Promise<number[]> {
    const write = () => openForm(parameters, files, context.account.language);
    return readMessageIds(await this.exchange(bot, method, parameters, write, true, context));
  }

  /** Opens a file by its path. Throws ProviderError `rejected` for one that is gone or too large. */
  async download(bot: Caller, path: string, context: TelegramContext): Promise<{ body: Readable; size?: number }> {
    const { language } = context.account;
    const url = `${this.url}/file/bot${bot.token}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const reply = await this.http.stream({ method: 'GET', url, effect: false, reach: 'anywhere', signal: context.signal });
    if (reply.status < 400 && (reply.size ?? 0) <= MOST_BYTES_IN) return reply;
    reply.body.destroy();
    if (reply.status === 401) throw new TokenRefused(language);
    if (reply.status === TOO_MANY) throw await notePause(undefined, { bot: readBotId(bot), chat: '' }, context);
    throw new ProviderError('rejected', textFor(reply.status < 400 ? texts.fileTooLarge : texts.fileGone, language));
  }

  private send<M extends Method>(
    bot: Caller,
    method: M,
    parameters: Parameters<M>,
    context: TelegramContext,
    effect: boolean,
  ): Promise<HttpReply> {
    const write = () => Promise.resolve({ json: parameters as object });
    return this.exchange(bot, method, parameters, write, effect, context);
  }

  /** Makes one call, unless Telegram has asked to wait with its chat, or the bot where it is about none. */
  private async exchange(
    bot: Caller,
    method: Method,
    parameters: object,
    write: () => Promise<Pick<HttpRequest, 'json' | 'body' | 'headers'>>,
    effect: boolean,
    context: TelegramContext,
  ): Promise<HttpReply> {
    const { signal, account } = context;
    const place = { bot: readBotId(bot), chat: 'chat_id' in parameters ? String(parameters.chat_id) : '' };
    await refuseEarly(place, context);
    const url = `${this.url}/bot${bot.token}/${method}`;
    const reply = await this.http.send({ method: 'POST', url, ...(await write()), effect, reach: 'anywhere', signal });
    if (reply.ok) return reply;
    if (reply.status === TOO_MANY) throw await notePause(readPause(reply), place, context);
    throw toRefusal(reply, account.language);
  }
}

/** Milliseconds that Telegram wants to be left alone; what stands before it names none. */
function readPause(reply: HttpReply): number | undefined {
  try {
    const { parameters } = reply.json((value) => getParser(WireRefusal).parse(value));
    return parameters?.retry_after === undefined ? undefined : parameters.retry_after * 1_000;
  } catch {
    return undefined;
  }
}

function toRefusal(reply: HttpReply, language: string): ProviderError {
  const { error_code: code, description = '' } = reply.json((value) => getParser(WireRefusal).parse(value));
  // An address without a known token leads nowhere.
  if (code === 401 || (code === 404 && /^not found$/i.test(description))) return new TokenRefused(language);
  return new TelegramRefusal(code, description, language);
}

function readResult<T>(reply: HttpReply, read: (result: unknown) => T): T {
  return reply.json((value) => {
    if (typeof value !== 'object' || value === null || !('result' in value)) throw new Error('no result');
    return read(value.result);
  });
}

function readMessageIds(reply: HttpReply): number[] {
  return readResult(reply, (result) => (Array.isArray(result) ? result : [result]).map(readMessageId));
}

function readMessageId(message: unknown): number {
  const id: unknown = typeof message === 'object' && message !== null && 'message_id' in message ? message.message_id : undefined;
  if (!Number.isSafeInteger(id)) throw new Error('no message_id');
  return id as number;
}
