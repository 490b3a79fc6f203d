import { createHash, randomInt } from 'node:crypto';
import { DoubleControl } from '../double-control.js';
import { IdempotencyKeys } from '../idempotency-keys.js';
import { PlannedFaults } from '../planned-faults.js';
import { MercadoPagoBook } from './mercadopago-book.js';
import type { MercadoPagoOwnFault } from './mercadopago-faults.js';
import { type MercadoPagoCall, WIRE } from './mercadopago-wire.js';
import { listCallNames } from '../wire.js';
import { FIRST_MODES, type MercadoPagoModes } from './mercadopago-modes.js';
import { type MercadoPagoOrder, MercadoPagoRefusal } from './mercadopago-objects.js';
import { buildNotice, type ReplyOwner } from './mercadopago-replies.js';
import { type MercadoPagoSite, type MercadoPagoSiteCode, SITES } from './mercadopago-sites.js';
import { MercadoPagoWebhooks } from './mercadopago-webhooks.js';

/** What a seller's account is made of. */
export interface MercadoPagoAccountOptions {
  /** Begins with `APP_USR-`, a test account's too. */
  token: string;
  site: MercadoPagoSiteCode;
  webhookSecret: string;
  /** Where its webhooks go; the seller enters that by hand. */
  webhookUrl?: string | undefined;
  isTest?: boolean;
}

/** An answer that is kept for a key. */
export interface MercadoPagoAnswer {
  status: number;
  json: object;
}

/** One seller's account: country, orders and the webhook of its application. */
export class MercadoPagoAccount implements ReplyOwner {
  readonly token: string;
  readonly siteCode: MercadoPagoSiteCode;
  readonly site: MercadoPagoSite;
  readonly isTest: boolean;
  readonly webhookSecret: string;
  /** Undefined: none was entered. */
  webhookUrl: string | undefined;
  readonly userId: number;
  readonly book: MercadoPagoBook;
  readonly keys: IdempotencyKeys<MercadoPagoAnswer>;
  private second = 0;
  private callsInSecond = 0;

  constructor(
    { token, site, webhookSecret, webhookUrl, isTest = false }: MercadoPagoAccountOptions,
    readonly modes: MercadoPagoModes,
    private readonly baseUrl: () => string,
  ) {
    this.token = token;
    this.siteCode = site;
    this.site = SITES[site];
    this.isTest = isTest;
    this.webhookSecret = webhookSecret;
    this.webhookUrl = webhookUrl;
    this.userId = 1e8 + (createHash('sha256').update(token).digest().readUInt32BE() % 9e8);
    this.book = new MercadoPagoBook(this, (id) => `${this.baseUrl()}/checkout/v1/ticket?payment_id=${id}`);
    this.keys = new IdempotencyKeys<MercadoPagoAnswer>({
      lifeSeconds: () => modes.keySeconds,
      toOtherCall: () => new MercadoPagoRefusal(409, 'idempotency_key_already_used', 'The key was used with another request.'),
      toRunning: () => new MercadoPagoRefusal(423, 'resource_locked', 'A request with this key is being processed.'),
    });
  }

  /** As `GET /users/me` answers it. */
  get profile(): object {
    return {
      id: this.userId,
      nickname: `${this.isTest ? 'TESTUSER' : 'DOUBLE'}${this.userId}`,
      country_id: this.site.country[0],
      site_id: this.siteCode,
      tags: ['normal', ...(this.isTest ? ['test_user'] : [])],
    };
  }

  toCheckoutUrl(orderId: string): string {
    return `${this.baseUrl()}/checkout/v1/redirect?order_id=${orderId}`;
  }

  /** Whether this call exceeds the mode `callsPerSecond`. */
  isTooMany(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) [this.second, this.callsInSecond] = [second, 0];
    return ++this.callsInSecond > (this.modes.callsPerSecond || Number.POSITIVE_INFINITY);
  }
}

/** A request as it was received. */
export interface MercadoPagoReceived {
  call: MercadoPagoCall;
  method: string;
  /** With the query. */
  url: string;
  /** As it came; empty without one. */
  body: string;
  idempotencyKey: string | undefined;
  /** It got the answer of an earlier one. */
  replayed: boolean;
}

/** Notices that are not about orders, as sellers have them ticked as well. */
export const OTHER_TOPICS = ['payment', 'ipn', 'stop_delivery_op_wh', 'topic_chargebacks_wh', 'topic_claims_integration_wh'] as const;
export type MercadoPagoTopic = (typeof OTHER_TOPICS)[number];

