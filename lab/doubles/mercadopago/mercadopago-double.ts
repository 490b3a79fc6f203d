import { randomInt, randomUUID } from 'node:crypto';
import { hmacSha256Hex, isUuid } from '#platform/plain';
import { hand } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import type { Acts, DoubleOptions, Fault, Input } from '../../../libs/testing/double/rules.js';
import { servePage } from '../../../libs/testing/hand-page.js';
import { OAuthDesk } from '../../../libs/testing/double/oauth-desk.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { HookFlush, HookRules } from '../../../libs/testing/double/webhooks.js';
import { flag, listWrong, object, oneOf, text, type WireError } from '../../../libs/testing/double/wire.js';
import { MercadoPagoAccount, type MercadoPagoAccountOptions, type MercadoPagoOrder, readWay } from './mercadopago-account.js';
import { MODES, type MercadoPagoModes } from './mercadopago-modes.js';
import { makeCheckoutPage } from './mercadopago-page.js';
import { writeChargeback, writeNotice, writeOrder, writeRefunds } from './mercadopago-replies.js';
import { refuse } from './mercadopago-rules.js';
import { MERCADOPAGO_SITES } from './mercadopago-sites.js';
import { SEARCHES, WIRE } from './mercadopago-wire.js';

/** Start options of a MercadoPago double: the first account, and the address it listens on. */
export interface MercadoPagoDoubleOptions extends Partial<MercadoPagoAccountOptions>, DoubleOptions {}

export interface MercadoPagoWebhookFlush extends HookFlush {
  /** Another id in the body, which is not signed. */
  bodyId?: string;
  /** Leaves the id out of the query. */
  withoutId?: boolean;
}
type Own = 'policy' | 'locked';
export type MercadoPagoFault = Fault<Own>;

/** The code of an application that may not make orders of this kind. */
const POLICY = 'PA_UNAUTHORIZED_RESULT_FROM_POLICIES';
/** The service's codes by the keyword that a request breaks. `property_value` for others. */
const CODES: Readonly<Record<string, string>> = {
  ...{ required: 'required_properties', additionalProperties: 'unsupported_properties', type: 'property_type' },
  ...{ minProperties: 'minimum_properties', minItems: 'minimum_items', maxItems: 'maximum_items', json: 'json_syntax_error' },
};
const toWrong = ({ keyword, path, message }: WireError): Refusal => refuse(CODES[keyword] ?? 'property_value', path, message);
const LOCKED = new Refusal(423, 'resource_locked', 'The resource is being processed.');

/**
 * The signed parts of a webhook. A missing one is left out with its label. `ts`: seconds or milliseconds
 * since 1970.
 */
interface Signed {
  id?: string | undefined;
  requestId?: string | undefined;
  ts: string;
}
export const mercadoPagoSignedTextOf = ({ id, requestId, ts }: Signed): string =>
  [id && `id:${id};`, requestId && `request-id:${requestId};`, `ts:${ts};`].filter(Boolean).join('');
export const mercadoPagoSignatureOf = (signed: Signed, secret: string): string =>
  `ts=${signed.ts},v1=${hmacSha256Hex(secret, mercadoPagoSignedTextOf(signed))}`;

/** Notices that are not about orders. Sellers have them ticked as well. */
const TOPICS = ['payment', 'ipn', 'stop_delivery_op_wh', 'topic_chargebacks_wh', 'topic_claims_integration_wh'] as const;
export type MercadoPagoTopic = (typeof TOPICS)[number];

/** A local MercadoPago with the orders that Checkout Pro needs (README.md). */
export class MercadoPagoDouble extends Double<typeof WIRE, MercadoPagoAccount, typeof MODES, Own, MercadoPagoWebhookFlush> {
  /** The OAuth server, and the partner's application at it. */
  readonly oauth: OAuthDesk;
  private readonly first: MercadoPagoAccountOptions;

