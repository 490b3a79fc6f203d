import { randomUUID } from 'node:crypto';
import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
import { ApiShipBook, type ApiShipEvent, type ApiShipStatusPush } from './apiship-book.js';
import type { ApiShipOwnFault } from './apiship-faults.js';
import { type ApiShipCall, WIRE } from './apiship-wire.js';
import { listCallNames } from '../../double/wire.js';
import { type ApiShipModes, FIRST_MODES } from './apiship-modes.js';
import { type ApiShipConnection, FIRST_CONNECTIONS } from './apiship-network.js';
import { type ApiShipCourierCall, type ApiShipOrder, ApiShipRefusal, type ApiShipStatus, toKopecks } from './apiship-objects.js';
import { type ApiShipSubscription, type ApiShipWebhookFlush, ApiShipWebhooks } from './apiship-webhooks.js';

/** How a client shows who it is. */
export interface ApiShipCredentials {
  login: string;
  password: string;
  /** The token copied from the cabinet, which does not end. */
  token: string;
}

/** Calculations of a month that cost nothing, and more of them for each order that a carrier took. */
const FREE = 10_000;
const FREE_BY_ORDER = 1_000;

/** An account: its contracts with carriers, orders, subscriptions and what it owes for calculations. */
export class ApiShipAccount {
  readonly book: ApiShipBook;
  readonly subscriptions: ApiShipSubscription[] = [];
  connections: ApiShipConnection[] = [...FIRST_CONNECTIONS];
  /** Calculations of this month. */
  calculations = 0;
  /** Kopecks to pay for those that are not free. */
  money = 10_000;
  /** When tokens given for the login end, by token; milliseconds since 1970. */
  readonly tokens = new Map<string, number>();

  constructor(
    readonly credentials: ApiShipCredentials,
    modes: ApiShipModes,
    nextId: () => number,
  ) {
    this.book = new ApiShipBook(modes, nextId);
  }

  /** Calculations that are left of the free ones. */
  get free(): number {
    const handed = this.book.orders.filter(({ providerNumber }) => providerNumber !== '').length;
    return Math.max(0, FREE + FREE_BY_ORDER * handed - this.calculations);
  }

  /** Counts a calculation, a kopeck each beyond the free ones. Throws ApiShipRefusal 402 without money. */
  payCalculation(): void {
    if (this.free === 0 && this.money === 0) throw new ApiShipRefusal(402, '060001', 'Недостаточно средств на балансе калькулятора');
    if (this.free === 0) this.money--;
    this.calculations++;
  }
}

/** A call as received. A login's body is left out. */
export interface ApiShipReceived {
  call: ApiShipCall;
  method: string;
  /** With the query. */
  url: string;
  body?: unknown;
  /** The header `Platform`. */
  platform: string | undefined;
  /** Whether it carried a token; files need none. */
  withToken: boolean;
}

/** The double without its HTTP: accounts, how it is to behave, and the test's hold on both. */
export class ApiShipControl extends DoubleControl<ApiShipCall, ApiShipOwnFault> {
  readonly modes: ApiShipModes = { ...FIRST_MODES };
  readonly webhooks = new ApiShipWebhooks();
  /** Every call, in order, failed ones included; the last 10,000. */
  readonly calls: ApiShipReceived[] = [];
  readonly accounts: ApiShipAccount[] = [];
  /** Files that links lead to, by their ids. */
  readonly files = new Map<string, { pdf: Buffer; madeAt: number }>();
  private lastId = 1_111;
  private second = 0;
  private callsInSecond = 0;

  constructor(first: ApiShipCredentials) {
    super(
      new PlannedFaults<ApiShipCall, ApiShipOwnFault>(listCallNames<ApiShipCall>(WIRE), { 'token-expired': [], refuse: ['code'] }, [
        'login',
        'file',
      ]),
    );
    this.addAccount(first);
  }

  /** The first account. */
  get account(): ApiShipAccount {
    const [first] = this.accounts;
    if (!first) throw new Error('there is no account');
    return first;
  }

  /** Throws when there is an account of that login or token. */
  addAccount(credentials: ApiShipCredentials): ApiShipAccount {
    const { login, token } = credentials;
    if (this.accounts.some((one) => one.credentials.login === login || one.credentials.token === token))
      throw new Error('there is an account of that login or token already');
    const account = new ApiShipAccount(credentials, this.modes, () => ++this.lastId);
    account.book.onStatus = (event) => this.notify(account, event);
    this.accounts.push(account);
    return account;
  }

  /** Sets how it behaves from now on. */
  setModes(modes: Partial<ApiShipModes>): void {
    Object.assign(this.modes, modes);
  }

  /** Orders of all accounts, the oldest first, also cancelled and deleted ones; of one number when given. */
  orders(clientNumber?: string): ApiShipOrder[] {
    return this.accounts
      .flatMap(({ book }) => book.orders)
      .filter(({ body }) => clientNumber === undefined || body.order.clientNumber === clientNumber);
  }

  /** The orders that are neither cancelled nor deleted. */
  standing(): ApiShipOrder[] {
    return this.accounts.flatMap(({ book }) => book.live());
  }

