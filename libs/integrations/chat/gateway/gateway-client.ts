import type { Readable } from 'node:stream';
import {
  AbortedError,
  AuthenticationError,
  type CrmErrorDetails,
  LimitError,
  LimitWaitError,
  NotFoundError,
  type RateLimiter,
  ReplyError,
  TransportError,
  UsageError,
  ValidationError,
} from '#crm-client';
import type { Reach } from '#platform';
import { type HttpClient, type HttpReply, type HttpRequest, ProviderError } from '#provider-kit';
import type {
  Acknowledgement,
  ChannelInput,
  GatewayFile,
  GatewayMessage,
  ListedChannel,
  MessageName,
  TakenMessage,
} from './gateway.types.js';

/** Most channels of one list. */
const MOST_CHANNELS = 1_000;
/** Milliseconds after a 429 that does not say when to come back. */
const PAUSE_MS = 1_000;
/** The gateway's own texts; it has no codes. */
const TEXTS = { known: 'Message with passed external_id already exists', noChannel: 'Channel not found' };

/** Last parts of paths that are no ids. */
const NAMED_ACTIONS: ReadonlySet<string> = new Set(['read', 'read_until', 'ack', 'reaction', 'upload']);

type Content = Pick<HttpRequest, 'json' | 'query' | 'body' | 'contentLength' | 'headers'>;

/** Where an account's transport reaches the message gateway. */
export interface GatewayAccess {
  /** As the CRM told it. */
  readonly endpointUrl: string;
  readonly token: string;
  readonly reach: Reach;
  /** What calls are counted by. */
  readonly bucket: string;
  /** Makes a call with its exchanges in the journal, under a name. */
  readonly journaled: <Result>(name: string, call: () => Promise<Result>) => Promise<Result>;
}

/** The gateway does not know a channel. */
export class ChannelUnknownError extends ValidationError {}

/**
 * A client of the message gateway's Transport API for one account. `signal` ends a call.
 * @throws CrmError as calls of the CRM do: ValidationError and NotFoundError for refused content,
 * AuthenticationError for a refused token, LimitError, TransportError (away, or a lost reply), ReplyError
 */
export class GatewayClient {
  private readonly base: string;

  constructor(
    private readonly http: HttpClient,
    private readonly limiter: RateLimiter,
    private readonly access: GatewayAccess,
  ) {
    this.base = `${access.endpointUrl.replace(/\/+$/, '')}/api/transport/v1`;
  }

  /** Lists the active channels of the transport, at most 1,000. */
  async listActiveChannels(signal: AbortSignal): Promise<ListedChannel[]> {
    const reply = await this.send('GET', '/channels', signal, { query: { active: 'true', limit: MOST_CHANNELS } });
    return this.read('GET', '/channels', reply, (value) => {
      if (!Array.isArray(value)) throw new Error('no list');
      return value.map((one: unknown) => ({ id: readId(toLoose(one)['id']), externalId: toText(toLoose(one)['external_id']) }));
    });
  }

  /**
   * Makes a channel, or the one with `id` active again; returns its id. Not safe to repeat without `id`.
   * @throws ChannelUnknownError when there is none with that id
   */
  async createChannel(channel: ChannelInput & { id?: number }, signal: AbortSignal): Promise<number> {
    const reply = await this.send('POST', '/channels', signal, { json: channel });
    return this.read('POST', '/channels', reply, (value) => readId(toLoose(value)['id']));
  }

  /** Changes a channel. Throws ChannelUnknownError when there is none with that id. */
  async changeChannel(id: number, channel: ChannelInput, signal: AbortSignal): Promise<void> {
    await this.send('PUT', `/channels/${id}`, signal, { json: channel });
  }

  /** Switches a channel off. One that is not there is a success. */
  async deactivateChannel(id: number, signal: AbortSignal): Promise<void> {
    try {
      await this.send('DELETE', `/channels/${id}`, signal);
    } catch (error) {
      if (!(error instanceof ChannelUnknownError)) throw error;
    }
  }

