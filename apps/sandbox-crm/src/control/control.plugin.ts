import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseForm } from '../engine/nested-form.js';
import { FAULT_KINDS, type FaultKind } from '../engine/faults.js';
import { ALL_SCOPES } from '../groups/api.group.js';
import { createOrder, editOrder, showOrder } from '../groups/order-record.js';
import { startVerification } from '../groups/verification.group.js';
import { LENIENT, read } from '../contract/type-reader.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asText, copy, isObject } from '../json.js';
import { type Connector, capabilitiesOf } from '../module/connector.js';
import { DeliveryDesk, type SaveOptions } from '../module/delivery-desk.js';
import type { Outcome } from '../module/exchange.js';
import { SandboxError } from '../module/module-error.js';
import { formatPhpDate } from '../contract/php-date.js';
import { MOMENT } from '../store/account-context.js';
import type { JournalQuery } from '../store/journal.js';
import type { Sandbox } from '../sandbox.js';
import type { Account } from '../store/state.js';

/** What the control API needs of the server. */
export interface Ports {
  /** Listens on one more port, 0 for a free one; gives it. */
  openPort(port: number): Promise<number>;
}

/**
 * The control API, JSON in and out, for the command line and for tests: accounts, orders, modules, callbacks by name, journal, faults, reset. It has no
 * key: it is as open as the address it is bound to. Bodies must be `application/json`, so that a page in a browser cannot send them unasked.
 */
