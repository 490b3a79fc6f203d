import { DoubleControl } from '../double-control.js';
import { IdempotencyKeys } from '../../double/keys.js';
import { PlannedFaults } from '../../double/faults.js';
import { FIRST_BOOK_MODES, YooKassaBook, type YooKassaModes, type YooKassaShopSettings } from './yookassa-book.js';
import type { YooKassaOwnFault } from './yookassa-faults.js';
import { WIRE, type YooKassaCall } from './yookassa-wire.js';
import { listCallNames } from '../../double/wire.js';
import {
  invalid,
  stillProcessing,
  YOOKASSA_EVENTS,
  type YooKassaAnswer,
  type YooKassaEvent,
  type YooKassaEventName,
  type YooKassaPayment,
  type YooKassaRefund,
} from './yookassa-objects.js';
import { YooKassaWebhooks } from './yookassa-webhooks.js';

/** Standing behaviour of the service, besides that of its shops. */
export interface YooKassaServiceModes extends YooKassaModes {
  /** Whether `/me` answers a shop's key; it is only documented for partners. At first it does. */
  me: 'answered' | 'forbidden';
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
  /** Calls a second, and at once, before it answers 429; undefined: no limit. */
  callsPerSecond: number | undefined;
  callsAtOnce: number | undefined;
  /** Milliseconds until a notification is posted, and how often each is. 0 and 1 at first. */
  webhookDelayMs: number;
  webhookCopies: number;
  /** What notifications say in `x-forwarded-for`; undefined: nothing. */
  webhookFrom: string | undefined;
}

const FIRST_MODES: YooKassaServiceModes = {
  ...{ ...FIRST_BOOK_MODES, me: 'answered', latencyMs: 0, callsPerSecond: undefined, callsAtOnce: undefined },
  ...{ webhookDelayMs: 0, webhookCopies: 1, webhookFrom: undefined },
};

/** One shop: its key, its objects, where its notifications go. */
export class YooKassaShop {
  readonly book: YooKassaBook;
  /** The first result of a key, a refusal included, is the answer to every repeat of a day. */
  readonly keys = new IdempotencyKeys<YooKassaAnswer>({
    lifeSeconds: () => 86_400,
    toOtherCall: () => invalid('Idempotence key duplicated', 'Idempotence-Key'),
    toRunning: stillProcessing,
  });
  /** The address entered in the dashboard; undefined: none. */
  webhookUrl: string | undefined;
  /** The events ticked in the dashboard. */
  events: readonly YooKassaEventName[] = YOOKASSA_EVENTS;

  constructor(
    readonly settings: YooKassaShopSettings,
    modes: YooKassaModes,
    baseUrl: () => string,
  ) {
    this.book = new YooKassaBook(settings, modes, baseUrl);
  }

  /** The shop as `/me` answers it. */
  get profile(): object {
    const { shopId, receipts } = this.settings;
    const provider = receipts === 'yoomoney' ? 'avanpost' : 'atol';
    const enabled = receipts !== 'none' && receipts !== 'self-employed';
    return {
      ...{ account_id: shopId, test: this.book.isTest, status: 'enabled', payment_methods: this.book.ways },
      ...{ fiscalization_enabled: enabled, fiscalization: { enabled, ...(enabled && { provider }) } },
    };
  }
}

/** A request as it was received. */
export interface YooKassaReceived {
  call: YooKassaCall;
  method: string;
  /** With the query. */
  url: string;
  body?: unknown;
  idempotenceKey: string | undefined;
  /** It got the kept answer of an earlier one. */
  replayed: boolean;
}

/** The double without its HTTP: the shops, how they are to behave, and the test's hold on both. */
export class YooKassaControl extends DoubleControl<YooKassaCall, YooKassaOwnFault> {
  readonly webhooks = new YooKassaWebhooks();
  readonly modes: YooKassaServiceModes = { ...FIRST_MODES };
  /** All received calls, in order, failed ones included. */
  readonly calls: YooKassaReceived[] = [];
  readonly shops: YooKassaShop[] = [];
  /** Calls that are being answered. */
  running = 0;
  private second = 0;
  private callsInSecond = 0;

  constructor(
    private readonly baseUrl: () => string,
    first: YooKassaShopSettings,
  ) {
    super(
      new PlannedFaults<YooKassaCall, YooKassaOwnFault>(listCallNames<YooKassaCall>(WIRE), {
        unauthorized: [],
        forbidden: [],
        refuse: ['code'],
        processing: [],
      }),
    );
    this.addShop(first);
  }

  /** The first shop. */
  get shop(): YooKassaShop {
    const [first] = this.shops;
    if (!first) throw new Error('there is no shop');
    return first;
  }

  /** The first shop's objects. */
  get book(): YooKassaBook {
    return this.shop.book;
  }

  addShop(settings: YooKassaShopSettings): YooKassaShop {
    if (this.shops.some((one) => one.settings.shopId === settings.shopId)) throw new Error('there is a shop of that id already');
    const shop = new YooKassaShop(settings, this.modes, this.baseUrl);
    shop.book.onEvent = (event) => this.notify(shop, event);
    this.shops.push(shop);
    return shop;
  }

  findShop(shopId: string, secretKey?: string): YooKassaShop | undefined {
    return this.shops.find(({ settings }) => settings.shopId === shopId && (secretKey === undefined || settings.secretKey === secretKey));
  }

  /** The shop that has a payment or refund. Throws when none has. */
  shopWith(id: string): YooKassaShop {
    const shop = this.shops.find(({ book }) => book.find(id) !== undefined);
    if (!shop) throw new Error(`there is no ${id}`);
    return shop;
  }

  setModes(modes: Partial<YooKassaServiceModes>): void {
    Object.assign(this.modes, modes);
  }

  /** Payments made under our reference (`metadata.paymentId`), the oldest first, in all shops. */
  payments(reference?: string): YooKassaPayment[] {
    return this.shops
      .flatMap(({ book }) => book.payments)
      .filter(({ metadata }) => reference === undefined || metadata?.['paymentId'] === reference);
  }

  /** Their refunds. */
  refunds(reference?: string): YooKassaRefund[] {
    const ids = new Set(this.payments(reference).map(({ id }) => id));
    return this.shops.flatMap(({ book }) => book.refunds).filter(({ payment_id }) => ids.has(payment_id));
  }

  countCalls(call: YooKassaCall): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  /** Whether this call exceeds a limit. */
  isTooMany(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) [this.second, this.callsInSecond] = [second, 0];
    const { callsPerSecond = Infinity, callsAtOnce = Infinity } = this.modes;
    return ++this.callsInSecond > callsPerSecond || this.running > callsAtOnce;
  }

  /** Forgets everything but the first shop and where its notifications go; modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    const { settings, webhookUrl } = this.shop;
    this.shops.length = 0;
    this.setModes(FIRST_MODES);
    this.addShop(settings).webhookUrl = webhookUrl;
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
  }

  private notify({ webhookUrl: url, events }: YooKassaShop, event: YooKassaEvent): void {
    if (url === undefined || !events.includes(event.event)) return;
    const { webhookDelayMs, webhookCopies, webhookFrom: from } = this.modes;
    const post = (): void => {
      for (let copy = 0; copy < webhookCopies; copy++) this.webhooks.add({ url, from, event });
    };
    if (webhookDelayMs === 0) post();
    else this.later(webhookDelayMs, post);
  }
}
