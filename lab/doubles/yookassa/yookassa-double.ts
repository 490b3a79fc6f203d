import { randomBytes, randomUUID } from 'node:crypto';
import { hand } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import type { Acts, DoubleOptions, Fault } from '../../../libs/testing/double/rules.js';
import { type HandPage, servePage } from '../../../libs/testing/hand-page.js';
import { OAuthDesk } from '../../../libs/testing/double/oauth-desk.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { HookFlush } from '../../../libs/testing/double/webhooks.js';
import { list, object, oneOf, text, whole } from '../../../libs/testing/double/wire.js';
import {
  YOOKASSA_EVENTS,
  YooKassaBook,
  type YooKassaEvent,
  type YooKassaEventName,
  type YooKassaShopSettings,
  type YooKassaSurroundings,
} from './yookassa-book.js';
import { buildList } from './yookassa-lists.js';
import { TEST_CARDS } from './yookassa-methods.js';
import { MODES } from './yookassa-modes.js';
import { YOOKASSA_RECEIPTS } from './yookassa-receipts.js';
import { invalid } from './yookassa-refusals.js';
import { WIRE, type YooKassaHook, type YooKassaPayment, type YooKassaRefund } from './yookassa-wire.js';

/** How a YooKassa double is started. Its first shop is a test shop without receipts, for roubles. */
export interface YooKassaDoubleOptions extends Partial<YooKassaShopSettings>, DoubleOptions {}

/** How held notifications are posted. */
export interface YooKassaWebhookFlush extends HookFlush {
  /** Another status than the object has: nothing in them proves anything. */
  status?: string;
}
type Own = 'forbidden' | 'processing';
export type YooKassaFault = Fault<Own>;

const PROCESSING = new Refusal(202, 'processing', 'The request is accepted and not processed yet');
/** Cards of the sandbox CRM's demo, and the test cards of YooKassa with the same effect. */
const DEMO_CARDS: Readonly<Record<string, string>> = { '4242424242424242': '5555555555554477', '4000000000000002': '5555555555554600' };

/** One shop: its key, its objects, where its notifications go. */
export class YooKassaShop {
  readonly book: YooKassaBook;
  /** The address entered in the dashboard. */
  webhookUrl: string | undefined;
  /** The events ticked in the dashboard. */
  events: readonly YooKassaEventName[] = YOOKASSA_EVENTS;

  constructor(
    readonly settings: YooKassaShopSettings,
    around: YooKassaSurroundings,
    onEvent: (shop: YooKassaShop, event: YooKassaEvent) => void,
  ) {
    this.book = new YooKassaBook(settings, around, (event) => onEvent(this, event));
  }

  /** The name of the shop for the control. */
  get token(): string {
    return this.settings.shopId;
  }

