import type { FastifyRequest } from 'fastify';
import { formatPhpDate } from '../contract/php-date.js';
import { LENIENT, read } from '../contract/type-reader.js';
import { FAULT_KINDS, type Fault, type FaultKind } from '../engine/faults.js';
import { parseForm } from '../engine/nested-form.js';
import { listStatuses } from '../groups/tracking.js';
import { type JsonObject, asList, asNumber, asObject, asText, at, copy, isObject, pick } from '../json.js';
import { SandboxError } from '../module/module-error.js';
import { INVOICE_STATUSES } from '../module/payment-check.js';
import type { Sandbox } from '../sandbox.js';
import { type AccountContext, MOMENT } from '../store/account-context.js';
import type { ExchangeQuery } from '../store/exchange-log.js';
import type { Account, Delivery } from '../store/state.js';

/**
 * Returns the JSON body of a request, `{}` if there is none. Throws `SandboxError` 400 unless it is an
 * object.
 */
export function readBody(request: FastifyRequest): JsonObject {
  if (request.body === undefined || request.body === null) return {};
  if (!isObject(request.body)) throw new SandboxError('The body must be a JSON object');
  return request.body;
}

/** Returns the parameters of the query. */
export function readQuery(request: FastifyRequest): JsonObject {
  return parseForm(request.url.split('?')[1] ?? '');
}

/** Returns a parameter of the path. */
export function parameter(request: FastifyRequest, name: string): string {
  return (request.params as { [name: string]: string })[name] ?? '';
}

/** Returns the account of the path. Throws `SandboxError` 404 that lists the existing accounts. */
export function findAccount(sandbox: Sandbox, request: FastifyRequest): Account {
  const code = parameter(request, 'account');
  const account = sandbox.account(code);
  if (!account)
    throw new SandboxError(`There is no account "${code}". There are: ${sandbox.accounts.map((one) => one.code).join(', ')}`, 404);
  return account;
}

/**
 * Returns the module's code of the path. `@delivery`: the first connected module with this integration.
 * `@messenger`: the first one that takes messages. Throws `SandboxError` 404 if there is none.
 */
export function findModuleCode(account: Account, request: FastifyRequest): string {
  const code = parameter(request, 'module');
  if (!code.startsWith('@')) return code;
  const kind = code.slice(1);
  const path = kind === 'messenger' ? 'integrations.mgTransport.webhookUrl' : `integrations.${kind}`;
  const found = Object.values(account.modules).find(({ registration }) => at(registration, path) !== undefined);
  if (found) return found.code;
  const what = kind === 'messenger' ? 'is a messenger' : `has ${kind}`;
  throw new SandboxError(`No connected module ${what}: connect one (connect <code>), or name it with --module`, 404);
}

/** Returns a module's last address, else one next to the connected modules, else at the deployment. */
export function findModuleUrl(sandbox: Sandbox, account: Account, code: string): string {
  const known = account.modules[code]?.connection?.moduleUrl;
  if (known !== undefined) return known;
  const beside = Object.values(account.modules).find(({ connection }) => connection)?.connection?.moduleUrl;
  const base = beside ?? (sandbox.modulesUrl && `${sandbox.modulesUrl}/`);
  if (base === undefined) throw new SandboxError('moduleUrl is required, such as http://127.0.0.1:3000/courier');
  return new URL(encodeURIComponent(code), base).href;
}

/** Returns the order with this id, number or external id. Throws `SandboxError` 404. */
export function findOrder(sandbox: Sandbox, account: Account, name: string): JsonObject {
  const crm = sandbox.context(account);
  const order = crm.find('orders', 'id', name) ?? crm.find('orders', 'number', name) ?? crm.find('orders', 'externalId', name);
  if (!order) throw new SandboxError(`There is no order "${name}" in account "${account.code}" (by id, number or external id)`, 404);
  return order;
}

/** Returns orders whose number, name, phone or track number contains the text, oldest first. */
export function findOrders(crm: AccountContext, search: string | undefined): JsonObject[] {
  const words = search?.trim().toLowerCase() ?? '';
  return crm.rows('orders').filter((order) => {
    const { trackNumber, externalId } = asObject(asObject(order['delivery'])['data']);
    const told = [
      ...['id', 'number', 'externalId', 'firstName', 'lastName', 'phone', 'email'].map((name) => order[name]),
      trackNumber,
      externalId,
    ];
    return told
      .map((one) => asText(one) ?? '')
      .join(' ')
      .toLowerCase()
      .includes(words);
  });
}

/**
 * Reads the order's fields of the contract, and `packages: [{weight, length, width, height, items: [[index,
 * quantity]]}]`.
 */
export function readOrder(body: JsonObject): JsonObject {
  const { packages: _packages, ...given } = body;
  const reading = read(given, 'Order', LENIENT);
  const first = reading.violations[0];
  if (first) throw new SandboxError(`order.${first.path} ${first.message}`);
  return asObject(reading.value);
}