  /** Posts a message; safe to repeat, since its external id is taken once. */
  async sendMessage(message: GatewayMessage, signal: AbortSignal): Promise<TakenMessage> {
    try {
      const reply = await this.send('POST', '/messages', signal, { json: message });
      return this.read('POST', '/messages', reply, (value) => {
        const { message_id: id, warnings } = toLoose(value);
        return { id: readId(id), warnings: Array.isArray(warnings) ? warnings.map(String) : [] };
      });
    } catch (error) {
      if (error instanceof ValidationError && error.apiMessage?.includes(TEXTS.known)) return { id: undefined, warnings: [] };
      throw error;
    }
  }

  /** Replaces the text of a text message. */
  async editMessage(channel: number, message: MessageName & { text: string }, signal: AbortSignal): Promise<void> {
    await this.send('PUT', '/messages', signal, { json: { channel, message } });
  }

  /** Deletes a message of either side. */
  async deleteMessage(channel: number, message: MessageName, signal: AbortSignal): Promise<void> {
    await this.send('DELETE', '/messages', signal, { json: { channel, message } });
  }

  /** The customer has read a manager's message. */
  async markRead(channel: number, message: MessageName, signal: AbortSignal): Promise<void> {
    await this.send('POST', '/messages/read', signal, { json: { channel_id: channel, message } });
  }

  /** The customer has read what managers wrote until then. */
  async markReadUntil(channel: number, customer: string, until: Date, signal: AbortSignal): Promise<void> {
    const json = { channel_id: channel, customer_external_id: customer, until: until.toISOString() };
    await this.send('POST', '/messages/read_until', signal, { json });
  }

  /** Says how a message ended that was answered with `async: true`. */
  async acknowledge(acknowledgement: Acknowledgement, signal: AbortSignal): Promise<void> {
    await this.send('POST', '/messages/ack', signal, { json: acknowledgement });
  }

  /** Adds a customer's reaction. */
  async addReaction(channel: number, message: MessageName, reaction: string, signal: AbortSignal): Promise<void> {
    await this.send('POST', '/messages/reaction', signal, { json: { channel, message, reaction } });
  }

  /** Takes a customer's reaction back. */
  async removeReaction(channel: number, message: MessageName, reaction: string, signal: AbortSignal): Promise<void> {
    await this.send('DELETE', '/messages/reaction', signal, { json: { channel, message, reaction } });
  }

  /**
   * Uploads a file of at most 20 MiB; returns its id. `type` is its media type, `size` that of a stream in
   * bytes, where known.
   */
  async uploadFile(body: Uint8Array | Readable, type: string, signal: AbortSignal, size?: number): Promise<string> {
    const path = '/files/upload';
    const content = { body, headers: { 'content-type': type }, ...(size !== undefined && { contentLength: size }) };
    const reply = await this.send('POST', path, signal, content);
    return this.read('POST', path, reply, (value) => readText(toLoose(value)['id']));
  }

  /** Finds a file by its id. Throws NotFoundError. */
  async findFile(id: string, signal: AbortSignal): Promise<GatewayFile> {
    const path = `/files/${encodeURIComponent(id)}`;
    const reply = await this.send('GET', path, signal);
    return this.read('GET', path, reply, (value) => {
      // `Url` is an older spelling.
      const { mime_type: mimeType, size, url, Url } = toLoose(value);
      return { id, mimeType: toText(mimeType), size: typeof size === 'number' ? size : undefined, url: readText(url ?? Url) };
    });
  }

  /**
   * Opens the bytes of a file, which need no token.
   * @throws ProviderError `rejected` when it is gone, `unavailable`; the stream fails with the latter
   */
  async openFile({ url }: GatewayFile, maxBytes: number, signal: AbortSignal): Promise<Readable> {
    const { reach } = this.access;
    const { status, body } = await this.http.stream({ method: 'GET', url, effect: false, reach, signal }, { maxBytes });
    if (status >= 400) throw new ProviderError('rejected', 'The message gateway does not have the file any more');
    return body;
  }

