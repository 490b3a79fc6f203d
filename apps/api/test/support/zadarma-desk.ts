import { type ZadarmaAccount, ZadarmaDouble, type ZadarmaAccountSettings } from '#testing';
import { Account } from './account.js';
import { CallDesk, EXTENSIONS } from './call-desk.js';
import type { Crm } from './crm.js';
import { Deployment } from './deployment.js';
import type { Reply } from './reply.js';
import { until } from './until.js';

/** A stored call. */
export interface StoredCall {
  external_id: string;
  reference: string | null;
  outcome: string | null;
  code: string | null;
  phone: string | null;
}

/** A stored click-to-call. */
export interface StoredClick {
  reference: string;
  state: string;
  code: string;
  phone: string;
}

/** An account of the CRM whose PBX is Zadarma's, and what it received. */
export class ZadarmaDesk extends CallDesk {
  constructor(
    crm: Crm,
    readonly zadarma: ZadarmaDouble,
    /** Its account of Zadarma. */
    readonly pbx: ZadarmaAccount,
    readonly account: Account,
    readonly connectionId: string,
    private readonly deployment: Deployment,
  ) {
    super(crm);
  }

  /** Where notices are to go. */
  get webhookUrl(): string {
    return `${this.deployment.url}/zadarma/webhooks/${this.connectionId}`;
  }

  /** Changes the connection's settings, whatever is answered. */
  save(changes: object = {}): Promise<Reply> {
    const { key, secret } = this.pbx.settings;
    return this.deployment.askOperator('PUT', `/connections/${this.connectionId}/settings`, {
      ...{ key, secret, country: 'RU', extensions: EXTENSIONS, externalPhones: [{ siteCode: 'main', phone: '+74950000000' }] },
      ...changes,
    });
  }

  /** Changes the connection's settings. Throws unless they are accepted. */
  async set(changes: object = {}): Promise<void> {
    const { status, bytes } = await this.save(changes);
    if (status !== 200) throw new Error(`the settings were answered ${status}: ${bytes.toString()}`);
  }

  /** Presses the call button. */
  click(code: string, phone: string, more: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.account.get('/telephony/make-call', { code, phone, ...more });
  }

  /** How often Zadarma was asked for this, of this account. */
  count(call: Parameters<ZadarmaDouble['countCalls']>[0]): number {
    return this.zadarma.countCalls(call, this.pbx);
  }

  /** The stored calls, the oldest first. */
  listStored(): Promise<StoredCall[]> {
    return this.query('SELECT external_id, reference, outcome, code, phone FROM telephony_call WHERE connection_id = $1 ORDER BY id');
  }

  async findStored(externalId: string): Promise<StoredCall | undefined> {
    return (await this.listStored()).find((call) => call.external_id === externalId);
  }

  /** The stored clicks, the oldest first. */
  listClicks(): Promise<StoredClick[]> {
    return this.query(
      `SELECT reference, state, input->'request'->>'code' AS code, input->'request'->>'phone' AS phone
         FROM operation WHERE connection_id = $1 AND kind = 'telephony.call' ORDER BY id`,
    );
  }

  /** How many notices are stored. */
  async countNotices(): Promise<number> {
    return (await this.query('SELECT 1 FROM inbox_event WHERE connection_id = $1')).length;
  }

  /** Waits until the service has replies to all its notices, and every stored notice is applied. */
  async settle(): Promise<void> {
    await this.zadarma.webhooks.idle();
    const pending = `SELECT 1 FROM inbox_event WHERE connection_id = $1 AND state = 'pending'`;
    await until('all is applied', async () => (await this.query(pending)).length === 0, 60_000);
  }

  /** Runs a statement whose first parameter is the connection. */
  query<Row extends object>(text: string): Promise<Row[]> {
    return this.deployment.stores.query<Row>(text, [this.connectionId]);
  }
}

/** A deployment that hosts Zadarma, its double, and the accounts that tests open in both. */
export class ZadarmaHost {
  private opened = 0;

  private constructor(
    readonly deployment: Deployment,
    readonly zadarma: ZadarmaDouble,
  ) {}

  /** Starts one with so many unused accounts of the CRM. */
  static async start(accounts: number): Promise<ZadarmaHost> {
    const zadarma = await ZadarmaDouble.start();
    const variables = { MODULES: 'zadarma', PROVIDER_BUDGET_MS: '3000', ZADARMA_URL: zadarma.url, LOG_LEVEL: 'debug' };
    const backend = process.env.TEST_REDIS_URL ? 'Redis' : 'PostgreSQL';
    return new ZadarmaHost(await Deployment.start({ accounts, backend, workers: 2, variables }), zadarma);
  }

  /** Connects an unused account. Its settings are not saved. */
  async connect(settings: Partial<ZadarmaAccountSettings> = {}): Promise<ZadarmaDesk> {
    const crm = this.deployment.nextCrm();
    const number = ++this.opened;
    const pbx = this.zadarma.addAccount({ key: `key-of-shop-${number}`, secret: `s3cret-of-shop-${number}`, ...settings });
    const account = await Account.connect(this.deployment, crm, 'zadarma');
    const { id } = await this.deployment.getConnection(crm);
    return new ZadarmaDesk(crm, this.zadarma, pbx, account, id, this.deployment);
  }

  /** Opens an unused account whose notices come. */
  async open(changes: object = {}, settings: Partial<ZadarmaAccountSettings> = {}): Promise<ZadarmaDesk> {
    const desk = await this.connect(settings);
    await desk.set(changes);
    const isHeard = (): boolean => desk.pbx.url === desk.webhookUrl && desk.pbx.notifications.notify_out_end;
    await until('Zadarma posts its notices here', isHeard, 120_000);
    return desk;
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await this.zadarma.close();
  }
}
