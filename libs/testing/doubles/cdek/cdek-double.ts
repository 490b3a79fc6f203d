import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { CdekBook, type DoubleIntake, type DoubleOrder, type DoubleStatus, type DoubleStatusPush } from './cdek-book.js';
import { FIRST_MODES, type CdekCaptured, type CdekControl, type CdekModes } from './cdek-control.js';
import { PlannedFaults } from '../planned-faults.js';
import type { CdekCall, CdekFault } from './cdek-faults.js';
import { registerCdekRoutes } from './cdek-routes.js';
import { CdekWebhooks, type CdekWebhookAttempt, type CdekWebhookFlush } from './cdek-webhooks.js';
import { registerControlRoutes } from './control-routes.js';

/** How a double of CDEK is started. */
export interface CdekDoubleOptions {
  /** A free one when left out. */
  port?: number;
  /** The account of CDEK's public test contour when left out. */
  clientId?: string;
  clientSecret?: string;
}

/**
 * CDEK's API v2 for tests and trials, in memory: asynchronous as the real one, and as wilful as it can be. It checks requests against CDEK's public pages. The methods
 * are the test's control; the same is under `/control` for one started by hand (README.md).
 */
export class CdekDouble implements CdekControl {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly modes: CdekModes = { ...FIRST_MODES };
  readonly book = new CdekBook();
  readonly faults = new PlannedFaults<CdekCall, CdekFault>(['token']);
  readonly webhooks = new CdekWebhooks();
  readonly captured: CdekCaptured[] = [];
  private readonly tokens = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly app: FastifyInstance;
  private address = '';
  private second = 0;
  private callsInSecond = 0;

  private constructor(options: CdekDoubleOptions) {
    this.clientId = options.clientId ?? 'wqGwiQx0gg8mLtiEKsUinjVSICCjtTEP';
    this.clientSecret = options.clientSecret ?? 'RmAmgvSgSl1yirlz9QupbzOJVqhCxcP5';
    this.book.onStatus = (event) => this.webhooks.add(event);
    this.app = Fastify({
      forceCloseConnections: true,
      bodyLimit: 8 * 1024 * 1024,
      ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    });
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: CdekDoubleOptions = {}): Promise<CdekDouble> {
    const cdek = new CdekDouble(options);
    await cdek.app.register(formbody);
    registerCdekRoutes(cdek.app, cdek);
    registerControlRoutes(cdek.app, cdek);
    cdek.address = await cdek.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return cdek;
  }

  /** Its address, without a slash at the end; the API is below `/v2`. */
  get url(): string {
    return this.address;
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.stopTimers();
    await this.webhooks.stop();
    await this.app.close();
  }

  /** The next calls of that name (`*`: of any) go wrong so; one call when `times` is left out. */
  fail(call: CdekCall | '*', fault: CdekFault, times = 1): void {
    this.faults.add(call, fault, times);
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
    return this.book.orders.filter((order) => !order.removed && this.book.stateOf(order) !== 'INVALID');
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

  /** How often a call was received. */
  countOf(call: CdekCall): number {
    return this.captured.filter((one) => one.call === call).length;
  }

  /** Gives an order (its id, number or CDEK number) a status, whatever it was. */
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
  async flushWebhooks(options: CdekWebhookFlush = {}): Promise<readonly CdekWebhookAttempt[]> {
    await this.webhooks.flush(options);
    return this.webhooks.attempts;
  }

  /** Forgets everything; modes are as at first. */
  reset(): void {
    this.stopTimers();
    this.book.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.tokens.clear();
    this.captured.length = 0;
    this.setModes(FIRST_MODES);
  }

  newToken(): string {
    const token = randomUUID();
    this.tokens.set(token, Date.now() + this.modes.tokenSeconds * 1_000);
    return token;
  }

  isGoodToken(token: string): boolean {
    return (this.tokens.get(token) ?? 0) > Date.now();
  }

  later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  }

  isTooMany(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) [this.second, this.callsInSecond] = [second, 0];
    return ++this.callsInSecond > (this.modes.callsPerSecond ?? Number.POSITIVE_INFINITY);
  }

  private stopTimers(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private order(idOrNumber: string): DoubleOrder {
    const found = this.book.orders.findLast(({ uuid, number, cdek_number }) => [uuid, number, cdek_number].includes(idOrNumber));
    if (found === undefined) throw new Error(`no order with the id or number ${idOrNumber}`);
    return found;
  }
}
