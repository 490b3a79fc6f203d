import type { FastifyRequest } from 'fastify';
import { formatPhpDate } from '../contract/php-date.js';
import { LENIENT, read } from '../contract/type-reader.js';
import { FAULT_KINDS, type Fault, type FaultKind } from '../engine/faults.js';
import { type JsonObject, asList, asNumber, asObject, asText, copy, isObject } from '../json.js';
import { SandboxError } from '../module/module-error.js';
import type { Sandbox } from '../sandbox.js';
import { MOMENT } from '../store/account-context.js';
import type { JournalQuery } from '../store/journal.js';
import type { Account } from '../store/state.js';

/**
 * The JSON body of a request; `{}` when there is none. Throws `SandboxError` 400 for anything but an object.
 */
export function readBody(request: FastifyRequest): JsonObject {
  if (request.body === undefined || request.body === null) return {};
  if (!isObject(request.body)) throw new SandboxError('The body must be a JSON object');
  return request.body;
}

/** A part of the path. */
export function parameter(request: FastifyRequest, name: string): string {
  return (request.params as { [name: string]: string })[name] ?? '';
}

/** The account of the path. Throws `SandboxError` 404 that names those there are. */
export function findAccount(sandbox: Sandbox, request: FastifyRequest): Account {
  const code = parameter(request, 'account');
  const account = sandbox.account(code);
  if (!account)
    throw new SandboxError(`There is no account "${code}"; there are: ${sandbox.accounts.map((one) => one.code).join(', ')}`, 404);
  return account;
}

/** The order of this id, number or external id. Throws `SandboxError` 404. */
export function findOrder(sandbox: Sandbox, account: Account, name: string): JsonObject {
  const crm = sandbox.context(account);
  const order = crm.find('orders', 'id', name) ?? crm.find('orders', 'number', name) ?? crm.find('orders', 'externalId', name);
  if (!order) throw new SandboxError(`There is no order "${name}" in account "${account.code}" (by id, number or external id)`, 404);
  return order;
}

/**
 * The order's fields by the contract, beside `packages: [{weight, length, width, height, items: [[index,
 * quantity]]}]`.
 */
export function readOrder(body: JsonObject): JsonObject {
  const { packages: _packages, ...given } = body;
  const reading = read(given, 'Order', LENIENT);
  const first = reading.violations[0];
  if (first) throw new SandboxError(`order.${first.path} ${first.message}`);
  return asObject(reading.value);
}

/** Lays the items into packages by their position, once they have ids. */
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

/** Changes some of an account's settings. Throws `SandboxError` 400 for unknown settings or wrong types. */
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

/** What a query string asks of the journal. */
export function journalQuery(query: JsonObject): JournalQuery {
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

/** A fault to switch on. Throws `SandboxError` 400 for kinds and numbers that make no sense. */
export function readFault(body: JsonObject): Omit<Fault, 'id'> {
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
