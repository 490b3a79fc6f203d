import type { RateLimiter } from '#crm-client';
import type { Reach } from '#platform';
import { type HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import { type BotMessage, readMessage, toId, toLoose, toText, toTime } from './bot-message.js';

/** Maximum number of messages in one list. */
export const MOST_MESSAGES = 1_000;
/** Milliseconds without calls of the bot after a 429 without a time. */
const PAUSE_MS = 1_000;
/** The gateway's own words: it has no error codes. */
const TOO_LATE = 'dialog is not the latest in the chat';

/** Access of a connection's bot to the message gateway. */
export interface BotAccess {
  readonly connectionId: string;
  /** Received from the CRM. */
  readonly endpointUrl: string;
  readonly token: string;
  readonly reach: Reach;
  /** Makes a call whose exchanges are in the journal under a name. */
  readonly journaled: <Result>(name: string, call: () => Promise<Result>) => Promise<Result>;
}

/** The active dialogue of a chat, and who is responsible for it. */
export interface ActiveDialog {
  id: number;
  responsible: string | undefined;
}

/** The dialogue has gone on meanwhile, which does not count as a fault. */
export class DialogOverError extends ProviderError {
  constructor(message: string) {
    super('rejected', message);
  }
}

/**
 * A client of the message gateway's Bot API for one account.
 * @throws ProviderError `rejected` with the gateway's text, `auth` for a rejected token, `rate_limited`,
 * `unavailable`, `unknown_outcome` if the reply to a message was lost
 */
export class BotClient {
  private readonly base: string;

  constructor(
    private readonly http: HttpClient,
    private readonly limiter: RateLimiter,
    private readonly access: BotAccess,
  ) {
    this.base = `${access.endpointUrl.replace(/\/+$/, '')}/api/bot/v1`;
  }

  /** Returns the gateway's id of the bot itself. */
  async findSelf(signal: AbortSignal): Promise<number> {
    const [bot] = (await this.list('bots', { self: 'true' }, signal)).filter((one) => toLoose(one)['is_self'] !== false);
    const id = toId(toLoose(bot)['id']);
    if (id === undefined) throw new ProviderError('unavailable', 'The message gateway does not list the bot');
    return id;
  }

  /** Sets name, picture and roles. */
  async setInfo(info: { name: string; avatar_url: string; roles: readonly string[] }, signal: AbortSignal): Promise<void> {
    await this.send('PATCH', 'my/info', signal, { json: info });
  }

  async listCommands(signal: AbortSignal): Promise<string[]> {
    return (await this.list('my/commands', { limit: '1000' }, signal)).flatMap((one) => toText(toLoose(one)['name']) ?? []);
  }

  async putCommand(name: string, description: string, signal: AbortSignal): Promise<void> {
    await this.send('PUT', `my/commands/${name}`, signal, { json: { name, description } });
  }

  async deleteCommand(name: string, signal: AbortSignal): Promise<void> {
    await this.send('DELETE', `my/commands/${encodeURIComponent(name)}`, signal);
  }

  /** Lists messages in the order of their ids, at most 1,000. */
  async listMessages(
    filter: { sinceId?: number | undefined; since?: Date | undefined; chat?: number; bot?: number },
    signal: AbortSignal,
  ): Promise<{ messages: BotMessage[]; isFull: boolean }> {
    const found = await this.list(
      'messages',
      {
        limit: String(MOST_MESSAGES),
        ...(filter.sinceId !== undefined && { since_id: String(filter.sinceId) }),
        ...(filter.since && { since: filter.since.toISOString() }),
        ...(filter.chat !== undefined && { chat_id: String(filter.chat) }),
        ...(filter.bot !== undefined && { bot_id: String(filter.bot) }),
      },
      signal,
    );
    const messages = found.flatMap((one) => readMessage(one) ?? []);
    return { messages: messages.toSorted((left, right) => left.id - right.id), isFull: found.length >= MOST_MESSAGES };
  }

  /** Sends a text once. Returns its id at the gateway, if the reply contains one. `quote`: a message. */
  async sendText(
    { chat, scope, content, quote }: { chat: number; scope: 'public' | 'private'; content: string; quote?: number },
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const json = { type: 'text', chat_id: chat, scope, content, ...(quote !== undefined && { quote_message_id: quote }) };
    const reply = await this.send('POST', 'messages', signal, { json });
    return reply.json((value) => toId(toLoose(value)['message_id']));
  }

  /** Finds the active dialogue of a chat. */
  async findDialog(chat: number, signal: AbortSignal): Promise<ActiveDialog | undefined> {
    const found = (await this.list('dialogs', { chat_id: String(chat), active: 'true' }, signal)).map(toLoose).at(-1);
    const id = toId(found?.['id']);
    return id === undefined ? undefined : { id, responsible: toText(toLoose(found?.['responsible'])['type']) };
  }

  /** Returns until when a chat's customer may be answered. Undefined: there is no limit. */
  async findReplyDeadline(chat: number, signal: AbortSignal): Promise<Date | undefined> {
    return toTime((await this.findOne('chats', chat, signal))?.['reply_deadline']);
  }

  /** Finds a customer's phone, as the messenger sent it. */
  async findPhone(customer: number, signal: AbortSignal): Promise<string | undefined> {
    return toText((await this.findOne('customers', customer, signal))?.['phone']);
  }

  private async findOne(path: string, id: number, signal: AbortSignal): Promise<ReturnType<typeof toLoose> | undefined> {
    return (await this.list(path, { id: String(id) }, signal)).map(toLoose).find((one) => one['id'] === id);
  }

  private async list(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown[]> {
    const reply = await this.send('GET', path, signal, { query });
    return reply.json((value) => {
      if (!Array.isArray(value)) throw new Error('no list');
      return value as unknown[];
    });
  }

  private send(
    method: HttpRequest['method'],
    path: string,
    signal: AbortSignal,
    content: Pick<HttpRequest, 'json' | 'query'> = {},
  ): Promise<HttpReply> {
    // Lists have the texts of all customers, which are not for the journal.
    if (method === 'GET') return this.call(method, path, signal, content);
    return this.access.journaled(`bot.${path.split('/').slice(0, 2).join('.')}`, () => this.call(method, path, signal, content));
  }

  private async call(
    method: HttpRequest['method'],
    path: string,
    signal: AbortSignal,
    content: Pick<HttpRequest, 'json' | 'query'>,
  ): Promise<HttpReply> {
    const { connectionId, token, reach } = this.access;
    try {
      await this.limiter.acquire(connectionId, 'general', { priority: 'interactive', signal });
    } catch (cause) {
      throw new ProviderError('unavailable', 'The message gateway was not called in time', { cause });
    }
    const reply = await this.http
      .send({
        ...content,
        ...{ method, url: `${this.base}/${path}`, effect: method === 'POST', reach, signal, headers: { 'x-bot-token': token } },
      })
      .catch((error: unknown) => {
        if (error instanceof ProviderError && error.kind === 'rate_limited')
          this.limiter.penalise(connectionId, 'general', error.retryAfterMs ?? PAUSE_MS);
        throw error;
      });
    if (reply.ok) return reply;
    const text = readErrors(reply) ?? `The message gateway rejected the call (${reply.status})`;
    throw text.includes(TOO_LATE) ? new DialogOverError(text) : new ProviderError('rejected', text);
  }
}

function readErrors(reply: HttpReply): string | undefined {
  try {
    const { errors } = toLoose(JSON.parse(reply.text()));
    return Array.isArray(errors) && errors.length > 0 ? errors.map(String).join('; ').slice(0, 500) : undefined;
  } catch {
    return undefined;
  }
}
