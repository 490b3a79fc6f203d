import { randomUUID } from 'node:crypto';
import { hand, type Lists } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import { type Acts, Answer, type DoubleOptions } from '../../../libs/testing/double/rules.js';
import { list, object, oneOf, type Schema, text, whole } from '../../../libs/testing/double/wire.js';
import { ApiShipAccount, type ApiShipCredentials } from './apiship-account.js';
import { ApiShipBook, type ApiShipEvent, type ApiShipStatusPush, notFound } from './apiship-book.js';
import { checkOrder } from './apiship-checks.js';
import { drawAct, drawLabels } from './apiship-documents.js';
import { cutPage, filterRows, pickFields, POINT_KEYS } from './apiship-filters.js';
import { MODES } from './apiship-modes.js';
import { type ApiShipConnection, LISTS, POINTS, SERVICES } from './apiship-network.js';
import {
  type ApiShipCourierCall,
  type ApiShipOrder,
  type ApiShipOrderBody,
  type ApiShipStatus,
  invalid,
  refuse,
  toKopecks,
  writeMoment,
} from './apiship-objects.js';
import { quote, readQuestion } from './apiship-quotes.js';
import { writeInfo, writeOrder, writeStatus, writeWebhook } from './apiship-replies.js';
import { WIRE } from './apiship-wire.js';

/** How a double of ApiShip is started. Its first account is that of the public test contour. */
export interface ApiShipDoubleOptions extends Partial<ApiShipCredentials>, DoubleOptions {}

/** ApiShip's API in memory, with five carriers behind it (README.md). */
export class ApiShipDouble extends Double<typeof WIRE, ApiShipAccount, typeof MODES> {
  private readonly files = new Map<string, Buffer>();
  private lastId = 1_111;

  private constructor({ login = 'test', password = 'test', token = 'apiship-double-token' }: ApiShipDoubleOptions) {
    super({
      wire: WIRE,
      modes: MODES,
      unauthorized: refuse(401, '040101', 'Срок действия токена истёк'),
      failed: refuse(500, '050001', 'Внутренняя ошибка'),
      tooMany: refuse(429, '', 'Слишком много запросов'),
      refusalStatus: 400,
      toWrong: ({ keyword }, call, all) => {
        if (keyword === 'json') return refuse(400, '040004', 'Тело запроса не JSON в UTF-8');
        const fields = all.map(({ path, message }) => [path.replace(/^\$\.?/, '') || 'POST', message]);
        return invalid(Object.fromEntries(fields), call === 'login' ? '040001' : call === 'calculate' ? '040003' : '040002');
      },
      writeRefusal: ({ code: given, message, details = {} }) => {
        if (given === '') return { message };
        if (given === '050001') return { message, code: given };
        const code = given === 'not_found' ? '040016' : given;
        const errors = Object.entries(details as Record<string, string>).map(([field, words]) => ({ field, message: words }));
        return { code, message, description: '', moreInfo: '', ...(errors.length > 0 && { errors }) };
      },
      findAccount: ({ headers }) => this.findByToken(headers.authorization),
      hooks: { attempts: 3, timeoutMs: 30_000, isTaken: ({ status }) => status > 0 && status < 500 },
      headers: () => ({ 'x-tracing-id': randomUUID().replaceAll('-', '') }),
    });
    this.addAccount({ login, password, token });
    this.serve({ ...this.listOrderActs(), ...this.listDocumentActs(), ...this.listAccountActs(), ...this.listDirectoryActs() });
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: ApiShipDoubleOptions = {}): Promise<ApiShipDouble> {
    return new ApiShipDouble(options).listen(options);
  }

  override get settingsText(): string {
    const { login, password, token } = this.account.credentials;
    return `“Where orders go” ApiShip with Token ${token}, or the test contour with Login ${login} and Password ${password}`;
  }

  /** The first account. */
  get account(): ApiShipAccount {
    return this.accounts[0] as ApiShipAccount;
  }

  /** Throws if there is an account with that login or token. */
  addAccount(credentials: ApiShipCredentials): ApiShipAccount {
    const { login, token } = credentials;
    if (this.accounts.some((one) => one.credentials.login === login || one.credentials.token === token))
      throw new Error('an account with this login or token already exists');
    const book = new ApiShipBook(
      this.modes,
      () => ++this.lastId,
      (event) => this.notify(account, event),
    );
    const account = new ApiShipAccount(credentials, book);
    this.accounts.push(account);
    return account;
  }

  /** Returns all orders, the oldest first, also canceled ones. With a number only its orders. */
  orders(clientNumber?: string): ApiShipOrder[] {
    const all = this.accounts.flatMap(({ book }) => book.orders);
    return all.filter(({ body }) => clientNumber === undefined || body.order.clientNumber === clientNumber);
  }