  /** The reply of `/me`. */
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

/**
 * A local YooKassa with the API that payments by redirect need (README.md). Tests play buyers, banks,
 * registers, time and dashboard by its methods, by `book` or under `/control`.
 */
export class YooKassaDouble
  extends Double<typeof WIRE, YooKassaShop, typeof MODES, Own, YooKassaWebhookFlush>
  implements YooKassaSurroundings
{
  /** The OAuth server, and the partner's application at it. */
  readonly oauth: OAuthDesk;
  /** Webhooks set by API, each of one event and token. */
  readonly hooks: (YooKassaHook & { token: string })[] = [];

  private constructor(first: YooKassaShopSettings) {
    super({
      wire: WIRE,
      modes: MODES,
      faults: {
        forbidden: new Refusal(403, 'forbidden', 'There is no right to this operation'),
        processing: { spoil: () => ({ status: 202, json: writeRefusal(PROCESSING) }) },
      },
      unauthorized: new Refusal(401, 'invalid_credentials', 'Authentication failed: the shop or its key is not known', {
        parameter: 'Authorization',
      }),
      failed: new Refusal(500, 'internal_server_error', 'Something went wrong. The result is not known'),
      tooMany: (seconds) =>
        new Refusal(429, 'too_many_requests', 'Too many requests', { retry_after: seconds * 1_000 }, { 'retry-after': String(seconds) }),
      refusalStatus: 400,
      toWrong: ({ keyword, path, message }) =>
        keyword === 'contentType'
          ? new Refusal(415, 'unsupported_media_type', 'The body must be application/json', { parameter: 'Content-Type' })
          : invalid(`Invalid request: ${message}`, path.replace(/^\$\.?/, '')),
      writeRefusal,
      findAccount: ({ headers: { authorization = '' } }, shops) => {
        const [scheme, value = ''] = authorization.split(' ');
        if (scheme === 'Bearer') return shops.find(({ token }) => token === this.oauth.findAccount(value));
        const [shopId, secretKey] = Buffer.from(value, 'base64').toString('utf8').split(':');
        return shops.find(({ settings }) => scheme === 'Basic' && settings.shopId === shopId && settings.secretKey === secretKey);
      },
      keys: {
        header: 'idempotence-key',
        check: (key = '') => {
          if (key === '') throw invalid('Idempotence key is missing', 'Idempotence-Key');
          if (!/^[0-9a-zA-Z+\-_.]{1,64}$/.test(key)) throw invalid('Idempotence key is 1-64 of 0-9 a-z A-Z + - _ .', 'Idempotence-Key');
        },
        lifeSeconds: () => 86_400,
        otherCall: invalid('Idempotence key duplicated', 'Idempotence-Key'),
        running: PROCESSING,
        keeps: ({ status }) => status !== 415,
        replay: (answer) => {
          const { id = '' } = answer.json as { id?: string };
          const present = this.shops.map(({ book }) => book.find(id)).find((one) => one !== undefined);
          return this.modes.replays === 'as-now' && present ? { ...answer, json: present } : answer;
        },
      },
      // Its verification is not published: it is there to be ignored.
      headers: () => ({ signature: `v1 ${randomUUID()} 1 ${randomBytes(64).toString('base64')}` }),
      hooks: {
        // Instead of for a day.
        attempts: 8,
        isTaken: ({ status }) => status === 200,
        bend: ({ body }, { status }) =>
          status === undefined ? {} : { body: { ...body, object: { ...(body as YooKassaEvent).object, status } } },
        sign: (): Record<string, string> => {
          const { webhookFrom } = this.modes;
          return webhookFrom === undefined ? {} : { 'x-forwarded-for': webhookFrom };
        },
      },
      flush: { 'status?': text() },
    });
    this.addShop(first);
    this.oauth = new OAuthDesk(this.app, {
      paths: { authorize: '/oauth/v2/authorize', token: '/oauth/v2/token', revoke: '/oauth/v2/revoke_token' },
      ...{ needsRedirect: false, needsPkce: false, client: 'basic', rotates: false, codeSeconds: 300, lifeSeconds: 157_680_000 },
      prefixes: { token: 'AAEAAAAA', other: 'code-' },
      listAccounts: () => Object.fromEntries(this.shops.map(({ token }) => [token, `Shop ${token}`])),
      describe: () => ({}),
    });
    this.serve(this.listActs());
    servePage(this.app, '/checkout/payments/:id', (_query, { id = '' }) => this.findPage(id));
  }

  private listActs(): Acts<typeof WIRE, YooKassaShop> {
    return {
      getMe: ({ account }) => account.profile,
      createPayment: ({ account, body }) => account.book.createPayment(body),
      listPayments: ({ account: { book }, query }) => buildList(book.payments, query, book.now),
      getPayment: ({ account, id }) => account.book.payment(id),
      capturePayment: ({ account, id, body }) => account.book.capture(id, body),
      cancelPayment: ({ account, id }) => account.book.cancel(id),
      createRefund: ({ account, body }) => account.book.createRefund(body),
      listRefunds: ({ account: { book }, query }) => buildList(book.refunds, query, book.now),
      createWebhook: ({ body, request }) => {
        const token = readToken(request);
        if (!YOOKASSA_EVENTS.includes(body.event as YooKassaEventName)) throw invalid('Unknown event', 'event');
        if (this.hooks.some((hook) => hook.token === token && hook.event === body.event)) throw invalid('There is one already', 'event');
        const made = { id: `wh-${randomUUID()}`, ...body };
        this.hooks.push({ ...made, token });
        return made;
      },
      listWebhooks: ({ request }) => {
        const token = readToken(request);
        const own = this.hooks.filter((hook) => hook.token === token);
        return { type: 'list', items: own.map(({ id, event, url }) => ({ id, event, url })) };
      },
      deleteWebhook: ({ id, request }) => {
        const token = readToken(request);
        const index = this.hooks.findIndex((hook) => hook.token === token && hook.id === id);
        if (index === -1) throw new Refusal(404, 'not_found', 'There is no such webhook', { parameter: 'id' });
        this.hooks.splice(index, 1);
        return {};
      },
      createReceipt: ({ account, body }) => account.book.createReceipt(body),
      listReceipts: ({ account: { book }, query }) => buildList(book.receipts, query, book.now),
    };
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ port = 0, webhookUrl, ...shop }: YooKassaDoubleOptions = {}): Promise<YooKassaDouble> {
    const first = { shopId: '100500', secretKey: 'test_double_key', currency: 'RUB', receipts: 'none', ...shop } as const;
    return new YooKassaDouble(first).listen({ port, webhookUrl });
  }

