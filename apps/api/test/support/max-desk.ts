import { MaxDouble, type MaxMessage, type MaxPerson, MessageGateway } from '#testing';
import { Account } from './account.js';
import { Crm } from './crm.js';
import { Deployment } from './deployment.js';
import { type DeskParts, type GatewayMessage, type ManagerMessage, MessengerDesk } from './messenger-desk.js';
import { until } from './until.js';

const MODULE = 'max';

/** A desk with bots at MAX. */
export class MaxDesk extends MessengerDesk {
  private constructor(
    parts: DeskParts,
    readonly max: MaxDouble,
  ) {
    super(parts, MODULE);
  }

  /** Starts all with one bot, and waits for its channel. `webhookUrls`: the addresses that MAX accepts. */
  static async start({ webhookUrls = 'any' }: { webhookUrls?: 'https' | 'any' } = {}): Promise<MaxDesk> {
    const [gateway, max] = await Promise.all([MessageGateway.start(), MaxDouble.start({ webhookUrls })]);
    const crm = await Crm.start({ chatGateway: gateway.url });
    const deployment = await Deployment.start({ crms: [crm], variables: { MAX_URL: max.url, LOG_LEVEL: 'debug' } });
    const account = await Account.connect(deployment, crm, MODULE);
    const { id: connection } = await deployment.getConnection(crm);
    const desk = new MaxDesk({ deployment, crm, gateway, account, connection }, max);
    const bots = [{ code: 'bot', token: max.bot.token }];
    const saved = await deployment.askOperator('PUT', `/connections/${connection}/settings`, { bots });
    if (saved.status !== 200) throw new Error(`the settings were not saved: ${saved.status} ${saved.bytes.toString()}`);
    await until('the channel is there', () => desk.channel > 0, 60_000);
    if (webhookUrls === 'any') await until('the webhook is set', () => max.bot.subscriptions.length > 0, 60_000);
    return desk;
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await Promise.all([this.crm.close(), this.gateway.close(), this.max.close()]);
  }

  /** The gateway's id of the bot's channel. */
  get channel(): number {
    return this.channelOf(this.max.bot.user.user_id);
  }

  /** The id of a person's dialog. */
  chat(person: MaxPerson): number {
    return this.max.openChat(this.max.bot, person).id;
  }

  /** A manager writes to a person who has written. */
  send(person: MaxPerson, content: string | undefined, more: Partial<ManagerMessage> = {}): GatewayMessage {
    const place = { channel: this.channel, chat: String(this.chat(person)) };
    return this.gateway.sendMessage({ ...place, ...(content !== undefined && { content }), ...more });
  }

  /** A manager writes. Waits until the message is sent, and throws if it is not. */
  async sent(person: MaxPerson, content: string | undefined, more: Partial<ManagerMessage> = {}): Promise<GatewayMessage> {
    const message = await this.settled(this.send(person, content, more));
    if (message.status !== 'sent') throw new Error(`message ${message.id} is ${message.status}: ${JSON.stringify(message.error)}`);
    return message;
  }

  /** The messages that a person received, in order, including deleted ones. */
  received(person: MaxPerson): MaxMessage[] {
    return this.max.sent(this.chat(person));
  }

  /** The messages of a person as managers see them, in order. */
  seen(person: MaxPerson): GatewayMessage[] {
    return this.gateway.messages(String(this.chat(person))).filter(({ direction }) => direction === 'in');
  }

  /** Waits until managers see a message, and returns it. */
  arrived({ mid }: Pick<MaxMessage, 'mid'>, patienceMs = 30_000): Promise<GatewayMessage> {
    return until(`${mid} is there`, () => this.gateway.messages().find(({ externalId }) => externalId === mid), patienceMs);
  }

  /** Who managers see in a chat. */
  customer(person: MaxPerson): Record<string, unknown> {
    const found = this.gateway.chats(this.channel).find(({ externalId }) => externalId === String(this.chat(person)));
    if (!found) throw new Error(`there is no chat of ${person.user.user_id}`);
    return found.customer;
  }
}