  private constructor({
    token = 'APP_USR-double',
    site = 'MLM',
    webhookSecret = 'mercadopago-double-secret',
    isTest = false,
  }: MercadoPagoDoubleOptions) {
    super({
      wire: WIRE,
      modes: MODES,
      faults: { policy: new Refusal(403, POLICY, 'At least one policy returned UNAUTHORIZED.'), locked: LOCKED },
      findAccount: ({ headers: { authorization = '' } }, accounts) => {
        const [scheme, given = ''] = authorization.split(' ');
        const owner = this.oauth.findAccount(given);
        return accounts.find(({ token: own, userId }) => scheme === 'Bearer' && (own === given || String(userId) === owner));
      },
      unauthorized: new Refusal(401, 'unauthorized', 'The access token is not valid.'),
      failed: new Refusal(500, 'internal_error', 'An unexpected error happened.'),
      tooMany: new Refusal(429, 'too_many_requests', 'Too many requests.'),
      toWrong,
      writeRefusal: ({ status, code, message, details }, path) => {
        if (code === POLICY) return { code, status, blocked_by: 'PolicyAgent', message };
        if (path.startsWith('/v1/orders')) return { errors: [{ code, message, details }] };
        const causes = (details ?? []) as readonly string[];
        return { status, error: code, message, cause: causes.map((description) => ({ code, description, data: null })) };
      },
      headers: () => ({ 'x-request-id': randomUUID() }),
      keys: {
        header: 'x-idempotency-key',
        check: (key = '') => {
          if (key === '') throw new Refusal(400, 'empty_required_header', 'The header X-Idempotency-Key is required.');
          if (key.length > 64) throw new Refusal(400, 'invalid_idempotency_key_length', 'The key must have from 1 to 64 characters.');
          if (!isUuid(key)) throw refuse('property_value', '$.header.X-Idempotency-Key', 'must be a UUID');
        },
        otherCall: new Refusal(409, 'idempotency_key_already_used', 'The key was used with another request.'),
        running: LOCKED,
        isForgotten: (call) => call === 'refundOrder' && this.modes.refundKeys === 'ignored',
        afterError: () =>
          this.modes.keyAfterError === 'validation-failed'
            ? new Refusal(500, 'idempotency_validation_failed', 'The key could not be validated.')
            : this.modes.keyAfterError,
      },
      hooks: makeHookRules(() => this.modes),
      flush: { 'bodyId?': text(), 'withoutId?': flag },
    });
    this.first = { token, site, webhookSecret, isTest };
    this.oauth = new OAuthDesk(this.app, {
      paths: { authorize: '/authorization', token: '/oauth/token' },
      ...{ needsRedirect: true, needsPkce: true, client: 'body', rotates: true, codeSeconds: 600, lifeSeconds: 15_552_000 },
      prefixes: { token: 'APP_USR-', other: 'TG-' },
      listAccounts: () => Object.fromEntries(this.accounts.map(({ userId }) => [String(userId), `Seller ${userId}`])),
      describe: (id) => {
        const { isTest: test } = this.accounts.find(({ userId }) => String(userId) === id) ?? {};
        return { user_id: Number(id), live_mode: test !== true, scope: 'offline_access read write', token_type: 'bearer' };
      },
    });
    this.forget();
    this.serve(this.listActs());
    servePage(this.app, '/checkout/v1/redirect', (query) => {
      const id = query.get('order_id') ?? '';
      const owner = this.findOwner(id);
      return owner && makeCheckoutPage(owner, id);
    });
    this.app.get('/checkout/v1/ticket', (_request, reply) =>
      reply.type('text/html').send('<!doctype html><h1>Slip to be paid in cash</h1>'),
    );
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: MercadoPagoDoubleOptions = {}): Promise<MercadoPagoDouble> {
    return new MercadoPagoDouble(options).listen(options);
  }

  private listActs(): Acts<typeof WIRE, MercadoPagoAccount> {
    const read = ({ account, id }: Input<MercadoPagoAccount>): string => {
      if (!/^ORD(TST)?[0-9A-Z]{26}$/.test(id)) throw new Refusal(400, 'invalid_path_param', `The order id ${id} is not valid.`);
      const owner = this.findOwner(id);
      if (owner && owner !== account) throw new Refusal(400, 'invalid_order_owner', 'The order belongs to another user.');
      return id;
    };
    return {
      getUser: ({ account: { userId: id, isTest, site, siteCode: site_id } }) => ({
        ...{ id, nickname: `${isTest ? 'TESTUSER' : 'DOUBLE'}${id}`, country_id: site.country[0], site_id },
        tags: ['normal', ...(isTest ? ['test_user'] : [])],
      }),
      listMethods: ({ account: { site } }) =>
        site.methods.map((method) => ({ ...method, status: 'active', deferred_capture: 'supported', accreditation_time: 0 })),
      createOrder: ({ account, body }) => writeOrder(account.create(body), account, true),
      searchOrders: ({ account, query }) => {
        const [wrong] = listWrong(SEARCHES[this.modes.searchPages], { ...query }, true);
        if (wrong) throw toWrong({ ...wrong, path: wrong.path.slice(2) });
        return search(account, query);
      },
      getOrder: (input) => writeOrder(input.account.order(read(input)), input.account),
      cancelOrder: (input) => writeOrder(input.account.cancel(read(input)), input.account),
      refundOrder: (input) => writeRefunds(input.account.refund(read(input), input.body?.transactions), input.account),
      getChargeback: ({ account, id }) => {
        const order = account.orders.find(({ chargebacks }) => chargebacks.some((one) => one.id === id));
        if (!order) throw new Refusal(404, 'not_found', 'Chargeback not found');
        return writeChargeback(order, id, account);
      },
    };
  }