  /** Returns the orders that are not canceled. */
  standing(): ApiShipOrder[] {
    return this.accounts.flatMap(({ book }) => book.live());
  }

  /** Cash that the carrier collects for an order: always in roubles, because requests contain no currency. */
  collected(orderId: number): { minor: number; currency: 'RUB' } {
    return { minor: toKopecks(this.findStanding(orderId).body.cost.codCost), currency: 'RUB' };
  }

  /** The declared value of an order, in roubles. */
  insured(orderId: number): { minor: number; currency: 'RUB' } {
    return { minor: toKopecks(this.findStanding(orderId).body.cost.assessedCost), currency: 'RUB' };
  }

  /** Courier's visits that are not canceled. */
  courierCalls(): ApiShipCourierCall[] {
    return this.accounts.flatMap(({ book }) => book.courierCalls).filter(({ cancelled }) => !cancelled);
  }

  /** Sets a status on an order (its id, our number or the carrier's), whatever it was. */
  pushStatus(order: string | number, key: string, push: ApiShipStatusPush = {}): ApiShipStatus {
    const { book, found } = this.find(order);
    return book.push(found, key, push);
  }

  /** Ends the upload of an order: the carrier accepts it, or refuses with the text. */
  upload(order: string | number, refuseWith?: string): void {
    const { book, found } = this.find(order);
    if (!book.beginUpload(found) && book.statusOf(found)?.key !== 'uploading')
      throw new Error(`order ${order} is not waiting for its carrier`);
    book.endUpload(found, refuseWith);
  }

  /** Makes all tokens of logins invalid. */
  expireTokens(): void {
    for (const { tokens } of this.accounts) for (const token of tokens.keys()) tokens.set(token, false);
  }

  override describe(): object {
    const accounts = this.accounts.map(({ credentials, book, subscriptions, connections, calculations, free, money }) => ({
      ...{ login: credentials.login, orders: book.orders.length, courierCalls: book.courierCalls.length, subscriptions },
      ...{ connections: connections.map(({ id, providerKey }) => ({ id, providerKey })), calculations, free, money },
    }));
    return { ...super.describe(), accounts };
  }

  protected override listReferences(): readonly string[] {
    return this.standing().map(({ body }) => body.order.clientNumber);
  }

  protected override listThings(): Lists {
    return { orders: ({ number }) => this.orders(number), 'courier-calls': () => this.courierCalls() };
  }

  protected override listHands() {
    const pushed = { order: text(), key: text(), 'at?': text(), 'description?': text(), 'errorCode?': oneOf(100, 200, 300) };
    return {
      statuses: hand(object(pushed), ({ order, key, at, ...push }) =>
        this.pushStatus(order, key, { ...(at !== undefined && { at: new Date(at) }), ...push }),
      ),
      upload: hand(object({ order: text(), 'refuseWith?': text() }), ({ order, refuseWith }) => this.upload(order, refuseWith)),
      accounts: hand(object({ login: text(), password: text(), token: text() }), (credentials) => void this.addAccount(credentials)),
      connections: hand(object({ connections: list({ type: 'object' } as Schema<ApiShipConnection>) }), ({ connections }) => {
        this.account.connections = connections;
      }),
      billing: hand(object({ 'calculations?': whole(0), 'money?': whole(0) }), (billing) => void Object.assign(this.account, billing)),
      'expire-tokens': { act: () => this.expireTokens() },
    };
  }

  protected override forget(): void {
    const { credentials } = this.account;
    this.accounts.length = 0;
    this.addAccount(credentials);
    this.files.clear();
  }

  private findByToken(token: string | undefined): ApiShipAccount | undefined {
    if (token === undefined) throw refuse(401, '040101', 'Неверный токен');
    const account = this.accounts.find(({ credentials, tokens }) => credentials.token === token || tokens.has(token));
    if (!account) throw refuse(401, '040101', 'Неверный токен');
    return account.tokens.get(token) === false ? undefined : account;
  }

  private find(named: string | number): { book: ApiShipBook; found: ApiShipOrder } {
    for (const { book } of this.accounts) {
      const found = book.orders.findLast(({ orderId, providerNumber, body }) =>
        [String(orderId), providerNumber, body.order.clientNumber].includes(String(named)),
      );
      if (found) return { book, found };
    }
    throw refuse(404, '040080', `no order with the id or number ${named}`);
  }

  private findStanding(orderId: number): ApiShipOrder {
    const order = this.standing().find((one) => one.orderId === orderId);
    if (order === undefined) throw new Error(`no order ${orderId} stands`);
    return order;
  }

  private notify({ subscriptions }: ApiShipAccount, event: ApiShipEvent): void {
    const { status, order } = event;
    const about = { orderId: order.orderId, key: status.key };
    const body = structuredClone(writeWebhook(event));
    for (const { url } of subscriptions) this.tell({ url, action: status.key, body, about });
  }

