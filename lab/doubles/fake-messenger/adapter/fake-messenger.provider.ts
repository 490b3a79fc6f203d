import {
  type ChatProvider,
  type DeliveryCode,
  DeliveryRefused,
  type InMessage,
  type MediaFile,
  type MessagePlace,
  type MessengerAccount,
  type MessengerEvent,
  type OutMessage,
  type SentMessage,
} from '#chat/port';
import { isRefusal, ProviderError, type ProviderWebhook, readWebhook, sharedToken } from '#provider-kit';
import * as api from './fake-messenger.api.js';
import { manifest } from './fake-messenger.manifest.js';
import type { FakeMessengerContext, FakeMessengerSettings } from './fake-messenger.settings.js';

const CODES: Readonly<Record<string, DeliveryCode>> = { no_chat: 'customer_not_exists', blocked: 'access_restricted' };

/** The adapter to the fake messenger: bots with an API key, files uploaded before their message. */
export class FakeMessengerProvider implements ChatProvider<FakeMessengerSettings> {
  readonly manifest = manifest;
  /** A secret in a header, and one event in the body. */
  readonly webhook: ProviderWebhook<FakeMessengerSettings, MessengerEvent> = {
    verify: sharedToken<FakeMessengerContext>(
      ({ headers }) => headers['x-messenger-secret'],
      ({ settings }) => settings.webhookSecret,
    ),
    parse: (request) => [toEvent(readWebhook(request, api.event))],
    reply: () => ({ status: 200, body: '' }),
  };

  async listAccounts(context: FakeMessengerContext): Promise<MessengerAccount[]> {
    return (await api.readBots(context)).bots;
  }

  async sendMessage(request: OutMessage, context: FakeMessengerContext): Promise<SentMessage> {
    const { reference, account: bot, chat, customer, text, quote: [quote] = [], media } = request;
    const files: string[] = [];
    for (const { name, type, size, open } of media) {
      const file = { body: await open(), contentLength: size, headers: { 'content-type': type } };
      files.push((await api.uploadFile(context, { query: { name }, ...file })).id);
    }
    const to = chat === undefined ? { customer } : { chat };
    try {
      const json = { reference, ...to, text, quote, ...(files.length > 0 && { files }) };
      const sent = await api.sendMessage(context, { bot, json });
      return { ids: sent.messages, ...(chat === undefined && { chat: sent.chat }) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const [{ code = '', message = error.message } = {}] = error.problems;
      throw new DeliveryRefused(CODES[code] ?? 'general', message, String(code));
    }
  }

  async editMessage(
    { account: bot, ids: [id = ''], text }: MessagePlace & { ids: readonly string[]; text: string },
    context: FakeMessengerContext,
  ): Promise<void> {
    await api.service.unlessMissing(api.editMessage(context, { bot, id, json: { text } }));
  }

  async deleteMessage({ account: bot, ids }: MessagePlace & { ids: readonly string[] }, context: FakeMessengerContext): Promise<void> {
    for (const id of ids) await api.service.unlessMissing(api.deleteMessage(context, { bot, id }));
  }

  async reactToMessage(
    { account: bot, id, emoji }: MessagePlace & { id: string; emoji?: string },
    context: FakeMessengerContext,
  ): Promise<void> {
    await api.service.unlessMissing(api.react(context, { bot, id, json: { emoji } }));
  }

  async markRead({ account: bot, id }: MessagePlace & { id: string }, context: FakeMessengerContext): Promise<void> {
    await api.service.unlessMissing(api.markRead(context, { bot, id, json: {} }));
  }

  async openMedia(_account: string, id: string, context: FakeMessengerContext): Promise<MediaFile> {
    const { body, headers, size } = await api.openFile(context, { id });
    return { body, type: headers['content-type'], size };
  }
}

function toEvent({ id, bot: account, chat, at, customer, ...wire }: api.WireEvent): MessengerEvent {
  const { type, message = '', text = '', emoji = '', removed } = wire;
  const common = { id, account, chat, at: new Date(at) };
  switch (type) {
    case 'message':
      if (!customer) throw new ProviderError('invalid', 'A message has no customer');
      return { ...common, type, message: toMessage(wire), customer };
    case 'edit':
      return { ...common, type, message, text };
    case 'delete':
    case 'read':
      return { ...common, type, message };
    case 'reaction':
      return { ...common, type, message, emoji, removed };
    default:
      return { ...common, type };
  }
}

function toMessage({ message = '', text, quote, files = [] }: Pick<api.WireEvent, 'message' | 'text' | 'quote' | 'files'>): InMessage {
  const kind = files.length === 0 ? 'text' : files.every(({ type }) => type.startsWith('image/')) ? 'image' : 'file';
  const media = files.map(({ id, ...file }) => ({ ref: id, ...file }));
  return { ...{ id: message, kind, text, quote }, ...(media.length > 0 && { media }) };
}
