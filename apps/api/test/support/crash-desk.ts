import { expect } from '@jest/globals';
import { FakeCarrier, sampleOrder, wireSave } from '#testing';
import { Account, readSaved } from './account.js';
import { Deployment } from './deployment.js';
import type { Reply } from './reply.js';
import type { Stores } from './test-servers.js';
import { until } from './until.js';

/** Statuses that are reported of an order, in order. */
const CODES = ['accepted', 'in-transit', 'delivered'];
/** The same of the outside carrier's list. */
const CARRIER_CODES = ['collected', 'in-transit', 'delivered'];
/** Orders that are saved and reported at the same time. */
const CALLERS = 6;
/** Limit of each step, however many crashes it meets, milliseconds. */
const PATIENCE_MS = 60_000;

interface Page<Item> {
  items: Item[];
  total: number;
}

/** A deployment whose processes are killed while two accounts save orders, one at an outside carrier. */
export class CrashDesk {
  private readonly made = new Map<string, Account>();
  /** The last start of the api, which callers wait for. Its limit is its own. */
  private start: Promise<unknown> = Promise.resolve();
  /** The delivery whose status the CRM accepted before a crash, if there was such a crash. */
  private held: string | undefined;

  private constructor(
    readonly deployment: Deployment,
    readonly carrier: FakeCarrier,
    readonly courier: Account,
    readonly outside: Account,
  ) {}

  static async start(stores: Stores): Promise<CrashDesk> {
    const carrier = await FakeCarrier.start();
    // Crashes of the database are expected in the log. Only unforeseen lines count.
    const variables = { LOG_LEVEL: 'error' };
    const deployment = await Deployment.start({ accounts: 2, apart: true, withFakeCarrier: true, stores, variables });
    const courier = await Account.connect(deployment, deployment.nextCrm());
    const outside = await Account.connect(deployment, deployment.nextCrm(), 'fake-carrier');
    const { id } = await deployment.getConnection(outside.crm);
    const { url: baseUrl, apiKey, webhookSecret } = carrier;
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
    return new CrashDesk(deployment, carrier, courier, outside);
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await this.carrier.close();
  }

  async crashApi(): Promise<void> {
    const restart = async (): Promise<void> => {
      await this.deployment.killApi();
      await this.deployment.startApi();
    };
    await (this.start = restart());
  }

  async crashWorker(): Promise<void> {
    await this.deployment.killWorkers();
    await this.deployment.startWorker();
  }