  /** Uploads an order to its carrier after its time. */
  private uploadSoon({ book }: ApiShipAccount, order: ApiShipOrder): void {
    const { uploadAfterMs } = this.modes;
    if (uploadAfterMs === undefined) return;
    this.later(uploadAfterMs / 2, () => book.beginUpload(order));
    this.later(uploadAfterMs, () => book.endUpload(order));
  }

  private check({ connections, book }: ApiShipAccount, body: ApiShipOrderBody, platform: unknown, except?: ApiShipOrder): void {
    if (this.modes.platform === 'required' && !platform) throw invalid({ Platform: 'Обязательный заголовок' }, '040000');
    checkOrder(body, connections, this.modes);
    book.refuseTaken(body, except);
  }

  /** Returns an order of the account. Throws Refusal, 040305 for an order of another account. */
  private findOrder({ book }: ApiShipAccount, id: string | number): ApiShipOrder {
    if (!/^\d+$/.test(String(id))) throw refuse(400, '040017', 'Некорректная ссылка');
    const found = book.orders.find(({ orderId }) => orderId === Number(id));
    if (found) return found;
    if (this.orders().some(({ orderId }) => orderId === Number(id))) throw refuse(403, '040305', 'Заказ принадлежит другому клиенту');
    throw notFound();
  }

  /** Returns several orders, and a message for each that is not found. */
  private findOrders(account: ApiShipAccount, ids: readonly (string | number)[]) {
    const [found, failed]: [ApiShipOrder[], { orderId: number; message: string }[]] = [[], []];
    for (const id of ids)
      try {
        found.push(this.findOrder(account, id));
      } catch (error) {
        failed.push({ orderId: Number(id), message: (error as Error).message });
      }
    return { found, failed };
  }

  private listOrderActs() {
    const { modes } = this;
    return {
      createOrder: ({ account, body, request }) => {
        this.check(account, body, request.headers['platform']);
        const order = account.book.create(body);
        this.uploadSoon(account, order);
        return { orderId: order.orderId, created: order.created };
      },
      findOrder: ({ account: { book }, query: { clientNumber = '' } }) => writeStatus(book, book.byNumber(clientNumber), modes),
      statuses: ({ account, body: { orderIds } }) => {
        const { found, failed } = this.findOrders(account, orderIds);
        const known = found.filter(({ statuses }) => statuses.length > 0);
        const silent = found.filter(({ statuses }) => statuses.length === 0);
        return {
          succeedOrders: known.map((order) => writeStatus(account.book, order, modes)),
          failedOrders: [...failed, ...silent.map(({ orderId }) => ({ orderId, message: 'У заказа ещё нет статусов' }))],
        };
      },
      getOrder: ({ account, id }) => writeOrder(this.findOrder(account, id), modes),
      changeOrder: ({ account, id, body, request }) => {
        const order = this.findOrder(account, id);
        this.check(account, body, request.headers['platform'], order);
        if (account.book.change(order, body)) this.uploadSoon(account, order);
        return { message: 'ok' };
      },
      resendOrder: ({ account, id }) => {
        const order = this.findOrder(account, id);
        account.book.refuseResend(order);
        this.uploadSoon(account, order);
        return { orderId: order.orderId, created: writeMoment(Date.now()) };
      },
      cancelOrder: ({ account, id }) => {
        const order = this.findOrder(account, id);
        return { orderId: order.orderId, canceled: account.book.cancel(order) && writeMoment(Date.now()) };
      },
      orderStatus: ({ account, id }) => writeStatus(account.book, this.findOrder(account, id), modes),
      callCourier: ({ account, body }) => {
        const { found, failed } = this.findOrders(account, body.orderIds);
        if (failed.length > 0) throw invalid({ orderIds: failed.map(({ message }) => message).join(', ') });
        const { courierError: error, courierErrorIds } = modes;
        if (error !== undefined) {
          const failedId = courierErrorIds === 'given' ? ++this.lastId : null;
          return { id: failedId, providerNumber: null, additionalProviderNumber: null, created: null, error };
        }
        const { id, providerNumber, created } = account.book.callCourier(body, found);
        return { id, providerNumber, additionalProviderNumber: null, created };
      },
      cancelCourier: ({ account, id }) => {
        const { id: call, cancelled } = account.book.cancelCourier(Number(id));
        return { id: call, canceled: cancelled && writeMoment(Date.now()) };
      },
      orderHistory: ({ account, id, query }) => {
        const order = this.findOrder(account, id);
        return { orderInfo: writeInfo(order, modes.ids), ...cutPage(order.statuses.toReversed(), query, modes) };
      },
    } satisfies Partial<Acts<typeof WIRE, ApiShipAccount>>;
  }