  get shops(): YooKassaShop[] {
    return this.accounts;
  }

  /** The first shop. */
  get shop(): YooKassaShop {
    return this.accounts[0] as YooKassaShop;
  }

  /** The first shop's objects. */
  get book(): YooKassaBook {
    return this.shop.book;
  }

  get clockMs(): number {
    return Date.now() + this.passed * 1_000;
  }

  override get settingsText(): string {
    const { shopId, secretKey } = this.shop.settings;
    return `shopId ${shopId}, secret key ${secretKey}`;
  }

  /** Adds a shop. Throws when its id is taken. */
  addShop(settings: YooKassaShopSettings): YooKassaShop {
    if (this.shops.some(({ token }) => token === settings.shopId)) throw new Error('there is a shop of that id already');
    const shop = new YooKassaShop(settings, this, ({ webhookUrl, events }, event) => {
      const { event: action, object: about } = event;
      const url = events.includes(action) ? webhookUrl : undefined;
      const alive = this.hooks.filter((hook) => hook.event === action && this.oauth.findAccount(hook.token) === shop.token);
      for (const target of [url, ...alive.map((hook) => hook.url)])
        if (target !== undefined) this.tell({ url: target, action, body: event, about: { event: action, object: about.id } });
    });
    this.shops.push(shop);
    return shop;
  }

  /** Returns the shop that has a payment or refund. Throws if none has. */
  shopWith(id: string): YooKassaShop {
    const shop = this.shops.find(({ book }) => book.find(id) !== undefined);
    if (!shop) throw new Error(`there is no ${id}`);
    return shop;
  }

  /** Payments of our reference (`metadata.paymentId`), the oldest first, in all shops. */
  payments(reference?: string): YooKassaPayment[] {
    const all = this.shops.flatMap(({ book }) => book.payments);
    return all.filter(({ metadata }) => reference === undefined || metadata?.['paymentId'] === reference);
  }

  /** Their refunds. */
  refunds(reference?: string): YooKassaRefund[] {
    const ids = new Set(this.payments(reference).map(({ id }) => id));
    return this.shops.flatMap(({ book }) => book.refunds).filter(({ payment_id }) => ids.has(payment_id));
  }

  /** The money that the shop keeps of a payment, in hundredths. */
  kept(paymentId: string): number {
    return this.shopWith(paymentId).book.money.kept(paymentId);
  }

  override advance(seconds: number): void {
    super.advance(seconds);
    for (const { book } of this.shops) book.endWhatIsDue();
  }

  override describe(): object {
    const shops = this.shops.map(({ settings, book, webhookUrl, events }) => ({
      ...{ shopId: settings.shopId, receipts: settings.receipts, webhookUrl: webhookUrl ?? null, listens: events },
      ...{ payments: book.payments.length, refunds: book.refunds.length, receiptsMade: book.receipts.length, events: book.events.length },
    }));
    return { ...super.describe(), shops };
  }

  protected override listReferences(): readonly string[] {
    return this.payments().flatMap(({ status, metadata }) => (status === 'succeeded' ? [metadata?.['paymentId'] ?? ''] : []));
  }

  /** Leaves the first shop, and where its notifications go. */
  protected override forget(): void {
    const { settings, webhookUrl } = this.shop;
    this.shops.length = 0;
    this.hooks.length = 0;
    this.addShop(settings).webhookUrl = webhookUrl;
  }

  protected override listThings() {
    return {
      payments: ({ reference }: Readonly<Record<string, string>>) => this.payments(reference),
      refunds: ({ reference }: Readonly<Record<string, string>>) => this.refunds(reference),
    };
  }

