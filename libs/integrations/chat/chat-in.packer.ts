import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '#connections';
import { type CrmClient, NotFoundError, ValidationError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { type OutboxEntry, type OutboxPacker, toErrand } from '#outbox';
import { toLanguage, toLogLine } from '#platform';
import type { GatewayClient } from './gateway/gateway-client.js';
import { ChatPictures } from './chat-pictures.js';
import { GatewayClients } from './gateway/gateway-clients.js';
import type { GatewayMessage, TakenMessage } from './gateway/gateway.types.js';
import { type StoredIn, toGatewayMessage, withDeadline } from './in-message.js';
import { CHAT_IN, type InRow, InStore } from './in-store.js';
import type { ChatProvider } from './port/index.js';

/**
 * Number of rejections after which a change of a message is given up. The gateway may receive the message
 * itself later.
 */
const MOST_REJECTIONS = 3;

/**
 * Sends customers' actions to the gateway. A repeat does no harm, because messages are recognized by their
 * external ids.
 */
@Injectable()
export class ChatInPacker implements OutboxPacker<{ message: string }> {
  private readonly logger = new Logger(ChatInPacker.name);
  readonly kind = CHAT_IN;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly store: InStore,
    private readonly gateways: GatewayClients,
    private readonly pictures: ChatPictures,
  ) {}

  /** Rows of a dialogue arrive together, but each is a call. */
  take(): number {
    return 1;
  }

  async send(_crm: CrmClient, connection: Connection, entries: OutboxEntry<{ message: string }>[], signal: AbortSignal): Promise<void> {
    for (const entry of entries) {
      const { payload, request } = entry;
      const row = await this.store.find(payload.message);
      // The message was sent before, or retention has deleted it.
      if (row?.state !== 'waiting' || row.payload === null || row.mgId === null) continue;
      await this.gateways.call(
        connection.id,
        (gateway) =>
          row.action === 'send'
            ? this.tellMessage(gateway, row, row.payload as StoredIn, connection, { signal, request })
            : this.tellAction(gateway, row, row.payload as StoredIn, { signal, request }),
        toErrand(CHAT_IN, [entry]),
      );
    }
  }

  private async tellMessage(
    gateway: GatewayClient,
    { id, mgId, account, chat, externalId }: InRow,
    stored: StoredIn,
    connection: Connection,
    { signal, request }: { signal: AbortSignal; request: string | null | undefined },
  ): Promise<void> {
    const place = { channel: Number(mgId), chat, externalId: externalId ?? id };
    const { customer } = stored;
    const avatarUrl = customer && (customer.avatarUrl ?? (await this.pictures.buildUrl(connection, { account, customer: customer.id })));
    const told = { ...stored, ...(customer && avatarUrl && { customer: { ...customer, avatarUrl } }) };
    const { replyHours } = this.providers.getManifest(connection).describeMessenger?.(connection.settings) ?? {};
    const message = toGatewayMessage(place, withDeadline(told, replyHours), toLanguage(connection.account.language));
    const taken = await this.post(gateway, message, signal);
    if (taken.warnings.length > 0) this.logger.warn(toLogLine(`message ${id} at the gateway: ${taken.warnings.join('; ')}`, request));
    await this.store.markSent(id, taken.id);
  }

  /** Posts a message. If the gateway does not have the quoted message, posts it without the quote. */
  private async post(gateway: GatewayClient, message: GatewayMessage, signal: AbortSignal): Promise<TakenMessage> {
    const { quote, ...bare } = message;
    if (!quote) return gateway.sendMessage(bare, signal);
    try {
      return await gateway.sendMessage(message, signal);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      return gateway.sendMessage(bare, signal);
    }
  }

  private async tellAction(
    gateway: GatewayClient,
    row: InRow,
    stored: StoredIn,
    { signal, request }: { signal: AbortSignal; request: string | null | undefined },
  ): Promise<void> {
    try {
      await callFor(gateway, row, stored, signal);
    } catch (error) {
      if (!(error instanceof ValidationError || error instanceof NotFoundError)) throw error;
      if ((await this.store.countRejection(row.id, error.message)) < MOST_REJECTIONS) throw error;
      this.logger.warn(toLogLine(`the message gateway rejected an update of a message (${row.action}): ${error.message}`, request));
      return this.store.markFailed(row.id, error.message);
    }
    await this.store.markSent(row.id);
  }
}

async function callFor(gateway: GatewayClient, row: InRow, { text, emoji, removed, until }: StoredIn, signal: AbortSignal): Promise<void> {
  const channel = Number(row.mgId);
  const message = { external_id: row.externalId ?? '' };
  switch (row.action) {
    case 'edit':
      return gateway.editMessage(channel, { ...message, text: text ?? '' }, signal);
    case 'delete':
      return gateway.deleteMessage(channel, message, signal);
    case 'react':
      return removed
        ? gateway.removeReaction(channel, message, emoji ?? '', signal)
        : gateway.addReaction(channel, message, emoji ?? '', signal);
    default:
      if (row.externalId !== null) return gateway.markRead(channel, message, signal);
      if (until !== undefined && row.customer !== null) return gateway.markReadUntil(channel, row.customer, new Date(until), signal);
  }
}
