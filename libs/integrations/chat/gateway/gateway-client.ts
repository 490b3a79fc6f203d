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
  GatewayTemplate,
  ListedChannel,
  MessageName,
  TakenMessage,
} from './gateway.types.js';

/** Maximum number of channels in one list. */
const MOST_CHANNELS = 1_000;
/** Milliseconds to pause after a 429 without a time. */
const PAUSE_MS = 1_000;
/** The gateway's own messages, because it has no error codes. */
const TEXTS = { known: 'Message with passed external_id already exists', noChannel: 'Channel not found' };

/** Last parts of paths that are not ids. */
const NAMED_ACTIONS: ReadonlySet<string> = new Set(['read', 'read_until', 'ack', 'reaction', 'upload']);

type Content = Pick<HttpRequest, 'json' | 'query' | 'body' | 'contentLength' | 'headers'>;

/** Access of an account's transport to the message gateway. */
export interface GatewayAccess {
  /** Received from the CRM. */
  readonly endpointUrl: string;
  readonly token: string;
  readonly reach: Reach;
  /** Key for counting calls. */
  readonly bucket: string;
  /** Makes a call whose exchanges are in the journal under a name. */
  readonly journaled: <Result>(name: string, call: () => Promise<Result>) => Promise<Result>;
}

/** The gateway does not have the channel. */
export class ChannelUnknownError extends ValidationError {}

/**
 * A client of the message gateway's Transport API for one account. `signal` ends a call.
 * @throws CrmError like calls of the CRM: ValidationError and NotFoundError for rejected content,
 * AuthenticationError for a rejected token, LimitError, TransportError (unavailable, or a lost reply),
 * ReplyError
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
   * Creates a channel, or reactivates the one with `id`. Returns its id. Not safe to repeat without `id`.
   * @throws ChannelUnknownError if there is no channel with that id
   */
  async createChannel(channel: ChannelInput & { id?: number }, signal: AbortSignal): Promise<number> {
    const reply = await this.send('POST', '/channels', signal, { json: channel });
    return this.read('POST', '/channels', reply, (value) => readId(toLoose(value)['id']));
  }

  /** Changes a channel. Throws ChannelUnknownError if there is no channel with that id. */
  async changeChannel(id: number, channel: ChannelInput, signal: AbortSignal): Promise<void> {
    await this.send('PUT', `/channels/${id}`, signal, { json: channel });
  }

  /** Deactivates a channel. Succeeds if it does not exist. */
  async deactivateChannel(id: number, signal: AbortSignal): Promise<void> {
    try {
      await this.send('DELETE', `/channels/${id}`, signal);
    } catch (error) {
      if (!(error instanceof ChannelUnknownError)) throw error;
    }
  }

  /** Lists the codes of a channel's templates. */
  async listTemplates(channel: number, signal: AbortSignal): Promise<string[]> {
    const reply = await this.send('GET', '/templates', signal);
    return this.read('GET', '/templates', reply, (value) => {
      if (!Array.isArray(value)) throw new Error('no list');
      // A template of the account itself may have no code.
      return value.flatMap((one: unknown) => (toLoose(one)['channel_id'] === channel ? (toText(toLoose(one)['code']) ?? []) : []));
    });
  }

  /** Adds a template to a channel. Not safe to repeat: list them first. */
  async activateTemplate(channel: number, template: GatewayTemplate, signal: AbortSignal): Promise<void> {
    await this.send('POST', `/channels/${channel}/templates`, signal, { json: template });
  }

  /** Changes a template of a channel. Its type does not change. */
  async changeTemplate(channel: number, code: string, template: Omit<GatewayTemplate, 'code'>, signal: AbortSignal): Promise<void> {
    const { type: _, ...json } = template;
    await this.send('PUT', toTemplatePath(channel, code), signal, { json });
  }

  /** Removes a template from a channel. Succeeds if it does not exist. */
  async deactivateTemplate(channel: number, code: string, signal: AbortSignal): Promise<void> {
    try {
      await this.send('DELETE', toTemplatePath(channel, code), signal);
    } catch (error) {
      if (!(error instanceof NotFoundError || error instanceof ChannelUnknownError)) throw error;
    }
  }

  /** Posts a message. Safe to repeat, because its external id is accepted once. */
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

  /** Marks a manager's message as read by the customer. */
  async markRead(channel: number, message: MessageName, signal: AbortSignal): Promise<void> {
    await this.send('POST', '/messages/read', signal, { json: { channel_id: channel, message } });
  }

  /** Marks managers' messages until a time as read by the customer. */
  async markReadUntil(channel: number, customer: string, until: Date, signal: AbortSignal): Promise<void> {
    const json = { channel_id: channel, customer_external_id: customer, until: until.toISOString() };
    await this.send('POST', '/messages/read_until', signal, { json });
  }

  /** Sends the outcome of a message that was answered with `async: true`. */
  async acknowledge(acknowledgement: Acknowledgement, signal: AbortSignal): Promise<void> {
    await this.send('POST', '/messages/ack', signal, { json: acknowledgement });
  }

  /** Adds a customer's reaction. */
  async addReaction(channel: number, message: MessageName, reaction: string, signal: AbortSignal): Promise<void> {
    await this.send('POST', '/messages/reaction', signal, { json: { channel, message, reaction } });
  }

  /** Removes a customer's reaction. */
  async removeReaction(channel: number, message: MessageName, reaction: string, signal: AbortSignal): Promise<void> {
    await this.send('DELETE', '/messages/reaction', signal, { json: { channel, message, reaction } });
  }

  /**
   * Uploads a file of at most 20 MiB. Returns its id. `type` is its media type, `size` a stream's length in
   * bytes, if known.
   */
  async uploadFile(body: Uint8Array | Readable, type: string, signal: AbortSignal, size?: number): Promise<string> {
    const path = '/files/upload';
    const content = { body, headers: { 'content-type': type }, ...(size !== undefined && { contentLength: size }) };
    const reply = await this.send('POST', path, signal, content);
    return this.read('POST', path, reply, (value) => readText(toLoose(value)['id']));
  }

  /** Returns a file by its id. Throws NotFoundError. */
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
   * @throws ProviderError `rejected` if it no longer exists, `unavailable`. The stream fails with the latter
   */
  async openFile({ url }: GatewayFile, maxBytes: number, signal: AbortSignal): Promise<Readable> {
    const { reach } = this.access;
    const { status, body } = await this.http.stream({ method: 'GET', url, effect: false, reach, signal }, { maxBytes });
    if (status >= 400) throw new ProviderError('rejected', 'The message gateway no longer has the file');
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
        ? new AbortedError('the caller aborted the call', { ...details, outcome: 'not_sent' })
        : this.toCrmError(error, details);
    }
    if (!reply.ok) throw toRejection(reply, details);
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