export function registerControl(app: FastifyInstance, sandbox: Sandbox, connector: Connector, ports: Ports): void {
  app.get('/health', () => ({ status: 'ok' }));

  app.get('/', () => ({
    url: sandbox.mainUrl,
    accounts: sandbox.accounts.map((account) => ({
      code: account.code,
      name: account.name,
      url: sandbox.urlOf(account),
      modules: Object.keys(account.modules),
    })),
  }));

  app.get('/accounts', () => ({ accounts: sandbox.accounts.map((account) => describeAccount(sandbox, account)) }));

  app.post('/accounts', async (request) => {
    const body = bodyOf(request);
    const code = asText(body['code']);
    if (code === undefined || !/^[a-z0-9-]{1,40}$/.test(code)) throw new SandboxError('code must be 1 to 40 characters of a-z, 0-9 and -');
    if (sandbox.account(code)) throw new SandboxError(`There is an account "${code}" already`, 409);
    const port = await ports.openPort(asNumber(body['port']) ?? 0);
    return describeAccount(sandbox, sandbox.addAccount(code, asText(body['name']) ?? code, port));
  });

  app.post('/accounts/:account/keys', (request) => {
    const account = accountOf(sandbox, request);
    const scopes = asList(bodyOf(request)['scopes']).map(String);
    const unknown = scopes.filter((scope) => scope !== '*' && !ALL_SCOPES.includes(scope));
    if (unknown.length > 0) throw new SandboxError(`No permission is called ${unknown.join(', ')}; there are: ${ALL_SCOPES.join(', ')}`);
    return { apiKey: sandbox.makeKey(account, scopes.length > 0 ? scopes : ['*']).key };
  });

  app.get('/accounts/:account/settings', (request) => ({ settings: accountOf(sandbox, request).settings }));

  app.put('/accounts/:account/settings', async (request) => {
    const account = accountOf(sandbox, request);
    changeSettings(account, bodyOf(request), sandbox.now());
    sandbox.changed();
    const outcomes: JsonObject = {};
    for (const code of Object.keys(account.modules)) {
      const outcome = await connector.settings(account, code);
      if (outcome) outcomes[code] = show(outcome);
    }
    return { settings: account.settings, callbacks: outcomes };
  });

  app.get('/accounts/:account/orders', (request) => {
    const account = accountOf(sandbox, request);
    return {
      orders: sandbox
        .context(account)
        .rows('orders')
        .map((order) => describeOrder(sandbox, account, order)),
    };
  });

  app.post('/accounts/:account/orders', (request) => {
    const account = accountOf(sandbox, request);
    const crm = sandbox.context(account);
    const body = bodyOf(request);
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
    const account = accountOf(sandbox, request);
    return describeOrder(sandbox, account, orderOf(sandbox, account, parameter(request, 'order')));
  });

  app.put('/accounts/:account/orders/:order', (request) => {
    const account = accountOf(sandbox, request);
    const order = orderOf(sandbox, account, parameter(request, 'order'));
    const body = bodyOf(request);
    editOrder(sandbox.context(account), order, readOrder(body));
    layPackages(order, body);
    return describeOrder(sandbox, account, order);
  });

  app.post('/accounts/:account/verifications', (request) => {
    const crm = sandbox.context(accountOf(sandbox, request));
    return startVerification(crm, asText(bodyOf(request)['actionType']) ?? 'verify_loyalty_account');
  });

  app.get('/accounts/:account/modules', (request) => {
    const account = accountOf(sandbox, request);
    return { modules: Object.keys(account.modules).map((code) => describeModule(account, code)) };
  });

  app.get('/accounts/:account/modules/:module', (request) => {
    const account = accountOf(sandbox, request);
    const described = describeModule(account, parameter(request, 'module'));
    if (!described) throw new SandboxError(`Account "${account.code}" has no module "${parameter(request, 'module')}"`, 404);
    return described;
  });

  app.post('/accounts/:account/modules/:module/connect', (request) => {
    const code = parameter(request, 'module');
    const body = bodyOf(request);
    const url = asText(body['moduleUrl']);
    if (url === undefined) throw new SandboxError('moduleUrl is required, such as http://127.0.0.1:3000/courier');
    return connector.connect(accountOf(sandbox, request), code, url, asText(body['secret']) ?? sandbox.moduleSecret(code));
  });

  app.post('/accounts/:account/modules/:module/activity', async (request) => {
    const body = bodyOf(request);
    const outcome = await connector.activity(accountOf(sandbox, request), parameter(request, 'module'), {
      ...(typeof body['active'] === 'boolean' ? { active: body['active'] } : {}),
      ...(typeof body['freeze'] === 'boolean' ? { freeze: body['freeze'] } : {}),
      ...(asText(body['rename']) === undefined ? {} : { rename: asText(body['rename']) ?? '' }),
    });
    return show(outcome);
  });

  app.post('/accounts/:account/modules/:module/callbacks/:callback', async (request) => {
    const account = accountOf(sandbox, request);
    const code = parameter(request, 'module');
    return runCallback(sandbox, account, code, parameter(request, 'callback'), bodyOf(request), connector);
  });

  app.get('/printed/:file', async (request, reply) => {
    const file = parameter(request, 'file');
    const bytes = /^[\w-]+\.pdf$/.test(file) ? await sandbox.printed.get(file) : undefined;
    if (!bytes) throw new SandboxError('There is no such printed form', 404);
    return reply.type('application/pdf').send(bytes);
  });

  app.get('/journal', (request) => ({ entries: sandbox.journal.find(journalQuery(parseForm(request.url.split('?')[1] ?? ''))) }));

  app.delete('/journal', () => {
    sandbox.journal.clear();
    return { ok: true };
  });

  app.get('/faults', () => ({ kinds: [...FAULT_KINDS], faults: sandbox.faults.list() }));

  app.post('/faults', (request) => sandbox.faults.add(readFault(bodyOf(request))));

  app.delete('/faults', () => ({ removed: sandbox.faults.remove() }));

  app.delete('/faults/:id', (request) => {
    if (!sandbox.faults.remove(Number(parameter(request, 'id')))) throw new SandboxError('There is no such fault', 404);
    return { removed: true };
  });

  app.post('/reset', (request) => {
    sandbox.reset(bodyOf(request)['everything'] === true);
    return { ok: true };
  });
}

