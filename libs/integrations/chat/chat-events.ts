import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { Transaction } from '#platform';
import { ChatMedia } from './chat-media.js';
import { InStore } from './in-store.js';
import type { MessengerEvent } from './port/index.js';

/** Applies what a messenger told: the message is stored and the gateway has it next. */
@Injectable()
export class ChatEvents {
  constructor(
    private readonly store: InStore,
    private readonly media: ChatMedia,
  ) {}

  /** In the inbox's transaction. Throws when the account has no channel yet: the event is applied later. */
  async apply(tx: Transaction, connection: Connection, event: MessengerEvent): Promise<void> {
    const messageId = await this.store.keep(tx, connection, event);
    if (messageId !== undefined) tx.afterCommit(() => this.media.wake(messageId, connection.request));
  }
}
