import { randomUUID } from 'node:crypto';
import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
import { CdekBook, type DoubleIntake, type DoubleOrder, type DoubleStatus, type DoubleStatusPush } from './cdek-book.js';
import type { CdekOwnFault } from './cdek-faults.js';
import { countCash, countInsured, type DoubleSum } from './cdek-meaning.js';
import { countBilledGrams } from './cdek-network.js';
import type { CdekTerms } from './cdek-rules.js';
import { CdekWebhooks, type CdekWebhookAttempt } from './cdek-webhooks.js';
import { type CdekCall, WIRE } from './cdek-wire.js';
import { listCallNames } from '../../double/wire.js';
import type { WebhookFlush } from '../../double/sender.js';

/** Standing behaviour, until changed. */
export interface CdekModes extends CdekTerms {
  /** Milliseconds until a request is validated (initially 100); undefined: only when a test does it. */
  validateAfterMs: number | undefined;
  /** What every validation refuses with; undefined: nothing but what is wrong. */
  refuseWith: string | undefined;
  /** When an order with a used number is refused: when sent (`at-once`, initially) or during validation. */
  duplicates: 'at-once' | 'later';
  /** Seconds a token is good for. 3600 at first. */
  tokenSeconds: number;
  /** Milliseconds until a document is ready; undefined: never. 100 at first. */
  printAfterMs: number | undefined;
  /** How documents end: made, refused, or gone when requested. */
  prints: 'made' | 'invalid' | 'removed' | 'vanished';
  /** A status taken back is still listed, marked, or no longer listed. */
  revoked: 'marked' | 'dropped';
  /** A deleted order is still shown, or no longer found. */
  deleted: 'hidden' | 'shown';
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
  /** Calls a second before it answers 429; undefined: no limit. */
  callsPerSecond: number | undefined;
}

export const FIRST_MODES: CdekModes = {
  validateAfterMs: 100,
  refuseWith: undefined,
  duplicates: 'at-once',
  tokenSeconds: 3_600,
  printAfterMs: 100,
  prints: 'made',
  revoked: 'marked',
  deleted: 'hidden',
  latencyMs: 0,
  callsPerSecond: undefined,
  contract: 'shop',
  contractCurrency: 'RUB',
  collectsAbroad: false,
  oldVat: 'refused',
  paymentLimits: {},
};

/** A call as received, to check it against CDEK's schemas. */
export interface CdekCaptured {
  call: string;
  method: string;
  /** With the query. */
  url: string;
  body?: unknown;
}

/** The double without its HTTP: what it has, how it is to behave, and the test's hold on both. */
export class CdekControl extends DoubleControl<CdekCall, CdekOwnFault> {
  readonly modes: CdekModes = { ...FIRST_MODES };
  readonly book = new CdekBook(this.modes);
  readonly webhooks = new CdekWebhooks();
  /** Every call except token requests, in order, failed ones included; the last 10,000. */
  readonly captured: CdekCaptured[] = [];
  private readonly tokens = new Map<string, number>();
  private second = 0;
  private callsInSecond = 0;

  constructor(
    readonly clientId: string,
    readonly clientSecret: string,
  ) {
    super(new PlannedFaults<CdekCall, CdekOwnFault>(listCallNames<CdekCall>(WIRE), { 'token-expired': [], refuse: ['code'] }, ['token']));
    this.book.onStatus = (event) => this.webhooks.add(event);
  }

  /** Sets how it behaves from now on. */
  setModes(modes: Partial<CdekModes>): void {
    Object.assign(this.modes, modes);
  }

  /** All orders, the oldest first, refused and deleted ones too; those of one number when it is given. */
  orders(number?: string): readonly DoubleOrder[] {
    return this.book.orders.filter((order) => number === undefined || order.number === number);
  }

  /** The orders that stand: neither refused nor deleted. */
  standing(): readonly DoubleOrder[] {
    return this.book.orders.filter((order) => !order.removed && this.book.toState(order) !== 'INVALID');
  }

