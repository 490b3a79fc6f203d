import type { FastifyInstance, HTTPMethods } from 'fastify';
import demoOrders from '../data/demo-orders.json' with { type: 'json' };
import { FAULT_KINDS } from '../engine/faults.js';
import { ALL_SCOPES } from '../groups/api.group.js';
import { createOrder, editOrder, showOrder } from '../groups/order-record.js';
import { removeFromOrder } from '../groups/tracking.js';
import { createProduct, groupNamed, putPrices, putStocks } from '../groups/store.group.js';
import { startVerification } from '../groups/verification.group.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asText, pick } from '../json.js';
import type { Connector } from '../module/connector.js';
import { DialogueDesk, readManagerText } from '../module/dialogue-desk.js';
import { invoiceNamed } from '../module/payment-desk.js';
import { SandboxError } from '../module/module-error.js';
import { describeOffer, offerNamed } from '../module/store-desk.js';
import { callStories } from '../module/telephony-desk.js';
import { WidgetDesk } from '../module/widget-desk.js';
import type { Sandbox } from '../sandbox.js';
import { runCallback } from './callback-runner.js';
import { compressJson } from './compress-json.js';
import type { FaultList, ReferenceLists } from './control-types.js';
import { AccountRequest } from './account-request.js';
import {
  changeDelivery,
  changeInvoice,
  changeSettings,
  deliveryOf,
  findModuleUrl,
  findOrders,
  exchangeQuery,
  layPackages,
  parameter,
  readBody,
  readFault,
  readOrder,
  readQuery,
} from './control-input.js';
import { openLiveStream } from './live-stream.js';
import { knowDelivery, knowInvoice } from './losses.js';
import { readMarketplace } from './marketplace.js';
import { describeAccount, describeInvoice, describeModule, showConnected, showEntry, showOutcome } from './views.js';

/** Functions of the server for the control API. */
export interface Ports {
  /** Listens on another port (0: a free one). Returns it. */
  openPort(port: number): Promise<number>;
}

/**
 * The JSON control API for command line and tests: accounts, orders, modules, callbacks, exchanges, faults,
 * reset. It requires no key. Bodies must be `application/json`, so that pages of other sites cannot send
 * them.
 */
export function registerControl(app: FastifyInstance, sandbox: Sandbox, connector: Connector, ports: Ports): void {
  // A page of another site cannot read replies, but could send a request with an empty body.
  app.addHook('onRequest', (request, _reply, done) => {
    const from = request.headers['sec-fetch-site'];
    const isForeign = request.method !== 'GET' && from !== undefined && from !== 'same-origin' && from !== 'none';
    done(isForeign ? new SandboxError('Another page may not change the sandbox', 403) : undefined);
  });

  app.addHook('onSend', compressJson);

  const route: Route = (method, path, act) => {
    app.route({ method, url: `/accounts/:account${path}`, handler: async (request) => act(new AccountRequest(sandbox, request)) });
  };

  registerServer(app, sandbox);
  registerAccounts(app, sandbox, ports);
  registerAccount(route, sandbox, connector);
  registerOrders(route);
  registerDeliveries(route, sandbox);
  registerModules(route, sandbox, connector);
  registerInvoices(route, sandbox);
  registerOffers(route);
  registerPages(app, sandbox);
  registerRecords(app, sandbox);
}

/** Registers a route of one account. */
type Route = (method: HTTPMethods, path: string, act: (asked: AccountRequest) => unknown) => void;

/** Registers the routes of the server: health, modules on offer, live events. */
function registerServer(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/health', () => ({ status: 'ok' }));

  app.get('/marketplace', () => readMarketplace(sandbox));

  app.get('/demo-orders', () => ({ orders: demoOrders }));

  app.get('/live', (request, reply) => openLiveStream(sandbox, request, reply));

  app.get('/', () => ({
    url: sandbox.mainUrl,
    accounts: sandbox.accounts.map((account) => ({
      code: account.code,
      name: account.name,
      url: sandbox.buildUrl(account),
      modules: Object.keys(account.modules),
    })),
  }));
}

/** Registers the list of accounts. */
function registerAccounts(app: FastifyInstance, sandbox: Sandbox, ports: Ports): void {
  app.get('/accounts', () => ({ accounts: sandbox.accounts.map((account) => describeAccount(sandbox, account)) }));

  app.post('/accounts', async (request) => {
    const body = readBody(request);
    const code = asText(body['code']);
    if (code === undefined || !/^[a-z0-9-]{1,40}$/.test(code)) throw new SandboxError('code must be 1 to 40 characters of a-z, 0-9 and -');
    if (sandbox.account(code)) throw new SandboxError(`There is an account "${code}" already`, 409);
    const port = await ports.openPort(asNumber(body['port']) ?? 0);
    return describeAccount(sandbox, sandbox.addAccount(code, asText(body['name']) ?? code, port));
  });
}