/** Maps an error reply. A reply without JSON does not come from the gateway. */
function toRejection(reply: HttpReply, { verb, path }: CrmErrorDetails): ValidationError | NotFoundError | ReplyError {
  const texts = readTexts(reply);
  if (!texts) {
    const text = `the message gateway responded with ${reply.status} without JSON`;
    return new ReplyError(text, { verb, path, status: reply.status, outcome: 'unknown' });
  }
  const details = { verb, path, status: reply.status, ...(texts.length > 0 && { apiMessage: texts.join('; ') }) };
  const text = texts.length > 0 ? texts.join('; ') : `the message gateway rejected the request (${reply.status})`;
  if (texts.includes(TEXTS.noChannel)) return new ChannelUnknownError(text, details, {}, null);
  return reply.status === 404 ? new NotFoundError(text, details) : new ValidationError(text, details, {}, null);
}

/** Returns the messages of an error reply, or undefined if it is not JSON. */
function readTexts(reply: HttpReply): string[] | undefined {
  try {
    const errors: unknown = (JSON.parse(reply.text()) as { errors?: unknown } | null)?.errors;
    return Array.isArray(errors) ? errors.map(String) : [];
  } catch {
    return undefined;
  }
}

/** Codes contain `#` and may contain any other character. */
function toTemplatePath(channel: number, code: string): string {
  return `/channels/${channel}/templates/${encodeURIComponent(code)}`;
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
