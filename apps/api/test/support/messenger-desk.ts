import type { MessageGateway } from '#testing';
import type { Account } from './account.js';
import type { Crm } from './crm.js';
import type { Deployment } from './deployment.js';
import { readReply, type Reply } from './reply.js';
import { until } from './until.js';

export type GatewayMessage = ReturnType<MessageGateway['message']>;
export type ManagerMessage = Parameters<MessageGateway['sendMessage']>[0];

/** The parts of a desk that are started before it. */
export interface DeskParts {
  readonly deployment: Deployment;
  readonly crm: Crm;
  readonly gateway: MessageGateway;
  readonly account: Account;
  /** Id of the connection. */
  readonly connection: string;
}

/** A shop's managers at the message gateway, its bots at a messenger, and the account that connects both. */
export abstract class MessengerDesk {
  readonly deployment: Deployment;
  readonly crm: Crm;
  readonly gateway: MessageGateway;
  readonly account: Account;
  /** Id of the connection. */
  readonly connection: string;

  protected constructor(
    { deployment, crm, gateway, account, connection }: DeskParts,
    private readonly module: string,
  ) {
    [this.deployment, this.crm, this.gateway, this.account, this.connection] = [deployment, crm, gateway, account, connection];
  }

  /** The gateway's name for the account's module. */
  get transport(): string {
    return `default/${this.module}`;
  }

  /** Where the gateway posts to. */
  get address(): string {
    return String(this.account.registration.integrations?.mgTransport?.webhookUrl);
  }

  /** The gateway's id of a bot's active channel. */
  channelOf(bot: number): number {
    const found = this.gateway.channels(this.transport).find(({ active, external_id }) => active && external_id === String(bot));
    if (!found) throw new Error(`the bot ${bot} has no channel`);
    return found.id;
  }

  /** Waits for a message's outcome at the gateway. */
  async settled({ id }: GatewayMessage, patienceMs = 60_000): Promise<GatewayMessage> {
    await until(`message ${id} has its outcome`, () => this.gateway.message(id).status !== 'sending', patienceMs);
    return this.gateway.message(id);
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