  /** Cash that the carrier collects for an order: always in roubles, as no request names a currency. */
  collected(orderId: number): { minor: number; currency: 'RUB' } {
    return { minor: toKopecks(this.getStanding(orderId).body.cost.codCost), currency: 'RUB' };
  }

  /** The declared value of an order, in roubles. */
  insured(orderId: number): { minor: number; currency: 'RUB' } {
    return { minor: toKopecks(this.getStanding(orderId).body.cost.assessedCost), currency: 'RUB' };
  }

  private getStanding(orderId: number): ApiShipOrder {
    const order = this.standing().find((one) => one.orderId === orderId);
    if (order === undefined) throw new Error(`no order ${orderId} stands`);
    return order;
  }

  /** Courier's visits that were not cancelled. */
  courierCalls(): ApiShipCourierCall[] {
    return this.accounts.flatMap(({ book }) => book.courierCalls).filter(({ cancelled }) => !cancelled);
  }

  /** How often a call was received. */
  countCalls(call: ApiShipCall): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  /** Gives an order (its id, our number or the carrier's) a status, whatever it was. */
  pushStatus(order: string | number, key: string, push: ApiShipStatusPush = {}): ApiShipStatus {
    const { book, found } = this.find(order);
    return book.push(found, key, push);
  }

  /** Ends the handing over of an order: the carrier takes it, or refuses in the words given. */
  upload(order: string | number, refuseWith?: string): void {
    const { book, found } = this.find(order);
    if (!book.beginUpload(found) && book.statusOf(found)?.key !== 'uploading')
      throw new Error(`order ${order} is not waiting for its carrier`);
    book.endUpload(found, refuseWith);
  }

  /** Hands an order to its carrier, in the time that the modes say. */
  uploadSoon({ book }: ApiShipAccount, order: ApiShipOrder): void {
    const { uploadAfterMs } = this.modes;
    if (uploadAfterMs === undefined) return;
    this.later(uploadAfterMs / 2, () => book.beginUpload(order));
    this.later(uploadAfterMs, () => book.endUpload(order));
  }

  /** A token for a login, or undefined for a false one. */
  logIn(login: string, password: string): string | undefined {
    const account = this.accounts.find(({ credentials }) => credentials.login === login && credentials.password === password);
    const { tokenSeconds = Infinity } = this.modes;
    const token = randomUUID().replaceAll('-', '');
    account?.tokens.set(token, Date.now() + tokenSeconds * 1_000);
    return account && token;
  }

  /** The account that a token is of. Throws ApiShipRefusal. */
  authorise(token: string | undefined): ApiShipAccount {
    const account = this.accounts.find(
      ({ credentials, tokens }) => token !== undefined && (credentials.token === token || tokens.has(token)),
    );
    if (!account) throw new ApiShipRefusal(401, '040101', 'Неверный токен');
    if ((account.tokens.get(token ?? '') ?? Infinity) <= Date.now()) throw this.expired();
    return account;
  }

  /** The refusal of a token that has ended. */
  expired(): ApiShipRefusal {
    const { expiredToken } = this.modes;
    return new ApiShipRefusal(expiredToken === '040101' ? 401 : 403, expiredToken, 'Срок действия токена истёк');
  }

  /** No token that a login has got is good any more. */
  expireTokens(): void {
    for (const { tokens } of this.accounts) for (const token of tokens.keys()) tokens.set(token, 0);
  }

  /** Keeps a file; returns its id. */
  keepFile(pdf: Buffer): string {
    const id = randomUUID();
    this.files.set(id, { pdf, madeAt: Date.now() });
    return id;
  }

  /** Posts the webhooks held (`webhooks.mode = 'hold'`). */
  flushWebhooks(options: ApiShipWebhookFlush = {}): Promise<void> {
    return this.webhooks.flush(options);
  }

  /** Whether this call exceeds the limit. */
  isTooMany(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) [this.second, this.callsInSecond] = [second, 0];
    return ++this.callsInSecond > (this.modes.callsPerSecond ?? Infinity);
  }

  /** Forgets everything but the first account's login and token; modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    const { credentials } = this.account;
    this.accounts.length = 0;
    this.addAccount(credentials);
    this.setModes(FIRST_MODES);
    this.files.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
  }

  private find(named: string | number): { book: ApiShipBook; found: ApiShipOrder } {
    for (const { book } of this.accounts) {
      const found = book.orders.findLast(({ orderId, providerNumber, body }) =>
        [String(orderId), providerNumber, body.order.clientNumber].includes(String(named)),
      );
      if (found) return { book, found };
    }
    throw new Error(`no order with the id or number ${named}`);
  }

  private notify({ subscriptions }: ApiShipAccount, { order, status }: ApiShipEvent): void {
    const { webhookDelayMs, webhookCopies, eventType } = this.modes;
    // What is told is the state of now, however late it is told.
    const event = structuredClone({ order, status });
    const post = (): void => {
      for (let copy = 0; copy < webhookCopies; copy++) for (const { url } of subscriptions) this.webhooks.add(url, event, eventType);
    };
    if (webhookDelayMs === 0) post();
    else this.later(webhookDelayMs, post);
  }
}
