import { MessageGateway, TelegramDouble, type TelegramKept, type TelegramPerson } from '#testing';
import { Account } from './account.js';
import { Crm } from './crm.js';
import { Deployment } from './deployment.js';
import { readReply, type Reply } from './reply.js';
import { until } from './until.js';

/** Code of the module. */
export const MODULE = 'telegram';

type GatewayMessage = ReturnType<MessageGateway['message']>;
type ManagerMessage = Parameters<MessageGateway['sendMessage']>[0];

/** A shop's managers at the message gateway, its bots at Telegram, and the account that connects both. */
export class TelegramDesk {
  private constructor(
    readonly deployment: Deployment,
    readonly crm: Crm,
    readonly gateway: MessageGateway,
    readonly telegram: TelegramDouble,
    readonly account: Account,
    /** Id of the connection. */
    readonly connection: string,
  ) {}

  /** Starts all with one bot. `others`: more accounts. */
  static async start({ others = [] }: { others?: readonly Crm[] } = {}): Promise<TelegramDesk> {
    const [gateway, telegram] = await Promise.all([MessageGateway.start(), TelegramDouble.start({ webhookUrls: 'any' })]);
    const crm = await Crm.start({ chatGateway: gateway.url });
    const variables = { TELEGRAM_URL: telegram.url, LOG_LEVEL: 'debug' };
    const deployment = await Deployment.start({ crms: [crm, ...others], variables });
    const account = await Account.connect(deployment, crm, MODULE);
    const { id } = await deployment.getConnection(crm);
    const desk = new TelegramDesk(deployment, crm, gateway, telegram, account, id);
    const saved = await desk.saveBots([telegram.bot.token]);
    if (saved.status !== 200) throw new Error(`the settings were not saved: ${saved.status} ${saved.bytes.toString()}`);
    await desk.opened();
    return desk;
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await Promise.all([this.crm.close(), this.gateway.close(), this.telegram.close()]);
  }

  /** The gateway's name for the account's module. */
  get transport(): string {
    return `default/${MODULE}`;
  }

  /** Where the gateway posts to. */
  get address(): string {
    return String(this.account.registration.integrations?.mgTransport?.webhookUrl);
  }

  /** Puts bots into the account's settings, by their tokens. */
  saveBots(tokens: readonly string[], connection = this.connection): Promise<Reply> {
    return this.deployment.askOperator('PUT', `/connections/${connection}/settings`, {
      bots: tokens.map((token) => ({ code: `bot${token.split(':')[0]}`.replace(/\W/g, '_'), token })),
    });
  }

  /** The gateway's id of a bot's active channel. The default is the first bot. */
  channel(bot = this.telegram.bot.id): number {
    const found = this.gateway.channels(this.transport).find(({ active, external_id }) => active && external_id === String(bot));
    if (!found) throw new Error(`the bot ${bot} has no channel`);
    return found.id;
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

  /** Waits for a message's outcome at the gateway. */
  async settled({ id }: GatewayMessage, patienceMs = 60_000): Promise<GatewayMessage> {
    await until(`message ${id} has its outcome`, () => this.gateway.message(id).status !== 'sending', patienceMs);
    return this.gateway.message(id);
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

  /** Posts what the gateway would. */
  async post(type: string, data: object): Promise<Reply> {
    const body = JSON.stringify({ type, meta: { timestamp: 1 }, data });
    return readReply(await fetch(this.address, { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
  }

  /** Waits until nothing of the account is on its way. */
  async quiet(patienceMs = 60_000): Promise<void> {
    const { stores } = this.deployment;
    await until(
      'nothing is on its way',
      async () =>
        (await stores.query(`SELECT 1 FROM inbox_event WHERE state = 'pending'`)).length === 0 &&
        (
          await stores.query(
            `SELECT 1 FROM chat_message WHERE state IN ('waiting', 'taken') OR media_due_at IS NOT NULL OR ack_due_at IS NOT NULL`,
          )
        ).length === 0 &&
        (await stores.query(`SELECT 1 FROM outbox WHERE state = 'pending'`)).length === 0,
      patienceMs,
    );
  }

  /** The rows of tables and the lines of logs that contain one of these secrets. */
  async findLeaks(secrets: readonly string[]): Promise<string[]> {
    const { stores, lastOutput } = this.deployment;
    const holds = (text: string): boolean => secrets.some((secret) => text.includes(secret));
    const tables = await stores.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await stores.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      found.push(...rows.flatMap(({ row }) => (holds(row) ? [`${name} ${row}`] : [])));
    }
    return [...found, ...lastOutput.split('\n').filter(holds)];
  }
}