  /** The first account, and its orders. */
  get account(): MercadoPagoAccount {
    return this.accounts[0] as MercadoPagoAccount;
  }
  get book(): MercadoPagoAccount {
    return this.account;
  }

  override get settingsText(): string {
    return `access token ${this.account.token}, webhook secret ${this.account.webhookSecret}`;
  }

  /** Adds a seller. Throws when the token is taken. */
  addAccount(options: MercadoPagoAccountOptions): MercadoPagoAccount {
    if (this.accounts.some(({ token }) => token === options.token)) throw new Error('there is an account with that token already');
    const account = new MercadoPagoAccount(options, this);
    this.accounts.push(account);
    return account;
  }

  /** Returns the account of an order. Throws if there is none. */
  ownerOf(orderId: string): MercadoPagoAccount {
    const owner = this.findOwner(orderId);
    if (!owner) throw new Error(`there is no order ${orderId}`);
    return owner;
  }

  /** Returns the orders of all accounts, the oldest first. With our reference only its orders. */
  orders(reference?: string): MercadoPagoOrder[] {
    const all = this.accounts.flatMap(({ orders }) => orders);
    return all.filter(({ request }) => reference === undefined || request.external_reference === reference);
  }

  override advance(seconds: number): void {
    super.advance(seconds);
    for (const account of this.accounts) account.expire();
  }

  /** An account changed one of its orders. */
  onChange(account: MercadoPagoAccount, order: MercadoPagoOrder, action: string): void {
    this.post(account, action, { 'data.id': order.id, type: 'order' }, writeNotice(action, order, account));
  }

  /** Posts a notice of another topic about an order. A client must cope with them. */
  notify(topic: MercadoPagoTopic, orderId: string): void {
    const account = this.ownerOf(orderId);
    const { isTest, userId: user_id, siteCode: site_id } = account;
    const number = account.order(orderId).payments.at(-1)?.number ?? randomInt(1e11, 2e11);
    const id = String(number);
    if (topic === 'ipn') return this.post(account, topic, { topic: 'payment', id }, { resource: id, topic: 'payment' }, false);
    const fraud = { description: 'desc', merchant_order: randomInt(1e11, 2e11), payment_id: number, site_id };
    const action = topic === 'payment' ? 'payment.updated' : `${topic}.created`;
    const head = { id: randomInt(1e11, 2e11), api_version: 'v1', type: topic, action, live_mode: !isTest, user_id };
    this.post(account, action, { 'data.id': id, type: topic }, { ...head, data: topic === 'stop_delivery_op_wh' ? fraud : { id } });
  }

  override describe(): object {
    const accounts = this.accounts.map(({ siteCode: site, isTest, webhookUrl = null, orders }) => ({
      ...{ site, isTest, webhookUrl, orders: orders.length, refunds: orders.flatMap(({ refunds }) => refunds).length },
      paid: orders.filter(({ payments }) => payments.some(({ paid }) => paid > 0)).length,
    }));
    return { ...super.describe(), accounts };
  }

  protected override listReferences(): readonly string[] {
    return this.orders().flatMap(({ status, request }) => (status === 'processed' ? [request.external_reference ?? ''] : []));
  }

  protected override listRecords(): readonly object[] {
    return this.orders();
  }

  protected override forget(): void {
    const webhookUrl = this.accounts[0]?.webhookUrl;
    this.accounts.length = 0;
    this.addAccount({ ...this.first, webhookUrl });
  }

  protected override listThings() {
    return {
      orders: ({ reference }: Readonly<Record<string, string>>) =>
        this.orders(reference).map((order) => writeOrder(order, this.ownerOf(order.id), true)),
    };
  }

