import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { hand } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import { type Acts, Answer, type DoubleOptions, type Input } from '../../../libs/testing/double/rules.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { Hook, HookFlush } from '../../../libs/testing/double/webhooks.js';
import { flag, type Infer, list, number, object, oneOf, text, whole, type WireCall } from '../../../libs/testing/double/wire.js';
import { MOYSKLAD_RIGHTS, MoySkladAccount, type MoySkladUser } from './moysklad-account.js';
import { ACTS } from './moysklad-acts.js';
import type { MoySkladBook } from './moysklad-book.js';
import { MODES } from './moysklad-modes.js';
import { BARCODES, GOODS_TYPES, type MoySkladGood, type MoySkladHook, type MoySkladOrder } from './moysklad-objects.js';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { toNumber, writeMoment } from './moysklad-units.js';
import { MoySkladViews } from './moysklad-views.js';
import { BASE, type MoySkladCall, WIRE } from './moysklad-wire.js';

/** Bytes of a request's line and headers. */
const MOST_HEAD = 8_192;
/** Simultaneous calls of a user or app, and of an account. */
const MOST_AT_ONCE = 5;
const MOST_OF_ACCOUNT = 20;
/** Bytes that the bomb unpacks to. */
const BOMB = 128 * 1_048_576;
const DAY_MS = 86_400_000;

/** Options for starting a MoySklad double. */
export interface MoySkladDoubleOptions extends DoubleOptions {
  /** The administrator's. */
  token?: string;
}

/** How held notices are posted. */
interface MoySkladFlush extends HookFlush {
  /** Names another report. */
  reportUrl?: string;
}

const good = object({
  ...{ 'type?': oneOf(...GOODS_TYPES), 'name?': text(), 'code?': text(), 'externalCode?': text(), 'article?': text(), 'archived?': flag },
  ...{ 'buyPrice?': number(), 'currency?': text(), 'product?': text() },
  'components?': list(object({ good: text(), quantity: number() })),
  'barcodes?': list(object(Object.fromEntries(BARCODES.map((name) => [`${name}?`, text()])))),
});
const position = object({ good: text(), quantity: number(), 'reserve?': number(), 'price?': whole(0) });
const order = object({ 'name?': text(), 'store?': text(), 'applicable?': flag, positions: list(position) });

/**
 * A local MoySklad: the part of its JSON API 1.2 that stocks and reservations need (README.md). Tests play
 * people, other programs and time by `book`.
 */
export class MoySkladDouble extends Double<
  typeof WIRE,
  MoySkladUser,
  typeof MODES,
  'refuse' | 'too-many-at-once' | 'html-before' | 'bomb' | 'broken-gzip',
  MoySkladFlush