/** Puts the items into packages by their index, after they have ids. */
export function layPackages(order: JsonObject, body: JsonObject): void {
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

/** Changes some settings of an account. Throws `SandboxError` 400 for unknown settings or wrong types. */
export function changeSettings(account: Account, body: JsonObject, now: Date): void {
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

/** Reads the filter of exchanges from a query. */
export function exchangeQuery(query: JsonObject): ExchangeQuery {
  const direction = asText(query['direction']);
  if (direction !== undefined && direction !== 'in' && direction !== 'out') throw new SandboxError('direction must be in or out');
  return {
    direction,
    account: asText(query['account']),
    name: asText(query['name']),
    violations: query['violations'] === '1' || query['violations'] === 'true',
    since: asNumber(query['since']),
    limit: asNumber(query['limit']),
  };
}

/** Reads a fault to switch on. Throws `SandboxError` 400 for unknown kinds and invalid numbers. */
export function readFault(body: JsonObject): Omit<Fault, 'id' | 'struck'> {
  const kind = asText(body['kind']);
  if (!isKind(kind)) throw new SandboxError(`kind must be one of ${FAULT_KINDS.join(', ')}`);
  const number = (name: string, least: number, most: number): number | undefined => {
    const value = body[name];
    if (value === undefined) return undefined;
    const given = asNumber(value);
    if (given === undefined || given < least || given > most) throw new SandboxError(`${name} must be a number from ${least} to ${most}`);
    return given;
  };
  return {
    kind,
    path: asText(body['path']),
    holding: asText(body['holding']),
    times: number('times', 1, 1_000_000),
    share: number('share', 0, 1),
    milliseconds: number('milliseconds', 0, 600_000),
    retryAfter: number('retryAfter', 0, 86_400),
    status: number('status', 200, 599),
    errorMsg: asText(body['errorMsg']),
    fields: isObject(body['fields']) ? body['fields'] : undefined,
    ...(isObject(body['errors']) && {
      errors: Object.fromEntries(Object.entries(body['errors']).map(([field, message]) => [field, String(message)])),
    }),
  };
}

function isKind(kind: string | undefined): kind is FaultKind {
  return (FAULT_KINDS as readonly (string | undefined)[]).includes(kind);
}

/** Returns an order's delivery at its module. Throws `SandboxError` 404 without one. */
export function deliveryOf(crm: AccountContext, order: JsonObject): Delivery {
  const code = asText(asObject(order['delivery'])['integrationCode']);
  const delivery = code === undefined ? undefined : crm.findDelivery(asNumber(order['id']) ?? 0, code);
  if (!delivery) throw new SandboxError(`Order ${String(order['number'])} has no delivery of a module`, 404);
  return delivery;
}

/**
 * Changes an order's delivery data, as if the CRM had lost it. The module is not notified. An empty
 * `trackNumber` removes it. Throws `SandboxError` for other fields, and for a status that the module has not
 * registered.
 */
export function changeDelivery(crm: AccountContext, order: JsonObject, body: JsonObject): void {
  const delivery = deliveryOf(crm, order);
  const unknown = Object.keys(body).filter((name) => !['status', 'trackNumber', 'cost'].includes(name));
  if (unknown.length > 0) throw new SandboxError(`There is no ${unknown.join(', ')} to change; there are status, trackNumber, cost`);
  const [status, trackNumber, cost] = [asText(body['status']), asText(body['trackNumber']), asNumber(body['cost'])];
  const statuses = listStatuses(crm.account.modules[delivery.module]?.registration ?? {});
  if (status !== undefined && !statuses.has(status))
    throw new SandboxError(`"${status}" is not a status of ${delivery.module}; there are ${[...statuses.keys()].join(', ')}`);
  const orderDelivery = asObject(order['delivery']);
  const data = asObject(orderDelivery['data']);
  if (status !== undefined) Object.assign(data, { status, statusText: statuses.get(status) });
  if (trackNumber !== undefined) data['trackNumber'] = trackNumber;
  if (body['trackNumber'] === '') delete data['trackNumber'];
  if (cost !== undefined) data['cost'] = cost;
  Object.assign(delivery, pick(data, ['status', 'cost']), { trackNumber: asText(data['trackNumber']) });
  order['delivery'] = { ...orderDelivery, data };
  crm.changed();
}

/**
 * Changes an invoice: the reply of `payment/check`, or status and amount as if the CRM had lost them. The
 * module is not notified. Throws `SandboxError` for an unknown status.
 */
export function changeInvoice(invoice: JsonObject, body: JsonObject): void {
  const [status, amount] = [asText(body['status']), asNumber(body['amount'])];
  if (status !== undefined && !INVOICE_STATUSES.includes(status))
    throw new SandboxError(`"${status}" is not a status of an invoice; there are ${INVOICE_STATUSES.join(', ')}`);
  if (status !== undefined) invoice['status'] = status;
  if (amount !== undefined) invoice['amount'] = amount;
  if (status === undefined && amount === undefined)
    invoice['desk'] = { ...asObject(invoice['desk']), checkRefusal: asText(body['checkRefusal']) };
}