  private send(method: HttpRequest['method'], path: string, signal: AbortSignal, content: Content = {}): Promise<HttpReply> {
    const [, area = '', action = ''] = path.split('/');
    const name = `gateway.${area}${NAMED_ACTIONS.has(action) ? `.${action}` : ''}`;
    return this.access.journaled(name, () => this.exchange(method, path, signal, content));
  }

  private async exchange(method: HttpRequest['method'], path: string, signal: AbortSignal, content: Content): Promise<HttpReply> {
    const { token, reach, bucket } = this.access;
    const details = { verb: method, path };
    let reply: HttpReply;
    try {
      await this.limiter.acquire(bucket, 'general', { priority: 'interactive', signal });
      reply = await this.http.send({
        ...content,
        ...{ method, url: this.base + path, effect: method !== 'GET', reach, signal },
        headers: { ...content.headers, 'x-transport-token': token },
      });
    } catch (error) {
      throw signal.aborted && !(error instanceof ProviderError)
        ? new AbortedError('the caller gave up', { ...details, outcome: 'not_sent' })
        : this.toCrmError(error, details);
    }
    if (!reply.ok) throw toRefusal(reply, details);
    return reply;
  }

  private toCrmError(error: unknown, details: CrmErrorDetails): unknown {
    if (error instanceof LimitWaitError) return new LimitError(error.message, { ...details, outcome: 'not_sent' }, error.wait);
    if (!(error instanceof ProviderError)) return error;
    const { kind, message, retryAfterMs } = error;
    switch (kind) {
      case 'auth':
        return new AuthenticationError(message, details);
      case 'rate_limited':
        this.limiter.penalise(this.access.bucket, 'general', retryAfterMs ?? PAUSE_MS);
        return new LimitError(message, details, retryAfterMs);
      case 'invalid':
        return new UsageError(message, details);
      case 'unavailable':
        return new TransportError(message, { ...details, outcome: 'not_sent' }, 'UNAVAILABLE');
      default:
        return new TransportError(message, { ...details, outcome: 'unknown' }, 'LOST');
    }
  }

  private read<T>(verb: string, path: string, reply: HttpReply, read: (value: unknown) => T): T {
    try {
      return reply.json(read);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      throw new ReplyError(error.message, { verb, path, status: reply.status, outcome: 'unknown' });
    }
  }
}

/** Reads a refusal. An answer without JSON is not the gateway's. */
function toRefusal(reply: HttpReply, { verb, path }: CrmErrorDetails): ValidationError | NotFoundError | ReplyError {
  const texts = readTexts(reply);
  if (!texts) {
    const text = `the message gateway answered ${reply.status} without JSON`;
    return new ReplyError(text, { verb, path, status: reply.status, outcome: 'unknown' });
  }
  const details = { verb, path, status: reply.status, ...(texts.length > 0 && { apiMessage: texts.join('; ') }) };
  const text = texts.length > 0 ? texts.join('; ') : `the message gateway refused the request (${reply.status})`;
  if (texts.includes(TEXTS.noChannel)) return new ChannelUnknownError(text, details, {}, null);
  return reply.status === 404 ? new NotFoundError(text, details) : new ValidationError(text, details, {}, null);
}

/** The texts of a refusal; undefined when the answer is not JSON. */
function readTexts(reply: HttpReply): string[] | undefined {
  try {
    const errors: unknown = (JSON.parse(reply.text()) as { errors?: unknown } | null)?.errors;
    return Array.isArray(errors) ? errors.map(String) : [];
  } catch {
    return undefined;
  }
}

function toLoose(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readText(value: unknown): string {
  const text = toText(value);
  if (text === undefined) throw new Error('a text is missing');
  return text;
}

function readId(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw new Error('an id is missing');
  return value;
}