async function runCallback(
  sandbox: Sandbox,
  account: Account,
  code: string,
  callback: string,
  body: JsonObject,
  connector: Connector,
): Promise<Json> {
  if (callback === 'settings') {
    const outcome = await connector.settings(account, code);
    if (!outcome) throw new SandboxError(`Module "${code}" registered no "settings" action`, 404);
    return show(outcome);
  }
  const desk = new DeliveryDesk(sandbox, account, code);
  const order = (): JsonObject => orderOf(sandbox, account, asText(body['order']) ?? '');
  const raw = isObject(body['body']) ? body['body'] : undefined;
  const deliveryId = (): string => asText(body['deliveryId']) ?? desk.deliveryOf(order()).deliveryId;
  switch (callback) {
    case 'calculate':
      return show(await desk.calculate(raw && body['order'] === undefined ? {} : order(), asObject(body['extraData']), raw));
    case 'save': {
      const options: SaveOptions = {
        ...(asText(body['tariff']) === undefined ? {} : { tariff: asText(body['tariff']) ?? '' }),
        ...(asText(body['point']) === undefined ? {} : { point: asText(body['point']) ?? '' }),
        repeat: body['repeat'] === true,
        extraData: asObject(body['extraData']),
        ...(raw ? { body: raw } : {}),
      };
      const saved = order();
      const outcome = await desk.save(saved, options);
      return { ...show(outcome), order: describeOrder(sandbox, account, saved) };
    }
    case 'get':
      return show(await desk.get(deliveryId()));
    case 'delete':
      return show(await desk.delete(deliveryId()));
    case 'print': {
      const ids = body['shipments'] !== undefined ? asList(body['shipments']).map(String) : asList(body['deliveryIds']).map(String);
      const orders = asList(body['orders']).map((one) => desk.deliveryOf(orderOf(sandbox, account, String(one))).deliveryId);
      const form = asText(body['form']) ?? desk.forms()[0] ?? '';
      const { outcome, pdf } = await desk.print(form, [...ids, ...orders]);
      return {
        ...show(outcome),
        ...(pdf ? { file: await keepPrinted(sandbox, `${code}-${form}`, pdf, outcome.journalId), bytes: pdf.length } : {}),
      };
    }
    case 'shipmentSave': {
      const orders = asList(body['orders']).map((one) => orderOf(sandbox, account, String(one)));
      const { outcome, shipment } = await desk.shipmentSave(orders, asObject(body['shipment']));
      return { ...show(outcome), ...(shipment ? { shipment } : {}) };
    }
    case 'shipmentDelete':
      return show(await desk.shipmentDelete(asText(body['shipmentId']) ?? ''));
    case 'shipmentPointList':
      return show(await desk.points(strings(asObject(body['query']))));
    case 'tariffList':
      return show(await desk.tariffs());
    case 'autocomplete':
      return show(await desk.autocomplete(asText(body['field']), asText(body['term']) ?? ''));
    default:
      throw new SandboxError(`There is no callback "${callback}"`, 404);
  }
}

async function keepPrinted(sandbox: Sandbox, title: string, pdf: Buffer, number: number): Promise<string> {
  const name = `${title.replace(/[^a-z0-9-]/gi, '_')}-${number}.pdf`;
  await sandbox.printed.put(name, pdf);
  return name;
}

function show(outcome: Outcome): JsonObject {
  return { ...outcome, violations: [...outcome.violations] };
}

function strings(object: JsonObject): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => (asText(value) === undefined ? [] : [[name, asText(value) ?? '']])),
  );
}

function bodyOf(request: FastifyRequest): JsonObject {
  if (request.body === undefined || request.body === null) return {};
  if (!isObject(request.body)) throw new SandboxError('The body must be a JSON object');
  return request.body;
}

function parameter(request: FastifyRequest, name: string): string {
  return (request.params as { [name: string]: string })[name] ?? '';
}

function accountOf(sandbox: Sandbox, request: FastifyRequest): Account {
  const code = parameter(request, 'account');
  const account = sandbox.account(code);
  if (!account)
    throw new SandboxError(`There is no account "${code}"; there are: ${sandbox.accounts.map((one) => one.code).join(', ')}`, 404);
  return account;
}

function orderOf(sandbox: Sandbox, account: Account, name: string): JsonObject {
  const crm = sandbox.context(account);
  const order = crm.find('orders', 'id', name) ?? crm.find('orders', 'number', name) ?? crm.find('orders', 'externalId', name);
  if (!order) throw new SandboxError(`There is no order "${name}" in account "${account.code}" (by id, number or external id)`, 404);
  return order;
}

/** The order's fields, typed by the contract; packages come beside them (`packages: [{weight, length, width, height, items: [[index, quantity]]}]`). */
function readOrder(body: JsonObject): JsonObject {
  const { packages: _packages, ...given } = body;
  const reading = read(given, 'Order', LENIENT);
  const first = reading.violations[0];
  if (first) throw new SandboxError(`order.${first.path} ${first.message}`);
  return asObject(reading.value);
}

/** Lays the items into packages by their position, once they have ids. */
function layPackages(order: JsonObject, body: JsonObject): void {
  if (body['packages'] === undefined) return;
  const items = asList(order['items']).map(asObject);
  const packages = asList(body['packages']).map((one, index) => {
    const { items: positions, ...sizes } = asObject(one);
    const laid = asList(positions)
      .map(asList)
      .flatMap(([position, quantity]): JsonObject[] => {
        const item = items[asNumber(position) ?? -1];
        return item ? [{ orderProduct: { id: item['id'] }, quantity: asNumber(quantity) ?? 1 }] : [];
      });
    return { packageId: String(index + 1), ...sizes, items: laid };
  });
  const delivery = asObject(order['delivery']);
  order['delivery'] = { ...delivery, data: { ...asObject(delivery['data']), packages } };
}

