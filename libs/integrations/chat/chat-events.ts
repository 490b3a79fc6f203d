import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ProviderContexts } from '#connections';
import { UnreadableEventError, type UnreadWebhook } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { errorText, toLogLine, type Transaction } from '#platform';
import { ChannelStore } from './channel-store.js';
import { ChatMedia } from './chat-media.js';
import { InStore } from './in-store.js';
import { OutStore } from './out-store.js';
import type { ChatProvider, MessengerEvent } from './port/index.js';

/** Applies a messenger's events: stores the message and queues it for the gateway. */
@Injectable()
export class ChatEvents {
  private readonly logger = new Logger(ChatEvents.name);

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly store: InStore,
    private readonly sent: OutStore,
    private readonly media: ChatMedia,
    private readonly channels: ChannelStore,
    private readonly contexts: ProviderContexts,
  ) {}

  /**
   * Applies an event in the inbox's transaction. Throws if the account has no channel yet, so that the event
   * is applied later.
   */
  async apply(tx: Transaction, connection: Connection, event: MessengerEvent): Promise<void> {
    if (event.type === 'account') return this.channels.markDue(tx, connection.id);
    if (event.type === 'outcome') {
      const { account, reference, message, failure } = event;
      const place = { connectionId: connection.id, account, ...(reference !== undefined && { reference }) };
      return this.sent.report(tx, place, { message, ...(failure && { failure }) });
    }
    const messageId = await this.store.keep(tx, connection, event);
    if (messageId !== undefined) tx.afterCommit(() => this.media.wake(messageId, connection.request));
    const button = event.type === 'message' ? event.button : undefined;
    if (button !== undefined && this.providers.has(connection, 'answerButton'))
      tx.afterCommit(() => void this.answer(connection, event.account, button));
  }

  /**
   * Reads a webhook again that could not be read when it arrived, because a later version of the adapter may
   * succeed.
   * @throws UnreadableEventError
   */
  async readAgain(tx: Transaction, connection: Connection, { problem, path, body }: UnreadWebhook): Promise<void> {
    const webhook = this.providers.getMember(connection, 'webhook');
    const request = { method: 'POST', rawBody: new TextEncoder().encode(body), headers: {}, query: new URLSearchParams(), path };
    let events: MessengerEvent[];
    try {
      events = webhook?.parse(request, this.contexts.contextFor(connection)) ?? [];
    } catch (cause) {
      throw new UnreadableEventError(problem, { cause });
    }
    for (const event of events) await this.apply(tx, connection, event);
  }

  /** Sent once, without retries. The message is stored even if this fails. */
  private async answer(connection: Connection, account: string, button: string): Promise<void> {
    try {
      await this.providers.call(connection, 'answerButton', (provider, context) => provider.answerButton(account, button, context));
    } catch (error) {
      this.logger.warn(toLogLine(`a pressed button was not confirmed: ${errorText(error)}`, connection.request));
    }
  }
}