  private listDocumentActs() {
    const { modes } = this;
    const keep = (pdf: Buffer): string => {
      const id = randomUUID();
      this.files.set(id, pdf);
      return `${this.url}/storage/${id}.pdf`;
    };
    const sortReady = (account: ApiShipAccount, ids: readonly (string | number)[], isMade = true) => {
      if (ids.length > 100) throw invalid({ orderIds: 'Не больше 100' });
      const { found, failed } = this.findOrders(account, ids);
      const isReady = ({ providerNumber, cancelled }: ApiShipOrder): boolean => isMade && providerNumber !== '' && !cancelled;
      const late = found.filter((order) => !isReady(order)).map(({ orderId }) => ({ orderId, message: 'Документ ещё не готов' }));
      return { ready: found.filter(isReady), failed: [...failed, ...late] };
    };
    return {
      labels: async ({ account, body }) => {
        const { ready, failed } = sortReady(account, body.orderIds, modes.labels === 'made');
        const none = { made: null, null: null, absent: undefined, empty: '' }[modes.labels];
        return { url: ready.length > 0 ? keep(await drawLabels(ready)) : none, failedOrders: failed };
      },
      waybills: async ({ account, body }) => {
        const { ready, failed } = sortReady(account, body.orderIds);
        const carriers = [...new Set(ready.map((order) => order.body.order.providerKey))];
        const waybillItems = await Promise.all(
          carriers.map(async (providerKey) => {
            const orders = ready.filter((order) => order.body.order.providerKey === providerKey);
            return { providerKey, file: keep(await drawAct(providerKey, orders)), orderIds: orders.map(({ orderId }) => orderId) };
          }),
        );
        return { waybillItems, failedOrders: failed };
      },
      file: ({ id }) => {
        const pdf = this.files.get(id);
        if (!pdf) throw refuse(404, '040016', 'Не найдено');
        return new Answer({ pdf });
      },
    } satisfies Partial<Acts<typeof WIRE, ApiShipAccount>>;
  }

  private listAccountActs() {
    return {
      login: ({ body: { login, password } }) => {
        const account = this.accounts.find(({ credentials }) => credentials.login === login);
        if (account?.credentials.password !== password)
          throw account ? refuse(403, '040302', 'Неверный пароль') : refuse(403, '040303', 'Неверный логин');
        const token = randomUUID().replaceAll('-', '');
        account.tokens.set(token, true);
        return { token };
      },
      balance: ({ account: { calculations, free, money } }) => ({
        ...{ calculations, freeCalculations: free, money: (money / 100).toFixed(2) },
      }),
      createWebhook: ({ account: { subscriptions }, body }) => {
        const subscription = { uuid: randomUUID(), ...body };
        // A second subscription to the same address doubles the events.
        subscriptions.push(subscription);
        return { uuid: subscription.uuid };
      },
      listWebhooks: ({ account }) => account.subscriptions,
      deleteWebhook: ({ account: { subscriptions }, id }) => {
        const index = subscriptions.findIndex(({ uuid }) => uuid === id);
        if (index === -1) throw refuse(404, '040016', 'Не найдено');
        subscriptions.splice(index, 1);
        return { uuid: id };
      },
    } satisfies Partial<Acts<typeof WIRE, ApiShipAccount>>;
  }

  private listDirectoryActs() {
    const { modes } = this;
    return {
      calculate: ({ account, body }) => {
        const question = readQuestion(body, account.connections);
        account.payCalculation();
        return quote(question, modes);
      },
      connections: ({ account, query }) => {
        if (Number(query['offset'] ?? 0) > 5_000) throw invalid({ offset: 'Не больше 5000' });
        return cutPage(filterRows(account.connections, query['filter'], ['id', 'providerKey', 'name']), query, modes);
      },
      points: ({ query }) => {
        const isByCode = (query['filter'] ?? '').split(';').some((part) => part.startsWith('code='));
        const shown = POINTS.filter(({ enabled }) => enabled || (query['enabledCheckOff'] === '1' && isByCode));
        const rows = filterRows(shown, query['filter'], POINT_KEYS).map((row) => pickFields(row, query['fields']));
        return cutPage(rows, query, { most: modes.pointsMost, totals: modes.totals });
      },
      list: ({ query, call: { path } }) => {
        const { providerKey, filter, fields } = query;
        const { rows, keys } = LISTS[path.split('/').at(-1) ?? ''] ?? {};
        if (!rows || !keys) return SERVICES.filter((row) => row.providerKey === (providerKey ?? row.providerKey));
        const found = filterRows(rows, filter, keys).map((row) => pickFields(row, fields));
        return cutPage(found, query, { most: 1_000, totals: modes.totals });
      },
    } satisfies Partial<Acts<typeof WIRE, ApiShipAccount>>;
  }
}
