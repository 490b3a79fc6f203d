import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ChatProvider, MessengerEvent, OutMessage } from '#chat/port';
import { type ProviderContext, ProviderError } from '#provider-kit';
import { Unproven } from '../lost-calls.js';
import { catchError } from '../provider/index.js';
import { TEXT } from './samples.js';
import type { OptionalChatMethod, ChatConformanceOptions, MessengerStage, ChatSubject } from './subject.js';

/** A run of the suite: the provider under test, and the steps that several cases share. */
export class ChatSuite<S extends object> {
  readonly unproven: Unproven;
  subject!: ChatSubject<S>;
  provider!: ChatProvider<S>;
  context!: ProviderContext<S>;
  private count = 0;

  constructor(
    name: string,
    readonly options: ChatConformanceOptions<S>,
  ) {
    this.unproven = new Unproven(name);
  }

  async start(): Promise<void> {
    this.subject = await this.options.start();
    ({ provider: this.provider, context: this.context } = this.subject);
  }

  async close(): Promise<void> {
    this.unproven.print();
    await this.subject?.close?.();
  }

  /** Whether the provider is to have an optional method. */
  has(method: OptionalChatMethod): boolean {
    return this.options.methods.includes(method);
  }

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

  catchFailure(call: Promise<unknown>): Promise<ProviderError> {
    return catchError(() => call, this.subject);
  }

  /** Returns the events in the webhooks of an action. */
  async listEvents(act: () => Promise<unknown>): Promise<MessengerEvent[]> {
    await this.stage.takeWebhooks();
    await act();
    const requests = await this.stage.takeWebhooks();
    for (const request of requests) expect(await this.webhook.verify(request, this.context)).toBe(true);
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
