import type { FastifyInstance, FastifyRequest } from 'fastify';
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
import type { Sandbox } from '../sandbox.js';
import { runCallback } from './callback-runner.js';
import { compressJson } from './compress-json.js';
import type { FaultList, ReferenceLists } from './control-types.js';
import {
  findAccount,
  findModuleCode,
  findModuleUrl,
  readBody,
  changeDelivery,
  changeInvoice,
  changeSettings,
  deliveryOf,
  journalQuery,
  layPackages,
  findOrder,
  findOrders,
  parameter,
  readFault,
  readQuery,
  readOrder,
} from './control-input.js';
import { openLiveStream } from './live-stream.js';
import { knowDelivery, knowInvoice } from './losses.js';
import { readMarketplace } from './marketplace.js';
import { describeAccount, describeInvoice, describeModule, describeOrder, showConnected, showEntry, showOutcome } from './views.js';

/** Functions of the server for the control API. */
export interface Ports {
  /** Listens on another port (0: a free one). Returns it. */
  openPort(port: number): Promise<number>;
}

/**
 * The JSON control API for command line and tests: accounts, orders, modules, callbacks, journal, faults,
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

  app.get('/accounts', () => ({ accounts: sandbox.accounts.map((account) => describeAccount(sandbox, account)) }));

  app.post('/accounts', async (request) => {
    const body = readBody(request);
    const code = asText(body['code']);
    if (code === undefined || !/^[a-z0-9-]{1,40}$/.test(code)) throw new SandboxError('code must be 1 to 40 characters of a-z, 0-9 and -');
    if (sandbox.account(code)) throw new SandboxError(`There is an account "${code}" already`, 409);
    const port = await ports.openPort(asNumber(body['port']) ?? 0);
    return describeAccount(sandbox, sandbox.addAccount(code, asText(body['name']) ?? code, port));
  });

  app.post('/accounts/:account/keys', (request) => {
    const account = findAccount(sandbox, request);
    const scopes = asList(readBody(request)['scopes']).map(String);
    const unknown = scopes.filter((scope) => scope !== '*' && !ALL_SCOPES.includes(scope));
    if (unknown.length > 0) throw new SandboxError(`No permission is called ${unknown.join(', ')}; there are: ${ALL_SCOPES.join(', ')}`);
    return { apiKey: sandbox.makeKey(account, scopes.length > 0 ? scopes : ['*']).key };
  });

  app.get('/accounts/:account/settings', (request) => ({ settings: findAccount(sandbox, request).settings }));

  app.put('/accounts/:account/settings', async (request) => {
    const account = findAccount(sandbox, request);
    changeSettings(account, readBody(request), sandbox.now());
    sandbox.changed();
    const outcomes: JsonObject = {};
    for (const code of Object.keys(account.modules)) {
      const outcome = await connector.settings(account, code);
      if (outcome) outcomes[code] = showOutcome(outcome);
    }
    return { settings: account.settings, callbacks: outcomes };
  });

  app.get('/accounts/:account/references', (request): ReferenceLists => {
    const crm = sandbox.context(findAccount(sandbox, request));
    const rows = (name: string): JsonObject[] => crm.rows(name);
    return {
      sites: rows('sites'),
      stores: rows('stores'),
      users: rows('users'),
      paymentTypes: rows('paymentTypes'),
      statuses: rows('statuses'),
    };
  });

  app.get('/accounts/:account/orders', (request) => {
    const account = findAccount(sandbox, request);
    const { search, limit } = readQuery(request);
    const found = findOrders(sandbox.context(account), asText(search));
    const shown = found.slice(-(asNumber(limit) ?? found.length));
    return { orders: shown.map((order) => describeOrder(sandbox, account, order)), total: found.length };
  });

  app.post('/accounts/:account/orders', (request) => {
    const account = findAccount(sandbox, request);
    const crm = sandbox.context(account);
    const body = readBody(request);
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
    return describeOrder(sandbox, account, order);
  });

  app.get('/accounts/:account/orders/:order', (request) => {
    const account = findAccount(sandbox, request);
    return describeOrder(sandbox, account, findOrder(sandbox, account, parameter(request, 'order')));
  });

  app.put('/accounts/:account/orders/:order', (request) => {
    const account = findAccount(sandbox, request);
    const order = findOrder(sandbox, account, parameter(request, 'order'));
    const body = readBody(request);
    editOrder(sandbox.context(account), order, readOrder(body));
    layPackages(order, body);
    return describeOrder(sandbox, account, order);
  });

  app.delete('/accounts/:account/orders/:order', (request) => {
    const account = findAccount(sandbox, request);
    const order = findOrder(sandbox, account, parameter(request, 'order'));
    const crm = sandbox.context(account);
    crm.remove('orders', order);
    crm.changed();
    return { removed: order['id'] };
  });

  app.put('/accounts/:account/orders/:order/delivery', (request) => {
    const account = findAccount(sandbox, request);
    const order = findOrder(sandbox, account, parameter(request, 'order'));
    const crm = sandbox.context(account);
    const delivery = deliveryOf(crm, order);
    const before = knowDelivery(delivery);
    changeDelivery(crm, order, readBody(request));
    sandbox.losses.note(crm, before, knowDelivery(delivery));
    return describeOrder(sandbox, account, order);
  });

  app.delete('/accounts/:account/orders/:order/delivery', (request) => {
    const account = findAccount(sandbox, request);
    const order = findOrder(sandbox, account, parameter(request, 'order'));
    const crm = sandbox.context(account);
    const delivery = deliveryOf(crm, order);
    const { fields, ...subject } = knowDelivery(delivery);
    removeFromOrder(crm, delivery);
    sandbox.losses.note(crm, { ...subject, fields: { delivery: fields['delivery'] } }, knowDelivery(delivery));
    return describeOrder(sandbox, account, order);
  });

  app.get('/accounts/:account/shipments', (request) => ({
    shipments: sandbox.context(findAccount(sandbox, request)).rows('deliveryShipments'),
  }));

  app.get('/accounts/:account/losses', (request) => ({ losses: sandbox.losses.list(sandbox.context(findAccount(sandbox, request))) }));

  app.post('/accounts/:account/verifications', (request) => {
    const crm = sandbox.context(findAccount(sandbox, request));
    return startVerification(crm, asText(readBody(request)['actionType']) ?? 'verify_loyalty_account');
  });

  app.get('/accounts/:account/modules', (request) => {
    const account = findAccount(sandbox, request);
    return { modules: Object.keys(account.modules).map((code) => describeModule(account, code)) };
  });

  app.get('/accounts/:account/modules/:module', (request) => {
    const account = findAccount(sandbox, request);
    return describeModule(account, findModuleCode(account, request));
  });

  app.put('/accounts/:account/modules/:module/billing', (request) => {
    const account = findAccount(sandbox, request);
    const code = parameter(request, 'module');
    describeModule(account, code);
    const module = account.modules[code];
    if (module) module.billing = readBody(request);
    sandbox.changed();
    return describeModule(account, code);
  });

  app.post('/accounts/:account/modules/:module/connect', async (request) => {
    const account = findAccount(sandbox, request);
    const code = parameter(request, 'module');
    const body = readBody(request);
    const url = asText(body['moduleUrl']) ?? findModuleUrl(sandbox, account, code);
    const secret = asText(body['secret']) ?? sandbox.moduleSecret(code);
    return showConnected(await connector.connect(account, code, url, secret));
  });

  app.post('/accounts/:account/modules/:module/activity', async (request) => {
    const body = readBody(request);
    const outcome = await connector.activity(findAccount(sandbox, request), parameter(request, 'module'), {
      active: asFlag(body['active']),
      freeze: asFlag(body['freeze']),
      rename: asText(body['rename']),
    });
    return showOutcome(outcome);
  });

  app.post('/accounts/:account/modules/:module/callbacks/:callback', (request) => {
    const account = findAccount(sandbox, request);
    const code = findModuleCode(account, request);
    return runCallback(sandbox, connector, account, code, parameter(request, 'callback'), readBody(request));
  });

  const dialogueDesk = (request: FastifyRequest): DialogueDesk => {
    const account = findAccount(sandbox, request);
    return new DialogueDesk(sandbox, account, findModuleCode(account, request));
  };

  app.get('/accounts/:account/modules/:module/dialogues', (request) => dialogueDesk(request).show());

  app.post('/accounts/:account/modules/:module/messages', (request) => dialogueDesk(request).write(readManagerText(readBody(request))));

  app.get('/accounts/:account/invoices', (request) => ({
    invoices: sandbox.context(findAccount(sandbox, request)).rows('invoices').map(describeInvoice),
  }));

  app.get('/accounts/:account/invoices/:invoice', (request) =>
    describeInvoice(invoiceNamed(sandbox.context(findAccount(sandbox, request)), parameter(request, 'invoice'))),
  );

  app.put('/accounts/:account/invoices/:invoice', (request) => {
    const crm = sandbox.context(findAccount(sandbox, request));
    const invoice = invoiceNamed(crm, parameter(request, 'invoice'));
    const before = knowInvoice(invoice);
    changeInvoice(invoice, readBody(request));
    sandbox.losses.note(crm, before, knowInvoice(invoice));
    sandbox.changed();
    return describeInvoice(invoice);
  });

  app.get('/accounts/:account/calls', (request) => ({
    calls: callStories(sandbox.context(findAccount(sandbox, request))).map((story) => ({ ...story })),
  }));

  app.get('/accounts/:account/offers', (request) => {
    const crm = sandbox.context(findAccount(sandbox, request));
    return { offers: crm.rows('offers').map((offer) => describeOffer(crm, offer)) };
  });

  app.post('/accounts/:account/offers', (request) => {
    const crm = sandbox.context(findAccount(sandbox, request));
    const body = readBody(request);
    if (asText(body['name']) === undefined) throw new SandboxError('name is required: what the offer is called');
    const price = asNumber(body['price']);
    if (body['price'] !== undefined && !(price !== undefined && price >= 0)) throw new SandboxError('price must be a number from 0');
    const groups = asList(body['groups']).map((name) => groupNamed(crm, String(name)));
    const product = createProduct(crm, { catalogId: 1, ...pick(body, ['name', 'article', 'externalId']), groups });
    const offer = asObject(crm.find('offers', 'productId', asText(product['id'])));
    if (price !== undefined) putPrices(offer, [{ code: 'base', price }]);
    return describeOffer(crm, offer);
  });

  app.post('/accounts/:account/offers/:offer/stocks', (request) => {
    const crm = sandbox.context(findAccount(sandbox, request));
    const offer = offerNamed(crm, parameter(request, 'offer'));
    const { store, quantity, purchasePrice } = readBody(request);
    const code = asText(store) ?? asText(crm.rows('stores')[0]?.['code']);
    if (!crm.find('stores', 'code', code)) throw new SandboxError(`There is no warehouse "${String(code)}"`, 404);
    const available = asNumber(quantity);
    if (available === undefined || available < 0) throw new SandboxError('quantity must be a number from 0');
    const price = asNumber(purchasePrice);
    putStocks(crm, offer, [{ code: code ?? '', available, ...(price !== undefined && { purchasePrice: price }) }]);
    crm.changed();
    return describeOffer(crm, offer);
  });

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

  app.get('/journal', (request) => ({ entries: sandbox.journal.find(journalQuery(readQuery(request))).map(showEntry) }));

  app.delete('/journal', () => {
    sandbox.journal.clear();
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