> {
  readonly account: MoySkladAccount;
  private readonly gathering = new Set<MoySkladHook>();
  /** Prefixes of addresses that get no notice of the write that is being made. */
  private silentPrefixes: readonly string[] = [];

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ token = 'moysklad-double-token', ...options }: MoySkladDoubleOptions = {}): Promise<MoySkladDouble> {
    return new MoySkladDouble(token).listen(options);
  }

  private constructor(token: string) {
    super({
      ...{ wire: WIRE, modes: MODES, bodyLimit: 20 * 1_048_576, flush: { 'reportUrl?': text() } },
      faults: {
        refuse: ({ code }) => new MoySkladRefusal(Number(code)),
        'too-many-at-once': new MoySkladRefusal(1073),
        'html-before': ({ status = 502 }) =>
          new Refusal(status, '', `<html><body><h1>${status} Bad Gateway</h1><hr>nginx</body></html>`, undefined, HTML),
        bomb: { spoil: () => toPacked(gzipSync(Buffer.alloc(BOMB, ' '))) },
        'broken-gzip': {
          spoil: ({ json }) => {
            const packed = gzipSync(JSON.stringify(json));
            return toPacked(packed.subarray(0, packed.length >> 1));
          },
        },
      },
      tooMany: (seconds) => tooMany(seconds * 1_000),
      toWrong: ({ keyword, path, message }) =>
        wrong(keyword === 'additionalProperties' ? `There is no parameter ${path}` : `${path} ${message}`, path),
      writeRefusal: (refusal) => {
        if (refusal instanceof MoySkladRefusal) return refusal.json;
        return refusal.headers === HTML ? refusal.message : { errors: [{ error: refusal.message }] };
      },
      findAccount: (request) => this.admit(request),
      hooks: {
        ...{ attempts: 4, retryMs: 0, timeoutMs: 1_500, sign: () => ({}) },
        isTaken: ({ status }) => isTaken(status),
        bend: ({ body }, { reportUrl }) => (reportUrl !== undefined && 'reportUrl' in body ? { body: { ...body, reportUrl } } : { body }),
        conclude: ({ about }, { status }) => this.conclude(String(about?.['hook']), isTaken(status)),
      },
    });
    this.account = new MoySkladAccount(this.accounts, this.modes);
    this.account.addUser('admin@lavka', { token });
    this.account.listen(
      (since) => this.tellOfStock(since),
      (action, changed, fields) => this.tellOfOrder(action, changed, fields),
    );
    this.keepLimits();
    this.serve(
      Object.fromEntries(Object.keys(ACTS).map((name) => [name, (input: Input<MoySkladUser>) => this.perform(input)])) as unknown as Acts<
        typeof WIRE,
        MoySkladUser
      >,
    );
  }

  /** Counts the calls of users by their limits, and packs replies. */
  private keepLimits(): void {
    this.app.addHook('onRequest', (request, reply, done) => {
      if (!request.url.startsWith(BASE)) return done();
      const status = refuseHead(request);
      // Such a refusal has no body.
      if (status !== undefined) return void reply.code(status).send();
      const limits = this.findUser(request.headers)?.limits;
      limits?.begin();
      reply.raw.once('close', () => limits?.end());
      done();
    });
    this.app.addHook('onSend', (request, reply, payload, done) => {
      if (!request.url.startsWith(BASE)) return done(null, payload);
      const limits = this.findUser(request.headers)?.limits;
      void reply.headers(limits?.headers ?? {});
      limits?.count(request.method, request.url, reply.statusCode);
      const content = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : '';
      if (content.length === 0 || !this.modes.gzip || reply.hasHeader('content-encoding')) return done(null, payload);
      void reply.header('content-encoding', 'gzip').removeHeader('content-length');
      return done(null, gzipSync(content));
    });
  }

  /** Goods, stores, figures and orders. */
  get book(): MoySkladBook {
    return this.account.book;
  }

  /** The administrator. */
  get user(): MoySkladUser {
    const [first] = this.accounts;
    if (!first) throw new Error('there is no user');
    return first;
  }

  /** The address that hrefs begin with. */
  get base(): string {
    return this.url + BASE;
  }

  override get settingsText(): string {
    const { entries } = this.book;
    const tell = (type: 'store' | 'organization' | 'counterparty'): string =>
      [...entries[type].values()].map(({ id, name }) => `${name} ${id}`).join(', ');
    return [
      `token ${this.user.token}`,
      `warehouses: ${tell('store')}`,
      `organization: ${tell('organization')}`,
      `counterparty: ${tell('counterparty')}`,
    ].join('\n  ');
  }

  /** The calls that were refused for a limit: code 1049 or 1073. */
  countRefusedForLimits(): number {
    return this.calls.filter(({ status }) => status === 429).length;
  }

  override advance(seconds: number): void {
    super.advance(seconds);
    this.book.advance(seconds);
  }

  protected override listHands() {
    const { book, account, user } = this;
    const stock = object({ good: text(), store: text(), stock: number(), 'inTransit?': number() });
    const shipment = object({ order: text(), good: text(), units: number(), 'store?': text() });
    const store = object({ name: text(), 'code?': text(), 'parent?': text() });
    return {
      goods: hand(good, (input: Infer<typeof good>) => this.describeGood(book.addGood(input))),
      stocks: hand(stock, (set) => {
        book.setStock(set.good, set.store, set.stock, set.inTransit);
        return this.describeGood(book.good(set.good));
      }),
      orders: hand(order, (input) => this.describeOrder(book.makeOrder(input))),
      ship: hand(shipment, (made) => {
        book.ship(made.order, made.good, made.units, made.store);
        return this.describeOrder(book.order(made.order));
      }),
      bin: hand(object({ order: text() }), (binned) => book.binOrder(binned.order)),
      recalculation: hand(object({ good: text(), isRecalculated: flag }), (set) => book.setRecalculated(set.good, set.isRecalculated)),
      archive: hand(object({ name: text(), archived: flag }), ({ name, archived }) => book.edit(book.good(name), { archived })),
      stores: hand(store, ({ name, parent, ...more }) => {
        book.addStore(name, { ...more, ...(parent !== undefined && { parent: book.store(parent).id }) });
      }),
      rights: hand(object({ lacks: list(oneOf(...MOYSKLAD_RIGHTS)) }), ({ lacks }) => {
        user.lacks.clear();
        for (const right of lacks) user.lacks.add(right);
      }),
      tariff: hand(object({ tariff: oneOf('paid', 'free') }), ({ tariff }) => void Object.assign(account, { tariff })),
      unban: { act: () => this.accounts.forEach(({ limits }) => limits.clear()) },
    };
  }

  protected override listThings() {
    const { book, account } = this;
    const tell = (type: 'store' | 'organization' | 'counterparty') => () =>
      [...book.entries[type].values()].map(({ id, name, code }) => ({ id, name, code }));
    return {
      users: () =>
        account.users.map(({ login, caller, lacks, limits: { ban, mostRunning } }) => ({
          login,
          caller,
          lacks: [...lacks],
          ban,
          mostRunning,
        })),
      ...{ stores: tell('store'), organizations: tell('organization'), counterparties: tell('counterparty') },
      goods: () => [...book.goods.values()].map((one) => this.describeGood(one)),
      orders: () => [...book.orders.values()].map((one) => this.describeOrder(one)),
      movements: () => [...book.movements.values()],
      hooks: () => [...account.hooks.values()].map(({ failedDays, ...shown }) => ({ ...shown, failedDays: failedDays.size })),
    };
  }

  protected override listReferences(): readonly string[] {
    return [...this.book.orders.values()].flatMap(({ syncId, deleted }) => (syncId === undefined || deleted !== undefined ? [] : [syncId]));
  }

  /** Accounts, users, tokens, stores, organizations and counterparties stay. */
  protected override forget(): void {
    this.gathering.clear();
    this.account.clear();
  }

  private findUser({ authorization = '' }: IncomingHttpHeaders): MoySkladUser | undefined {
    const [scheme, value = ''] = authorization.split(' ');
    const login = scheme === 'Basic' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
    return this.accounts.find(
      (user) => (scheme === 'Bearer' && user.token === value) || (user.caller === 'user' && login === `${user.login}:${user.password}`),
    );
  }

  /** Returns who calls. Throws the refusal of a stranger, and of who calls too often. */
  private admit(request: FastifyRequest): MoySkladUser {
    const user = this.findUser(request.headers);
    if (!user) throw new MoySkladRefusal(1056);
    const { limits } = user;
    if (limits.ban !== undefined) throw new MoySkladRefusal(1061);
    if (limits.running > MOST_AT_ONCE || this.account.running > MOST_OF_ACCOUNT) throw new MoySkladRefusal(1073);
    const waitMs = limits.spend(/\/report\/stock\/(all|bystore)(\?|$)/.test(request.url));
    if (waitMs !== undefined) throw tooMany(waitMs);
    return user;
  }

  private perform({ account: user, call, params, request: { url, headers }, body }: Input<MoySkladUser>): object {
    const { account } = this;
    if (headers.accept !== undefined && headers.accept.replaceAll(' ', '').toLowerCase() !== 'application/json;charset=utf-8')
      throw new MoySkladRefusal(1062);
    const query = new URL(url, 'http://moysklad').searchParams;
    const twice = [...query.keys()].find((name) => query.getAll(name).length > 1);
    if (twice !== undefined) throw wrong(`${twice} is named twice`, twice);
    const prefixes = [headers['x-lognex-webhook-disablebyprefix'] ?? []].flat().flatMap((given) => given.split(','));
    // Only with the scheme and the whole host.
    this.silentPrefixes = prefixes.map((one) => one.trim()).filter((one) => /^https?:\/\/[^/\s]+\//.test(`${one}/`));
    try {
      const json = ACTS[call.call as MoySkladCall]({
        ...{ account, user, views: new MoySkladViews(this.base, account, user), type: readType(call), params, query: new Map(query) },
        ...{ headers, body, rowsMost: this.modes.currentRowsMost ?? Number.POSITIVE_INFINITY },
      });
      return new Answer(json ? { json } : { file: { type: 'application/json', bytes: '' } });
    } finally {
      this.silentPrefixes = [];
    }
  }

  /** Subscribers learn that something changed, once for all that is gathered. */
  private tellOfStock(since: number): void {
    for (const hook of this.account.hooks.values()) {
      if (hook.family !== 'webhookstock' || this.gathering.has(hook)) continue;
      this.gathering.add(hook);
      this.later(this.modes.stockWebhookMs, () => {
        this.gathering.delete(hook);
        const { stockType, reportType } = hook;
        const changedSince = encodeURIComponent(writeMoment(since).slice(0, 19));
        const reportUrl = `${this.base}/report/stock/${reportType}/current?changedSince=${changedSince}&stockType=${stockType}`;
        this.post(hook, { accountId: this.account.id, stockType, reportType, reportUrl });
      });
    }
  }

  private tellOfOrder(action: 'CREATE' | 'UPDATE' | 'DELETE', changed: MoySkladOrder, fields: readonly string[]): void {
    for (const hook of this.account.hooks.values()) {
      const isSilent = this.silentPrefixes.some((prefix) => hook.url.startsWith(prefix));
      if (hook.entityType !== 'customerorder' || hook.action !== action || isSilent) continue;
      const meta = { type: 'customerorder', href: `${this.base}/entity/customerorder/${changed.id}` };
      const updatedFields = action === 'UPDATE' && hook.diffType === 'FIELDS' ? { updatedFields: fields } : {};
      this.post(hook, {
        auditContext: {
          meta: { type: 'audit', href: `${this.base}/audit/${randomUUID()}` },
          ...{ uid: 'admin@lavka', moment: writeMoment(this.book.now).slice(0, 19) },
        },
        events: [{ meta, action, accountId: this.account.id, ...updatedFields }],
      });
    }
  }

  private post({ id }: MoySkladHook, body: Hook['body']): void {
    const hook = this.account.hooks.get(id);
    if (!hook?.enabled || this.account.tariff === 'free') return;
    this.tell({ url: hook.url, action: hook.family, body, query: { requestId: randomUUID() }, about: { hook: id } });
  }

  /** Ten days with failures on more than seven and no success switch a subscription off. */
  private conclude(id: string, isAccepted: boolean): void {
    const hook = this.account.hooks.get(id);
    if (!hook) return;
    const today = Math.floor(this.book.now / DAY_MS);
    if (isAccepted) hook.failedDays.clear();
    else hook.failedDays.add(today);
    for (const day of hook.failedDays) if (day <= today - 10) hook.failedDays.delete(day);
    if (hook.failedDays.size > 7) hook.enabled = false;
  }

  private describeGood(described: MoySkladGood): object {
    const { id, type, name, code, externalCode, archived } = described;
    const { book } = this;
    return {
      ...{ id, type, name, code, externalCode, archived, isRecalculated: book.isRecalculated(described) },
      stock: book.listFigures(described).map(({ store, stock, reserve, inTransit }) => ({
        ...{ store: store === null ? null : book.store(store).name, stock: toNumber(stock), reserve: toNumber(reserve) },
        inTransit: toNumber(inTransit),
      })),
    };
  }

  private describeOrder(described: MoySkladOrder): object {
    const { id, name, syncId = null, deleted, store, applicable, positions } = described;
    const { book } = this;
    return {
      ...{ id, name, syncId, isDeleted: deleted !== undefined, store: store === undefined ? null : book.store(store).name, applicable },
      positions: positions.map((one) => ({
        ...{ good: book.good(one.good).name, quantity: toNumber(one.quantity), reserve: toNumber(book.countReserve(described, one)) },
        shipped: toNumber(book.countShipped(described, one)),
      })),
    };
  }
}