/** Registers keys, settings and references of an account. */
function registerAccount(route: Route, sandbox: Sandbox, connector: Connector): void {
  route('POST', '/keys', ({ account, body }) => {
    const scopes = asList(body['scopes']).map(String);
    const unknown = scopes.filter((scope) => scope !== '*' && !ALL_SCOPES.includes(scope));
    if (unknown.length > 0) throw new SandboxError(`No permission is called ${unknown.join(', ')}; there are: ${ALL_SCOPES.join(', ')}`);
    return { apiKey: sandbox.makeKey(account, scopes.length > 0 ? scopes : ['*']).key };
  });

  route('GET', '/settings', ({ account }) => ({ settings: account.settings }));

  route('PUT', '/settings', async ({ account, body }) => {
    changeSettings(account, body, sandbox.now());
    sandbox.changed();
    const outcomes: JsonObject = {};
    for (const code of Object.keys(account.modules)) {
      const outcome = await connector.settings(account, code);
      if (outcome) outcomes[code] = showOutcome(outcome);
    }
    return { settings: account.settings, callbacks: outcomes };
  });

  route('GET', '/references', ({ crm }): ReferenceLists => {
    const rows = (name: string): JsonObject[] => crm.rows(name);
    return {
      sites: rows('sites'),
      stores: rows('stores'),
      users: rows('users'),
      paymentTypes: rows('paymentTypes'),
      statuses: rows('statuses'),
    };
  });
}

/** Registers the orders and customers of an account. */
function registerOrders(route: Route): void {
  route('GET', '/orders', ({ crm, query, show }) => {
    const found = findOrders(crm, asText(query['search']));
    return { orders: found.slice(-(asNumber(query['limit']) ?? found.length)).map(show), total: found.length };
  });

  route('POST', '/orders', ({ crm, body, show }) => {
    const given = readOrder(body);
    const order = createOrder(crm, given, asText(given['site']) ?? 'main');
    layPackages(order, body);
    crm.log('orderHistory', {
      created: true,
      field: 'status',
      oldValue: null,
      newValue: { code: order['status'] },
      order: showOrder(crm, order),
    });
    return show(order);
  });

  route('GET', '/orders/:order', ({ order, show }) => show(order));

  route('PUT', '/orders/:order', ({ crm, order, body, show }) => {
    editOrder(crm, order, readOrder(body));
    layPackages(order, body);
    return show(order);
  });

  route('GET', '/customers/:customer', ({ crm, name }) => {
    const customer = crm.find('customers', 'id', name('customer'));
    if (!customer) throw new SandboxError(`There is no customer with the id "${name('customer')}"`, 404);
    return customer;
  });

  route('DELETE', '/orders/:order', ({ crm, order }) => {
    crm.remove('orders', order);
    return { removed: order['id'] };
  });
}

/** Registers deliveries, shipments, losses and verifications. */
function registerDeliveries(route: Route, sandbox: Sandbox): void {
  route('PUT', '/orders/:order/delivery', ({ crm, order, body, show }) => {
    const delivery = deliveryOf(crm, order);
    const before = knowDelivery(delivery);
    changeDelivery(crm, order, body);
    sandbox.losses.note(crm, before, knowDelivery(delivery));
    return show(order);
  });

  route('DELETE', '/orders/:order/delivery', ({ crm, order, show }) => {
    const delivery = deliveryOf(crm, order);
    const { fields, ...subject } = knowDelivery(delivery);
    removeFromOrder(crm, delivery);
    sandbox.losses.note(crm, { ...subject, fields: { delivery: fields['delivery'] } }, knowDelivery(delivery));
    return show(order);
  });

  route('GET', '/shipments', ({ crm }) => ({ shipments: crm.rows('deliveryShipments') }));

  route('GET', '/losses', ({ crm }) => ({ losses: sandbox.losses.list(crm) }));

  route('POST', '/verifications', ({ crm, body }) => startVerification(crm, asText(body['actionType']) ?? 'verify_loyalty_account'));
}

/** Registers the modules of an account, and their callbacks. */
function registerModules(route: Route, sandbox: Sandbox, connector: Connector): void {
  route('GET', '/modules', ({ account }) => ({ modules: Object.keys(account.modules).map((code) => describeModule(account, code)) }));

  route('GET', '/modules/:module', ({ account, module }) => describeModule(account, module));

  route('PUT', '/modules/:module/billing', ({ account, module, body }) => {
    describeModule(account, module);
    const installed = account.modules[module];
    if (installed) installed.billing = body;
    sandbox.changed();
    return describeModule(account, module);
  });

  route('POST', '/modules/:module/connect', async ({ account, module, body }) => {
    const url = asText(body['moduleUrl']) ?? findModuleUrl(sandbox, account, module);
    return showConnected(await connector.connect(account, module, url, asText(body['secret']) ?? sandbox.moduleSecret(module)));
  });

  route('POST', '/modules/:module/activity', async ({ account, module, body }) => {
    const state = { active: asFlag(body['active']), freeze: asFlag(body['freeze']), rename: asText(body['rename']) };
    return showOutcome(await connector.activity(account, module, state));
  });

  route('POST', '/modules/:module/callbacks/:callback', ({ account, module, body, name }) =>
    runCallback(sandbox, connector, account, module, name('callback'), body),
  );

  route('POST', '/modules/:module/widget-calls', ({ account, module, body }) =>
    new WidgetDesk(sandbox, account, module).relay(asText(body['action']) ?? '', asText(body['payload'])),
  );

  route('GET', '/modules/:module/dialogues', ({ account, module }) => new DialogueDesk(sandbox, account, module).show());

  route('POST', '/modules/:module/messages', ({ account, module, body }) =>
    new DialogueDesk(sandbox, account, module).write(readManagerText(body)),
  );
}

