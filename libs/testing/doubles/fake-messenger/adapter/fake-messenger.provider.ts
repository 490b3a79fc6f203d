import {
  type ChatManifest,
  type ChatProvider,
  type DeliveryCode,
  DeliveryRefused,
  type MediaFile,
  type MessagePlace,
  type MessengerAccount,
  type OutMessage,
  type SentMessage,
} from '#chat/port';
import type { Recovery } from '#provider-kit';
import { FakeMessengerClient, MessengerRefusal, WireBots, WireFile, WireSent } from './fake-messenger.client.js';
import { type FakeMessengerContext, FakeMessengerSettings } from './fake-messenger.settings.js';
import { texts } from './fake-messenger.texts.js';
import { webhook } from './fake-messenger.webhook.js';

const CODES: Readonly<Record<string, DeliveryCode>> = { no_chat: 'customer_not_exists', blocked: 'access_restricted' };

/** The adapter to the fake messenger: bots with an API key, files uploaded before their message. */
export class FakeMessengerProvider implements ChatProvider<FakeMessengerSettings> {
  readonly manifest: ChatManifest<FakeMessengerSettings>;
  readonly webhook = webhook;
  private readonly client = new FakeMessengerClient();

  /** `recovery`: what a repeated reference does at the messenger. */
  constructor(code = 'fake-messenger', recovery: Recovery = { kind: 'none' }) {
    this.manifest = {
      code,
      title: texts.title,
      logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M6 10h52v34H30L16 58V44H6z" fill="#3b82c4"/></svg>',
      countries: ['ES', 'RU'],
      settings: FakeMessengerSettings,
      // Those of the double, so that the module works at once.
      createDefaultSettings: () =>
        Object.assign(new FakeMessengerSettings(), {
          ...{ baseUrl: 'http://127.0.0.1:4300', apiKey: 'fake-api-key', webhookSecret: 'fake-webhook-secret' },
        }),
      recovery,
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
  }

  async listAccounts(context: FakeMessengerContext): Promise<MessengerAccount[]> {
    const { bots } = await this.client.read(WireBots, { method: 'GET', path: '/bots', effect: false }, context);
    return bots.map(({ id, name }) => ({ id, name }));
  }

  async sendMessage(request: OutMessage, context: FakeMessengerContext): Promise<SentMessage> {
    const { reference, account, chat, customer, text, quote, media } = request;
    const files: string[] = [];
    for (const { name, type, size, open } of media) {
      // Nothing is seen before the message itself, so an upload that is repeated does no harm.
      const body = await open();
      const call = { method: 'POST', path: '/files', query: { name }, body, contentLength: size, effect: false } as const;
      files.push((await this.client.read(WireFile, { ...call, headers: { 'content-type': type } }, context)).id);
    }
    const json = {
      reference,
      ...(chat !== undefined ? { chat } : { customer }),
      ...(text !== undefined && { text }),
      ...(files.length > 0 && { files }),
      ...(quote?.[0] !== undefined && { quote: quote[0] }),
    };
    try {
      const path = `/bots/${encodeURIComponent(account)}/messages`;
      const sent = await this.client.read(WireSent, { method: 'POST', path, json, effect: true }, context);
      return { ids: sent.messages, ...(chat === undefined && { chat: sent.chat }) };
    } catch (error) {
      if (!(error instanceof MessengerRefusal)) throw error;
      throw new DeliveryRefused(CODES[error.code] ?? 'general', error.message, error.code);
    }
  }

  async editMessage(
    { account, ids: [id = ''], text }: MessagePlace & { ids: readonly string[]; text: string },
    context: FakeMessengerContext,
  ): Promise<void> {
    await this.change('PUT', account, id, '', { text }, context);
  }

  async deleteMessage({ account, ids }: MessagePlace & { ids: readonly string[] }, context: FakeMessengerContext): Promise<void> {
    for (const id of ids) await this.change('DELETE', account, id, '', undefined, context);
  }

  async reactToMessage(
    { account, id, emoji }: MessagePlace & { id: string; emoji?: string },
    context: FakeMessengerContext,
  ): Promise<void> {
    await this.change('PUT', account, id, '/reaction', emoji === undefined ? {} : { emoji }, context);
  }

  async markRead({ account, id }: MessagePlace & { id: string }, context: FakeMessengerContext): Promise<void> {
    await this.change('POST', account, id, '/read', {}, context);
  }

  async openMedia(_account: string, ref: string, context: FakeMessengerContext): Promise<MediaFile> {
    const { body, headers, size } = await this.client.open(ref, context);
    const type = headers['content-type'];
    return { body, ...(type !== undefined && { type }), ...(size !== undefined && { size }) };
  }

  /** Changes one message; one that is gone is a success. */
  private async change(
    method: 'POST' | 'PUT' | 'DELETE',
    account: string,
    id: string,
    what: string,
    json: object | undefined,
    context: FakeMessengerContext,
  ): Promise<void> {
    const path = `/bots/${encodeURIComponent(account)}/messages/${encodeURIComponent(id)}${what}`;
    try {
      await this.client.send({ method, path, ...(json && { json }), effect: true }, context);
    } catch (error) {
      if (!(error instanceof MessengerRefusal) || ![404, 410].includes(error.status)) throw error;
    }
  }
}