const HTML = { 'content-type': 'text/html' };
const toPacked = (bytes: Uint8Array) => ({ headers: { 'content-encoding': 'gzip' }, file: { type: 'application/json', bytes } });
const tooMany = (waitMs: number): MoySkladRefusal =>
  new MoySkladRefusal(1049, undefined, { headers: { 'x-lognex-retry-after': String(waitMs) } });
const isTaken = (status: number): boolean => status === 200 || status === 204;
const readType = ({ path }: WireCall): string => path.slice(BASE.length).split('/')[2] ?? '';

/** 415 without gzip, or for a body that is not JSON; 414 for a head that is too long. */
function refuseHead({ raw, headers, method }: FastifyRequest): number | undefined {
  const head = raw.rawHeaders.reduce((sum, line) => sum + line.length + 2, `${method} ${raw.url ?? ''} HTTP/1.1`.length);
  if (head > MOST_HEAD) return 414;
  const codings = String(headers['accept-encoding'] ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase());
  if (!codings.some((one) => /^gzip(;q=(1(\.0*)?|0\.\d*[1-9]\d*))?$/.test(one.replaceAll(' ', '')))) return 415;
  const hasBody = headers['content-length'] !== undefined ? headers['content-length'] !== '0' : headers['transfer-encoding'] !== undefined;
  return hasBody && !/^application\/json\b/.test(headers['content-type'] ?? '') ? 415 : undefined;
}
