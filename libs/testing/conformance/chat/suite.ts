import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ChatProvider, MessengerEvent, OutMessage } from '#chat/port';
import type { ProviderContext } from '#provider-kit';
import { Suite } from '../provider/index.js';
import { TEXT } from './samples.js';
import type { OptionalChatMethod, MessengerStage, ChatSubject } from './subject.js';

/** A run of the suite, and the steps that several cases share. */
export class ChatSuite<S extends object> extends Suite<S, OptionalChatMethod, ChatSubject<S>> {
  private count = 0;

  get stage(): MessengerStage {
    if (!this.subject.messenger) throw new Error('the subject needs a messenger');
    return this.subject.messenger;
  }

  get webhook(): NonNullable<ChatProvider<S>['webhook']> {
    if (!this.provider.webhook) throw new Error('the provider has no webhook');
    return this.provider.webhook;
  }

  newPerson(): string {
    return `person-${++this.count}`;
  }

  /** Returns the events in the webhooks of an action. */
  async listEvents(act: () => Promise<unknown>): Promise<MessengerEvent[]> {
    await this.stage.takeWebhooks();
    await act();
    const requests = await this.stage.takeWebhooks();
    for (const request of requests)
      expect({ request, genuine: await this.webhook.verify(request, this.context) }).toEqual({ request, genuine: true });
    const events = requests.flatMap((request) => this.webhook.parse(request, this.context));
    // Seconds that are read as milliseconds are of 1970.
    for (const { at } of events) expect(Math.abs(at.getFullYear() - new Date().getFullYear())).toBeLessThanOrEqual(1);
    return events;
  }

  /** Opens a chat as a new customer. */
  async openChat(): Promise<{ chat: string; person: string; message: string }> {
    const person = this.newPerson();
    return { person, ...(await this.stage.write({ person, text: 'hello' })) };
  }

  build(chat: string, changes: Partial<OutMessage> = {}): OutMessage {
    return {
      ...{ reference: randomUUID(), account: this.stage.account, chat, kind: 'text', text: TEXT, media: [] },
      ...changes,
    };
  }

  async send(message: OutMessage, given: ProviderContext<S> = this.context): Promise<{ ids: readonly string[]; chat?: string }> {
    if (!this.provider.sendMessage) throw new Error('the provider has no sendMessage');
    return this.provider.sendMessage(message, given);
  }
}