function describeAccount(sandbox: Sandbox, account: Account): JsonObject {
  return {
    code: account.code,
    name: account.name,
    url: sandbox.urlOf(account),
    settings: account.settings,
    keys: account.keys.map((key) => ({
      ending: key.key.slice(-4),
      scopes: key.scopes,
      active: key.active,
      ...(key.module === undefined ? {} : { module: key.module }),
    })),
    modules: Object.keys(account.modules),
    orders: account.records['orders']?.length ?? 0,
  };
}

function describeModule(account: Account, code: string): JsonObject | undefined {
  const module = account.modules[code];
  if (!module) return undefined;
  return {
    code,
    active: module.active,
    freeze: module.freeze,
    registeredAt: module.registeredAt,
    registration: module.registration,
    capabilities: capabilitiesOf(module.registration),
    ...(module.connection ? { connection: { ...module.connection } } : {}),
  };
}

function describeOrder(sandbox: Sandbox, account: Account, order: JsonObject): JsonObject {
  const deliveries = account.deliveries
    .filter((delivery) => delivery.orderId === order['id'])
    .map((delivery) => copy(delivery as unknown as JsonObject));
  return { ...showOrder(sandbox.context(account), order), deliveries };
}

function changeSettings(account: Account, body: JsonObject, now: Date): void {
  const settings: JsonObject = copy(account.settings);
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    if (['default_currency', 'system_language', 'timezone'].includes(name)) {
      const zone = name === 'timezone' ? String(value) : (asText(asObject(settings['timezone'])['value']) ?? 'UTC');
      if (name === 'timezone' && !isZone(zone))
        throw new SandboxError(`"${zone}" is not a time zone; give an IANA name such as Europe/Madrid`);
      settings[name] = { value: String(value), updated_at: formatPhpDate(now, MOMENT, zone) };
    } else if (['work_times', 'non_working_days', 'mg'].includes(name)) settings[name] = value;
    else
      throw new SandboxError(
        `There is no setting "${name}"; there are default_currency, system_language, timezone, work_times, non_working_days, mg`,
      );
  }
  const reading = read(settings, 'Settings', LENIENT);
  const first = reading.violations[0];
  if (first) throw new SandboxError(`settings.${first.path} ${first.message}`);
  account.settings = settings;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function journalQuery(query: JsonObject): JournalQuery {
  const direction = asText(query['direction']);
  if (direction !== undefined && direction !== 'in' && direction !== 'out') throw new SandboxError('direction must be in or out');
  return {
    ...(asText(query['account']) === undefined ? {} : { account: asText(query['account']) ?? '' }),
    ...(direction === undefined ? {} : { direction }),
    ...(asText(query['name']) === undefined ? {} : { name: asText(query['name']) ?? '' }),
    ...(query['violations'] === '1' || query['violations'] === 'true' ? { violations: true } : {}),
    ...(asNumber(query['since']) === undefined ? {} : { since: asNumber(query['since']) ?? 0 }),
    ...(asNumber(query['limit']) === undefined ? {} : { limit: asNumber(query['limit']) ?? 100 }),
  };
}

function readFault(body: JsonObject): Parameters<Sandbox['faults']['add']>[0] {
  const kind = asText(body['kind']);
  if (kind === undefined || !(FAULT_KINDS as readonly string[]).includes(kind))
    throw new SandboxError(`kind must be one of ${FAULT_KINDS.join(', ')}`);
  const number = (name: string, least: number, most: number): number | undefined => {
    const value = body[name];
    if (value === undefined) return undefined;
    const read = asNumber(value);
    if (read === undefined || read < least || read > most) throw new SandboxError(`${name} must be a number from ${least} to ${most}`);
    return read;
  };
  const fields = {
    path: asText(body['path']),
    times: number('times', 1, 1_000_000),
    share: number('share', 0, 1),
    milliseconds: number('milliseconds', 0, 600_000),
    retryAfter: number('retryAfter', 0, 86_400),
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<typeof fields>;
  return {
    kind: kind as FaultKind,
    ...(given as { path?: string; times?: number; share?: number; milliseconds?: number; retryAfter?: number }),
  };
}