/** Registers invoices and calls. */
function registerInvoices(route: Route, sandbox: Sandbox): void {
  route('GET', '/invoices', ({ crm }) => ({ invoices: crm.rows('invoices').map(describeInvoice) }));

  route('GET', '/invoices/:invoice', ({ crm, name }) => describeInvoice(invoiceNamed(crm, name('invoice'))));

  route('PUT', '/invoices/:invoice', ({ crm, body, name }) => {
    const invoice = invoiceNamed(crm, name('invoice'));
    const before = knowInvoice(invoice);
    changeInvoice(invoice, body);
    sandbox.losses.note(crm, before, knowInvoice(invoice));
    sandbox.changed();
    return describeInvoice(invoice);
  });

  route('GET', '/calls', ({ crm }) => ({ calls: callStories(crm) }));
}

/** Registers offers and their stocks. */
function registerOffers(route: Route): void {
  route('GET', '/offers', ({ crm }) => ({ offers: crm.rows('offers').map((offer) => describeOffer(crm, offer)) }));

  route('POST', '/offers', ({ crm, body }) => {
    if (asText(body['name']) === undefined) throw new SandboxError('name is required: what the offer is called');
    const price = asNumber(body['price']);
    if (body['price'] !== undefined && !(price !== undefined && price >= 0)) throw new SandboxError('price must be a number from 0');
    const groups = asList(body['groups']).map((group) => groupNamed(crm, String(group)));
    const product = createProduct(crm, { catalogId: 1, ...pick(body, ['name', 'article', 'externalId']), groups });
    const offer = asObject(crm.find('offers', 'productId', asText(product['id'])));
    if (price !== undefined) putPrices(offer, [{ code: 'base', price }]);
    return describeOffer(crm, offer);
  });

  route('POST', '/offers/:offer/stocks', ({ crm, name, body: { store, quantity, purchasePrice } }) => {
    const offer = offerNamed(crm, name('offer'));
    const code = asText(store) ?? asText(crm.rows('stores')[0]?.['code']);
    if (!crm.find('stores', 'code', code)) throw new SandboxError(`There is no warehouse "${String(code)}"`, 404);
    const available = asNumber(quantity);
    if (available === undefined || available < 0) throw new SandboxError('quantity must be a number from 0');
    const price = asNumber(purchasePrice);
    putStocks(crm, offer, [{ code: code ?? '', available, ...(price !== undefined && { purchasePrice: price }) }]);
    crm.changed();
    return describeOffer(crm, offer);
  });
}

/** Registers the pages that buyers and shops open. */
function registerPages(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/pay/:invoice', (request) => {
    const invoice = sandbox.accounts
      .map((account) => sandbox.context(account).find('invoices', 'invoiceUuid', parameter(request, 'invoice')))
      .find((one) => one !== undefined);
    if (!invoice) throw new SandboxError('There is no such invoice', 404);
    return { invoice: describeInvoice(invoice) };
  });

  app.get('/printed/:file', async (request, reply) => {
    const file = parameter(request, 'file');
    const bytes = /^[\w-]+\.pdf$/.test(file) ? await sandbox.printed.get(file) : undefined;
    if (!bytes) throw new SandboxError('There is no such printed form', 404);
    return reply.type('application/pdf').send(bytes);
  });
}

/** Registers exchanges, faults and the reset. */
function registerRecords(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/exchanges', (request) => ({ entries: sandbox.exchanges.find(exchangeQuery(readQuery(request))).map(showEntry) }));

  app.delete('/exchanges', () => {
    sandbox.exchanges.clear();
    return { ok: true };
  });

  app.get('/faults', (): FaultList => ({ kinds: FAULT_KINDS, faults: sandbox.faults.list(), struck: sandbox.faults.countStruck() }));

  app.post('/faults', (request) => {
    const fault = sandbox.faults.add(readFault(readBody(request)));
    sandbox.changed();
    return fault;
  });

  app.delete('/faults', () => {
    const removed = sandbox.faults.remove();
    sandbox.changed();
    return { removed };
  });

  app.delete('/faults/:id', (request) => {
    if (!sandbox.faults.remove(Number(parameter(request, 'id')))) throw new SandboxError('There is no such fault', 404);
    sandbox.changed();
    return { removed: true };
  });

  app.post('/reset', (request) => {
    sandbox.reset(readBody(request)['everything'] === true);
    return { ok: true };
  });
}

function asFlag(value: Json | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
