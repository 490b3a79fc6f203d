import { METHODS, listFields, type MethodName, type MethodSpec, type TypeName } from '#crm-client/wire';
import { invalid } from '../engine/api-error.js';
import type { Call, Handler, Handlers } from '../engine/call.js';
import { type JsonObject, asObject, asText, copy } from '../json.js';
import { type Resource, keep, merge } from './records.js';

const COURIER: Resource = { collection: 'couriers', field: 'courier', required: ['firstName'], defaults: () => ({ active: true }) };

const CURRENCY: Resource = {
  collection: 'currencies',
  field: 'currency',
  required: ['code'],
  defaults: () => ({ isAutoConvert: false, manualConvertNominal: 1, manualConvertValue: 1 }),
  read: (call, given, isNew) => {
    if (isNew && call.crm.find('currencies', 'code', asText(given['code']))) throw invalid({ 'currency.code': 'is there already' });
    return isNew ? { ...given, isBase: false } : given;
  },
};

/** `reference/*`: lists, keyed by code as in the real API, and edits, which create missing entries. */
export function referenceHandlers(): Handlers {
  const [courier, currency] = [keep(COURIER), keep(CURRENCY)];
  const handlers: { [name in MethodName]?: Handler } = {
    'references.countries': (call) => ({
      countriesIso: [...new Set(call.crm.rows('sites').map((site) => asText(site['countryIso']) ?? ''))].filter((code) => code !== ''),
    }),
    'references.couriers': list('couriers'),
    'references.couriersCreate': courier.create,
    'references.couriersEdit': courier.edit,
    'references.currencies': list('currencies'),
    'references.currenciesCreate': currency.create,
    'references.currenciesEdit': currency.edit,
  };
  // All other lists have items with codes: the reply has the list, the request of an edit one item.
  for (const { key, group, name, request } of METHODS as readonly MethodSpec<TypeName>[]) {
    if (group !== 'references' || handlers[key as MethodName]) continue;
    const collection = name.replace(/Edit$/, '');
    const field = request === null ? undefined : [...listFields(request)].find(([, type]) => type.kind === 'type')?.[0];
    handlers[key as MethodName] = name === collection || field === undefined ? list(collection) : editByCode(collection, field);
  }
  return handlers;
}

function list(field: string): Handler {
  return (call) => {
    const rows = call.crm.rows(field).map((row) => copy(row));
    if (!call.method.keyed.includes(field)) return { [field]: rows };
    return { [field]: Object.fromEntries(rows.map((row) => [asText(row['code']) ?? '', row])) };
  };
}

function editByCode(collection: string, field: string): Handler {
  return (call) => {
    const code = call.path['code'] ?? '';
    const given = asObject(call.input[field]);
    const known = call.crm.find(collection, 'code', code);
    check(call, collection, field, code, given, known);
    if (known) merge(known, given);
    else {
      const made: JsonObject = { ...(has(call, field, 'active') ? { active: true } : {}), ...copy(given), code };
      if (has(call, field, 'id')) call.crm.insert(collection, made);
      else call.crm.rows(collection).push(made);
    }
    call.crm.changed();
    return {};
  };
}

/** Whether the item in an edit has a field, by the contract. */
function has(call: Call, edited: string, field: string): boolean {
  const type = call.method.request === null ? undefined : listFields(call.method.request).get(edited);
  return type?.kind === 'type' && listFields(type.name).has(field);
}

function check(call: Call, collection: string, field: string, code: string, given: JsonObject, known: JsonObject | undefined): void {
  const errors: { [field: string]: string } = {};
  if (!/^[\w-]{1,255}$/.test(code)) errors[`${field}.code`] = 'must be letters, digits, - and _';
  if (given['code'] !== undefined && given['code'] !== code && known) errors[`${field}.code`] = 'differs from the code of the path';
  const name = collection === 'legalEntities' ? 'legalName' : 'name';
  if (!known && asText(given[name]) === undefined) errors[`${field}.${name}`] = 'is required for a new one';
  if (collection === 'statuses' && !known && !call.crm.find('statusGroups', 'code', asText(given['group'])))
    errors[`${field}.group`] = 'must be the code of a status group';
  if (collection === 'deliveryTypes') {
    const integration = asText(given['integrationCode']);
    if (integration !== undefined && !call.crm.account.modules[integration])
      errors[`${field}.integrationCode`] = 'no such integrated delivery service is active';
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
}