  /** Visits of the courier that stand. */
  intakes(): readonly DoubleIntake[] {
    return this.book.intakes.filter(({ removed, requests }) => !removed && requests.every(({ state }) => state !== 'INVALID'));
  }

  /** Numbers that more than one standing order has: something was done twice. */
  duplicates(): string[] {
    const numbers = this.standing().map(({ number }) => number);
    return [...new Set(numbers.filter((number, index) => numbers.indexOf(number) !== index))];
  }

  /**
   * Cash that CDEK would collect for an order (its id, number or CDEK number), whatever the shop meant: in
   * the currency of the recipient's country. It is the sum for the whole order, also after a delivery in
   * part.
   */
  collected(order: string): DoubleSum {
    const { value, currency = '?' } = countCash(this.order(order).body);
    return { minor: Math.round(value * 100), currency };
  }

  /** The declared value of an order, in the contract's currency. */
  insured(order: string): DoubleSum {
    return { minor: Math.round(countInsured(this.order(order).body) * 100), currency: this.modes.contractCurrency };
  }

  /** Grams that CDEK bills for an order, by weight or volume. */
  billedGrams(order: string): number {
    return countBilledGrams(this.order(order).body.packages);
  }

  /** Orders that were refused before CDEK had the parcel: it bills them although nothing was carried. */
  billedForNothing(): readonly DoubleOrder[] {
    return this.book.orders.filter(({ isBilledForNothing }) => isBilledForNothing);
  }

  /** How often a call was received. */
  countCalls(call: CdekCall): number {
    return this.captured.filter((one) => one.call === call).length;
  }

  /** Returns an order (its id, number or CDEK number) a status, whatever it was. */
  pushStatus(order: string, code: string, push: DoubleStatusPush = {}): DoubleStatus {
    return this.book.push(this.order(order), code, push);
  }

  /** Takes a status of an order back, as the mode `revoked` says. */
  revokeStatus(order: string, code: string): DoubleStatus {
    return this.book.revoke(this.order(order), code, this.modes.revoked === 'marked');
  }

  /** Ends the validation of an order (its id or number): registered, or refused in the words given. */
  validate(order: string, refuseWith?: string): void {
    const found = this.order(order);
    if (found.requests.find(({ type }) => type === 'CREATE')?.state !== 'ACCEPTED')
      throw new Error(`order ${found.uuid} was validated already`);
    this.book.validate(found, refuseWith);
  }

  /** No token given so far is good any more. */
  expireTokens(): void {
    this.tokens.clear();
  }

  /** Posts the events held (`webhooks.mode = 'hold'`); answers all attempts so far. */
  async flushWebhooks(options: WebhookFlush = {}): Promise<readonly CdekWebhookAttempt[]> {
    await this.webhooks.flush(options);
    return this.webhooks.attempts;
  }

  /** Forgets everything; modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    this.book.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.tokens.clear();
    this.captured.length = 0;
    this.setModes(FIRST_MODES);
  }

  /** Returns a new token. */
  newToken(): string {
    const token = randomUUID();
    this.tokens.set(token, Date.now() + this.modes.tokenSeconds * 1_000);
    return token;
  }

  isGoodToken(token: string): boolean {
    return (this.tokens.get(token) ?? 0) > Date.now();
  }

  /** Whether this call exceeds the limit. */
  isTooMany(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) [this.second, this.callsInSecond] = [second, 0];
    return ++this.callsInSecond > (this.modes.callsPerSecond ?? Number.POSITIVE_INFINITY);
  }

  private order(idOrNumber: string): DoubleOrder {
    const found = this.book.orders.findLast(({ uuid, number, cdek_number }) => [uuid, number, cdek_number].includes(idOrNumber));
    if (found === undefined) throw new Error(`no order with the id or number ${idOrNumber}`);
    return found;
  }
}