/** The double without its HTTP: the accounts, how they are to behave, and the test's hold on both. */
export class MercadoPagoControl extends DoubleControl<MercadoPagoCall, MercadoPagoOwnFault> {
  readonly modes: MercadoPagoModes = { ...FIRST_MODES };
  readonly webhooks = new MercadoPagoWebhooks(this.modes);
  /** All received calls, in order, failed ones included. */
  readonly calls: MercadoPagoReceived[] = [];
  readonly accounts: MercadoPagoAccount[] = [];

  constructor(
    private readonly baseUrl: () => string,
    private readonly first: MercadoPagoAccountOptions,
  ) {
    super(
      new PlannedFaults<MercadoPagoCall, MercadoPagoOwnFault>(listCallNames<MercadoPagoCall>(WIRE), {
        ...{ unauthorized: [], policy: [], locked: [], refuse: ['code'] },
      }),
    );
    this.addAccount(first);
  }

  /** The first account. */
  get account(): MercadoPagoAccount {
    const [first] = this.accounts;
    if (!first) throw new Error('there is no account');
    return first;
  }

  /** The first account's orders. */
  get book(): MercadoPagoBook {
    return this.account.book;
  }

  /** Adds a seller. Throws when the token is taken. */
  addAccount(options: MercadoPagoAccountOptions): MercadoPagoAccount {
    if (this.findAccount(options.token)) throw new Error('there is an account with that token already');
    const account = new MercadoPagoAccount(options, this.modes, this.baseUrl);
    account.book.onEvent = (event) =>
      this.send(account, { action: event.action, query: { 'data.id': event.order.id, type: 'order' }, body: buildNotice(event, account) });
    this.accounts.push(account);
    return account;
  }

  findAccount(token: string): MercadoPagoAccount | undefined {
    return this.accounts.find((account) => account.token === token);
  }

  /** Whose order that is. Throws when there is none. */
  ownerOf(orderId: string): MercadoPagoAccount {
    const account = this.accounts.find(({ book }) => book.orders.some(({ id }) => id === orderId));
    if (!account) throw new Error(`there is no order ${orderId}`);
    return account;
  }

  /** Orders made under our reference, the oldest first, in all accounts. */
  orders(reference?: string): MercadoPagoOrder[] {
    return this.accounts
      .flatMap(({ book }) => book.orders)
      .filter(({ request }) => reference === undefined || request.external_reference === reference);
  }

  /** Posts a notice of another topic about an order: a client has to live with them. */
  notify(topic: MercadoPagoTopic, orderId: string): void {
    const account = this.ownerOf(orderId);
    const id = String(account.book.order(orderId).payments.at(-1)?.number ?? randomInt(1e11, 2e11));
    if (topic === 'ipn')
      return this.send(account, {
        action: topic,
        query: { topic: 'payment', id },
        body: { resource: id, topic: 'payment' },
        isSigned: false,
      });
    const data =
      topic === 'stop_delivery_op_wh'
        ? { description: 'desc', merchant_order: randomInt(1e11, 2e11), payment_id: Number(id), site_id: account.siteCode }
        : { id };
    const action = topic === 'payment' ? 'payment.updated' : `${topic}.created`;
    const body = {
      id: randomInt(1e11, 2e11),
      api_version: 'v1',
      type: topic,
      action,
      live_mode: !account.isTest,
      user_id: account.userId,
      data,
    };
    this.send(account, { action, query: { 'data.id': id, type: topic }, body });
  }

  countCalls(call: MercadoPagoCall): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  setModes(modes: Partial<MercadoPagoModes>): void {
    Object.assign(this.modes, modes);
  }

  /** Lets time pass in all accounts, in seconds: what they have becomes older. */
  advance(seconds: number): void {
    for (const { book } of this.accounts) book.advance(seconds);
  }

  /** Forgets everything but the first account and its webhook; modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    const { webhookUrl } = this.account;
    this.accounts.length = 0;
    this.setModes(FIRST_MODES);
    this.addAccount({ ...this.first, webhookUrl });
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
  }

  private send(
    { webhookUrl: url, webhookSecret: secret, isTest }: MercadoPagoAccount,
    notice: { action: string; query: Readonly<Record<string, string>>; body: object; isSigned?: boolean },
  ): void {
    if (url === undefined) return;
    const add = (): void => this.webhooks.add({ isSigned: true, ...notice, url, secret, isTest });
    if (this.modes.webhookDelayMs > 0) this.later(this.modes.webhookDelayMs, add);
    else add();
  }
}
