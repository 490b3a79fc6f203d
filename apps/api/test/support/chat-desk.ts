import { type FakeMessenger, type MessageGateway, type MessengerMessage } from '#testing';
import { until } from './until.js';

type GatewayMessage = ReturnType<MessageGateway['message']>;
type ManagerMessage = Parameters<MessageGateway['sendMessage']>[0];

/** A shop's managers at the message gateway and its customers at the fake messenger. */
export class ChatDesk {
  /** `transport`: what the gateway knows the account's module by. */
  constructor(
    readonly gateway: MessageGateway,
    readonly messenger: FakeMessenger,
    readonly transport: string,
  ) {}

  /** The gateway's id of the first active channel. */
  get channel(): number {
    const found = this.gateway.channels(this.transport).find(({ active }) => active);
    if (!found) throw new Error('the messenger has no channel');
    return found.id;
  }

  /** Waits for the channel of the messenger's bot. */
  async opened(): Promise<void> {
    await until('the channel is there', () => this.gateway.channels(this.transport).some(({ active }) => active), 60_000);
  }

  /** A manager writes to a customer. */
  send(person: string, content: string, more: Partial<ManagerMessage> = {}): GatewayMessage {
    return this.gateway.sendMessage({ channel: this.channel, customer: { external_id: person, nickname: person }, content, ...more });
  }

  /** Waits for a message's outcome at the gateway. */
  async settled({ id }: GatewayMessage, patienceMs = 30_000): Promise<GatewayMessage> {
    await until(`message ${id} has its outcome`, () => this.gateway.message(id).status !== 'sending', patienceMs);
    return this.gateway.message(id);
  }

  /** Texts that a customer received, in order, including deleted messages. */
  texts(person: string): string[] {
    return this.messenger.sent(`chat-${person}`).map(({ text }) => text);
  }

  /** The one message that a customer got with a text. */
  only(person: string, text: string): MessengerMessage {
    const found = this.messenger.sent(`chat-${person}`).filter((one) => one.text === text);
    if (!found[0] || found.length > 1) throw new Error(`${person} got "${text}" ${found.length} times`);
    return found[0];
  }
}