  /** Kills the worker after the CRM accepted a status, and the api after the carrier made an order. */
  async crashAfterEffects(): Promise<void> {
    const { courier, carrier, outside } = this;
    const { deliveryId } = await courier.ship('1');
    this.held = deliveryId;
    courier.crm.fail('*/tracking', { kind: 'hang' });
    await this.deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'sorting' }]);
    await until('the CRM has accepted the status', () => courier.crm.listCodes(deliveryId).length > 0);
    carrier.fail('createOrder', { kind: 'hang' });
    const lost = this.save(outside, 2).catch(() => undefined);
    await until('the carrier has made the order', () => carrier.orders('2-1').length > 0);
    await Promise.all([this.crashWorker(), this.crashApi(), lost]);
  }

  /** Saves these numbers of orders, and reports each to its last status. */
  async live(courierOrders: number, carrierOrders: number): Promise<void> {
    const next = [this.courier, this.outside].flatMap((account) =>
      Array.from({ length: account === this.courier ? courierOrders : carrierOrders }, (_, index) => ({ account, order: 1000 + index })),
    );
    const callers = Array.from({ length: CALLERS }, async () => {
      for (let one = next.pop(); one; one = next.pop()) this.made.set(await this.liveOne(one.account, one.order), one.account);
    });
    await Promise.all(callers);
  }

  /** Expects that nothing is lost or made twice, and that no status went back. */
  async expectAllOnce(courierOrders: number, carrierOrders: number): Promise<void> {
    const { deployment, carrier, courier, outside, made } = this;
    // One delivery of the courier and one of the carrier.
    const earlier = this.held === undefined ? 0 : 1;
    if (earlier) expect(readSaved(await this.insist('the lost order is repeated', () => this.save(outside, 2))).trackNumber).toBeTruthy();
    const count = async (path: string): Promise<number> => (await deployment.operator<Page<object>>('GET', path)).total;
    await until('the outbox is empty', async () => (await count('/outbox?state=pending')) === 0, PATIENCE_MS);
    await until(
      'no operation is open',
      async () => (await count('/operations?state=running')) + (await count('/operations?state=unknown')) === 0,
      PATIENCE_MS,
    );
    expect(made.size).toBe(courierOrders + carrierOrders);
    const { items } = await deployment.operator<Page<{ id: string }>>('GET', '/deliveries?limit=500');
    expect(items.map((item) => item.id).sort()).toEqual(expect.arrayContaining([...made.keys()].sort()));
    expect(items).toHaveLength(made.size + 2 * earlier);
    expect(carrier.duplicates()).toEqual([]);
    expect(carrier.orders()).toHaveLength(carrierOrders + earlier);
    for (const [id, account] of made) {
      const codes = account.crm.listCodes(id).filter((code) => code !== 'registered');
      expect([...new Set(codes)]).toEqual(account === courier ? CODES : CARRIER_CODES);
    }
    if (this.held !== undefined) expect(courier.crm.listCodes(this.held)).toEqual(['sorting']);
    for (const { crm } of [courier, outside]) expect([crm.listBackwardDeliveries(), crm.complaints]).toEqual([[], []]);
    expect(await count('/outbox?state=failed')).toBe(0);
  }

  private save(account: Account, order: number): Promise<Reply> {
    const tariff = account === this.courier ? 'courier' : 'express';
    return account.save(wireSave(tariff, sampleOrder('moscowCourier', { order: String(order), orderNumber: `${order}A` })));
  }

  /** Takes an order from its save to its last status. Returns its delivery. */
  private async liveOne(account: Account, order: number): Promise<string> {
    const { deliveryId } = readSaved(await this.insist(`order ${order} is saved`, () => this.save(account, order)));
    // Repeated, as the CRM does after a lost reply.
    expect(readSaved(await this.insist(`order ${order} is repeated`, () => this.save(account, order))).deliveryId).toBe(deliveryId);
    const started = Date.now();
    for (const [index, code] of (account === this.courier ? CODES : CARRIER_CODES).entries()) {
      const report = { deliveryId, code, updatedAt: new Date(started + (index + 1) * 1_000).toISOString() };
      const reply = await this.insist(`${code} of order ${order} is reported`, () =>
        this.deployment.askOperator('POST', '/deliveries/statuses', [report]),
      );
      // The reply to the first report may have died with the api.
      const { notSent, ...rest } = reply.json as { notSent: { reason: string }[] };
      expect(rest).toEqual({ accepted: 1, rejected: [] });
      for (const { reason } of notSent) expect(reason).toBe('it was reported before');
    }
    return deliveryId;
  }

  /**
   * Repeats a call until it is answered, as users and dispatchers do. Throws if it is rejected. The limit
   * begins again with each start of the api.
   */
  private async insist(what: string, call: () => Promise<Reply>): Promise<Reply> {
    await this.start.catch(() => undefined);
    const { start } = this;
    let refusal: string | undefined;
    const attempt = async (): Promise<Reply | false> => {
      const answer = await call();
      if (answer.status >= 400 && answer.status < 500) refusal = `${answer.status} ${answer.bytes.toString()}`;
      return (answer.status === 200 || refusal !== undefined) && answer;
    };
    try {
      const reply = await until(what, attempt, PATIENCE_MS);
      if (refusal === undefined) return reply;
    } catch (error) {
      if (start === this.start) throw error;
      return this.insist(what, call);
    }
    throw new Error(`${what}: ${refusal}`);
  }
}