  protected override listHands() {
    type Act = (book: YooKassaBook, id: string, how: { way?: string; card?: string; code?: string; amount?: number }) => object;
    const acts: Readonly<Record<string, Act>> = {
      pay: (book, id, how) => book.pay(id, how),
      decline: (book, id, { code }) => book.decline(id, code),
      expire: (book, id) => book.expire(id),
      'end-hold': (book, id) => book.endHold(id),
      capture: (book, id) => book.capture(id),
      cancel: (book, id) => book.cancel(id),
      refund: (book, id, { amount }) => book.refundByHand(id, amount),
      'settle-refund': (book, id) => book.settleRefund(id, 'succeeds'),
      'fail-refund': (book, id, { code = 'insufficient_funds' }) => book.settleRefund(id, { fails: code }),
      'register-receipt': (book, id) => book.register(id, 'succeeded'),
      'fail-receipt': (book, id) => book.register(id, 'canceled'),
    };
    const how = { 'way?': text(), 'card?': text(), 'code?': text(), 'amount?': whole(1) };
    const options = { 'currency?': text(), 'receipts?': oneOf(...YOOKASSA_RECEIPTS), 'events?': list(oneOf(...YOOKASSA_EVENTS)) };
    return {
      acts: hand(object({ id: text(), act: oneOf(...Object.keys(acts)), ...how }), ({ id: given, act, ...given_how }) => {
        const id = this.payments(given).at(-1)?.id ?? given;
        return acts[act]?.(this.shopWith(id).book, id, given_how);
      }),
      shops: hand(object({ shopId: text(), secretKey: text(), ...options }), ({ events, ...settings }) => {
        const known = this.shops.find(({ token }) => token === settings.shopId);
        const shop = known ?? this.addShop({ currency: 'RUB', receipts: 'none', ...settings });
        Object.assign(shop.settings, settings);
        if (events) shop.events = events;
      }),
    };
  }

  /** The page of a payment's `confirmation_url`. A form may also name the `card`. */
  private findPage(id: string): HandPage | undefined {
    const shop = this.shops.find(({ book }) => book.find(id) !== undefined);
    if (!shop) return undefined;
    const { book } = shop;
    const payment = book.payment(id);
    const isOpen = payment.status === 'pending' && payment.confirmation !== undefined;
    const offered = isOpen ? book.listWays(payment) : [];
    const cards = Object.entries(TEST_CARDS).map(([number, decline]) => [number, `${number}: ${decline?.reason ?? 'pays'}`]);
    const { value, currency } = payment.amount;
    const back = book.findReturnUrl(payment);
    return {
      ...{ title: 'YooKassa double', back },
      lines: isOpen ? [`${value} ${currency}`, payment.description ?? ''] : [`There is nothing to pay: ${payment.status}.`],
      ways: Object.fromEntries([...offered.map((way) => [way, way]), ...(offered.includes('bank_card') ? cards : [])]) as Record<
        string,
        string
      >,
      act: (form) => {
        const asked = form.get('way') ?? 'bank_card';
        const [way, given] = asked in TEST_CARDS ? ['bank_card', asked] : [asked, form.get('card')?.replaceAll(' ', '')];
        const card = given === undefined ? undefined : (DEMO_CARDS[given] ?? given);
        book.pay(id, { way, ...(card !== undefined && { card }) });
        return payment.paid || payment.receipt_registration === 'pending' ? { to: back } : { notice: 'The payment was declined.' };
      },
    };
  }
}

/** Returns the token of a consent. A shop's own key has no right to webhooks. */
function readToken({ headers: { authorization = '' } }: { headers: { authorization?: string | undefined } }): string {
  const [scheme, token = ''] = authorization.split(' ');
  if (scheme !== 'Bearer') throw new Refusal(403, 'forbidden', 'Webhooks are set by partners only');
  return token;
}

function writeRefusal({ status, code, message, details }: Refusal): object {
  if (status === 202) return { type: code, description: message, retry_after: 1_800 };
  // Here `code` of a business refusal is its reason.
  const isReason = status === 400 && code !== 'invalid_request';
  const reason = isReason ? { code: 'refusal', reason: code } : { code };
  return {
    ...{ type: 'error', id: randomUUID(), ...reason, description: message, ...(details as object | undefined) },
  };
}
