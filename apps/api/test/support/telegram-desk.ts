import { MessageGateway, TelegramDouble, type TelegramKept, type TelegramPerson } from '#testing';
import { Account } from './account.js';
import { Crm } from './crm.js';
import { Deployment } from './deployment.js';
import { type DeskParts, type GatewayMessage, type ManagerMessage, MessengerDesk } from './messenger-desk.js';
import type { Reply } from './reply.js';
import { until } from './until.js';

/** Code of the module. */
export const MODULE = 'telegram';

/** A desk with bots at Telegram. */
export class TelegramDesk extends MessengerDesk {
  private constructor(
    parts: DeskParts,
    readonly telegram: TelegramDouble,
  ) {
    super(parts, MODULE);
  }

  /** Starts all with one bot. `others`: more accounts. */
  static async start({ others = [] }: { others?: readonly Crm[] } = {}): Promise<TelegramDesk> {
    const [gateway, telegram] = await Promise.all([MessageGateway.start(), TelegramDouble.start({ webhookUrls: 'any' })]);
    const crm = await Crm.start({ chatGateway: gateway.url });
    const variables = { TELEGRAM_URL: telegram.url, LOG_LEVEL: 'debug' };
    const deployment = await Deployment.start({ crms: [crm, ...others], variables });
    const account = await Account.connect(deployment, crm, MODULE);
    const { id } = await deployment.getConnection(crm);
    const desk = new TelegramDesk({ deployment, crm, gateway, account, connection: id }, telegram);
    const saved = await desk.saveBots([telegram.bot.token]);
    if (saved.status !== 200) throw new Error(`the settings were not saved: ${saved.status} ${saved.bytes.toString()}`);
    await desk.opened();
    return desk;
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await Promise.all([this.crm.close(), this.gateway.close(), this.telegram.close()]);
  }

  /** Puts bots into the account's settings, by their tokens. */
  saveBots(tokens: readonly string[], connection = this.connection): Promise<Reply> {
    return this.deployment.askOperator('PUT', `/connections/${connection}/settings`, {
      bots: tokens.map((token) => ({ code: `bot${token.split(':')[0]}`.replace(/\W/g, '_'), token })),
    });
  }

  /** The gateway's id of a bot's active channel. The default is the first bot. */
  channel(bot = this.telegram.bot.id): number {
    return this.channelOf(bot);
  }

  /** Waits for a bot's channel and for its webhook. */
  async opened(bot = this.telegram.bot): Promise<void> {
    await until('the channel is there', () => this.channel(bot.id) > 0, 60_000);
    await until('the webhook is set', () => bot.webhook !== undefined, 60_000);
  }

  /** A manager writes to a person who has written. */
  send(person: TelegramPerson, content: string | undefined, more: Partial<ManagerMessage> = {}): GatewayMessage {
    return this.gateway.sendMessage({
      ...{ channel: this.channel(), chat: String(person.user.id), ...(content !== undefined && { content }) },
      ...more,
    });
  }

  /** A manager writes. Waits until the message is sent, and throws if it is not. */
  async sent(person: TelegramPerson, content: string | undefined, more: Partial<ManagerMessage> = {}): Promise<GatewayMessage> {
    const message = await this.settled(this.send(person, content, more));
    if (message.status !== 'sent') throw new Error(`message ${message.id} is ${message.status}: ${JSON.stringify(message.error)}`);
    return message;
  }

  /** Texts and captions that a person received, in order, including deleted messages. */
  texts(person: TelegramPerson): string[] {
    return this.telegram.sent(person).map(({ message }) => message.text ?? message.caption ?? '');
  }

  /** The messages of a person as managers see them, in order. */
  seen(person: TelegramPerson, channel = this.channel()): GatewayMessage[] {
    return this.gateway.messages(String(person.user.id)).filter((one) => one.direction === 'in' && one.channel === channel);
  }

  /** Waits until managers see a message, and returns it. */
  arrived({ message }: TelegramKept, patienceMs = 30_000): Promise<GatewayMessage> {
    const id = `${message.chat.id}:${message.message_id}`;
    return until(`${id} is there`, () => this.gateway.messages().find(({ externalId }) => externalId === id), patienceMs);
  }

  /** Who managers see in a chat. */
  customer(person: TelegramPerson): Record<string, unknown> {
    const found = this.gateway.chats(this.channel()).find(({ externalId }) => externalId === String(person.user.id));
    if (!found) throw new Error(`there is no chat of ${person.user.id}`);
    return found.customer;
  }
}