  protected override listHands() {
    const findNewest = (given: string): string => this.orders(given).at(-1)?.id ?? given;
    const acts: Record<string, (account: MercadoPagoAccount, id: string, body: { id: string; code?: string; amount?: string }) => unknown> =
      {
        pay: (account, id, { code = 'APRO' }) => account.pay(id, readWay(code)),
        settle: (account, id) => account.settle(id),
        refuse: (account, id, { code = 'rejected_other_reason' }) => account.settle(id, { refused: code }),
        cancel: (account, id) => account.cancel(id),
        refund: (account, id, { amount }) =>
          account.refund(id, amount === undefined ? undefined : [{ id: account.order(id).payments.at(-1)?.id ?? '', amount }]),
        'settle-refund': (account, _order, { id }) => account.settleRefund(id, 'processed'),
        'fail-refund': (account, _order, { id }) => account.settleRefund(id, 'failed'),
        dispute: (account, id) => account.dispute(id),
        'lose-dispute': (account, id) => account.closeDispute(id, 'settled'),
        'win-dispute': (account, id) => account.closeDispute(id, 'reimbursed'),
      };
    const account = { token: text(), site: oneOf(...MERCADOPAGO_SITES), webhookSecret: text(), 'webhookUrl?': text(), 'isTest?': flag };
    return {
      acts: hand(object({ id: text(), act: oneOf(...Object.keys(acts)), 'code?': text(), 'amount?': text() }), ({ act, ...body }) => {
        const ofRefund = this.orders().find(({ refunds }) => refunds.some((one) => one.id === body.id));
        const id = ofRefund?.id ?? findNewest(body.id);
        const owner = this.ownerOf(id);
        acts[act]?.(owner, id, body);
        return writeOrder(owner.order(id), owner, true);
      }),
      notices: hand(object({ topic: oneOf(...TOPICS), id: text() }), ({ topic, id }) => this.notify(topic, findNewest(id))),
      accounts: hand(object(account), (options) => void this.addAccount(options)),
    };
  }

  private findOwner(orderId: string): MercadoPagoAccount | undefined {
    return this.accounts.find(({ orders }) => orders.some(({ id }) => id === orderId));
  }

  private post(account: MercadoPagoAccount, action: string, query: Record<string, string>, body: object, isSigned = true): void {
    const { isTest } = account;
    this.tell({ account, action, query, body, about: { isTest }, ...(!isSigned && { secret: undefined }) });
  }
}

/**
 * Notices are posted until a 200 or 201, up to 5 times here and for a day by the service. A refusal is
 * repeated, too.
 */
function makeHookRules(readModes: () => MercadoPagoModes): HookRules<MercadoPagoWebhookFlush> {
  return {
    ...{ attempts: 5, timeoutMs: 22_000, isTaken: ({ status }) => status === 200 || status === 201, repeats: () => readModes().repeats },
    bend: ({ body, query = {} }, { bodyId, withoutId }) => {
      const { 'data.id': _id, ...others } = query;
      const { data, ...rest } = body as { data?: object };
      return {
        query: withoutId ? others : query,
        body: bodyId === undefined ? body : { ...rest, data: { ...data, id: bodyId } },
      };
    },
    sign: ({ requestId, at, hook, secret, query }) => {
      const { signedId, signedTime } = readModes();
      const given = query.get('data.id') ?? undefined;
      const isExact = signedId === 'exact' || (signedId === 'by-token' && hook.about?.['isTest'] === true);
      const id = signedId === 'neither' && given ? `${given}-of-another-text` : isExact ? given : given?.toLowerCase();
      const ts = String(signedTime === 'seconds' ? Math.floor(at / 1_000) : at);
      const signature: Record<string, string> =
        secret === undefined ? {} : { 'x-signature': mercadoPagoSignatureOf({ id, requestId, ts }, secret) };
      return { 'x-request-id': requestId, ...signature };
    },
  };
}

/** Searches the orders of an account, by default the newest first. */
function search(account: MercadoPagoAccount, query: Readonly<Record<string, string | undefined>>): object {
  const { begin_date = '', end_date = '', external_reference, status, status_detail, payment_method_id, payment_method_type } = query;
  const [from, until] = [Date.parse(begin_date) / 1_000, Date.parse(end_date) / 1_000];
  if (from > until) throw refuse('property_value', 'begin_date', 'must not be after end_date');
  const fits = (wanted: string | undefined, ...values: readonly (string | undefined)[]): boolean =>
    wanted === undefined || values.includes(wanted);
  const found = account.orders.filter(
    ({ request, createdAt, payments, status: its, detail }) =>
      createdAt >= from &&
      createdAt <= Math.min(until, account.now - account.modes.searchLagSeconds) &&
      fits(external_reference, request.external_reference) &&
      fits(status, its) &&
      fits(status_detail, detail) &&
      fits(payment_method_id, ...payments.map(({ payment_method }) => payment_method.id)) &&
      fits(payment_method_type, ...payments.map(({ payment_method }) => payment_method.type)),
  );
  const sorted = query['sort_order'] === 'asc' ? found : found.toReversed();
  const limit = Number(query['limit'] ?? query['page_size'] ?? 30);
  const offset = Number(query['offset'] ?? (Number(query['page'] ?? 1) - 1) * limit);
  const pages = Math.ceil(found.length / limit);
  return {
    data: sorted.slice(offset, offset + limit).map((order) => writeOrder(order, account)),
    paging: { total: String(found.length), total_pages: String(pages), offset: String(offset), limit: String(limit) },
  };
}
