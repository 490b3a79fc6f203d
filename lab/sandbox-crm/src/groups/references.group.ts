import { listFields, type MethodName } from '#crm-client/wire';
import { invalid } from '../engine/api-error.js';
import type { Call, Handler, Handlers } from '../engine/call.js';
import { type JsonObject, asObject, asText, copy } from '../json.js';
import { merge, recordById } from './records.js';

/** A reference list: the reply's field (and collection), and the field of its edit. */
type Reference = readonly [field: string, edited?: string];

/** Lists whose items are identified by code. */
const CODED: { readonly [method: string]: Reference } = {
  costGroups: ['costGroups', 'costGroup'],
  costItems: ['costItems', 'costItem'],
  deliveryServices: ['deliveryServices', 'deliveryService'],
  deliveryTypes: ['deliveryTypes', 'deliveryType'],
  legalEntities: ['legalEntities', 'legalEntity'],
  mgChannels: ['mgChannels'],
  orderMethods: ['orderMethods', 'orderMethod'],
  orderTypes: ['orderTypes', 'orderType'],
  paymentStatuses: ['paymentStatuses', 'paymentStatus'],
  paymentTypes: ['paymentTypes', 'paymentType'],
  priceTypes: ['priceTypes', 'priceType'],
  productStatuses: ['productStatuses', 'productStatus'],
  sites: ['sites', 'site'],
  statusGroups: ['statusGroups'],
  statuses: ['statuses', 'status'],
  stores: ['stores', 'store'],
  units: ['units', 'unit'],
};

/** `reference/*`: lists, keyed by code as in the real API, and edits, which create missing entries. */
export function referenceHandlers(): Handlers {
  const handlers: { [name in MethodName]?: Handler } = {
    'references.countries': (call) => ({
      countriesIso: [...new Set(call.crm.rows('sites').map((site) => asText(site['countryIso']) ?? ''))].filter((code) => code !== ''),
    }),
    'references.couriers': list('couriers'),
    'references.couriersCreate': (call) => {
      const courier = asObject(call.input['courier']);
      if (asText(courier['firstName']) === undefined) throw invalid({ 'courier.firstName': 'is required' });
      return { id: call.crm.insert('couriers', { active: true, ...courier })['id'] };
    },
    'references.couriersEdit': editById('couriers', 'courier'),
    'references.currencies': list('currencies'),
    'references.currenciesCreate': (call) => {
      const currency = asObject(call.input['currency']);
      const code = asText(currency['code']);
      if (code === undefined) throw invalid({ 'currency.code': 'is required' });
      if (call.crm.find('currencies', 'code', code)) throw invalid({ 'currency.code': 'is there already' });
      return {
        id: call.crm.insert('currencies', {
          isAutoConvert: false,
          manualConvertNominal: 1,
          manualConvertValue: 1,
          ...currency,
          isBase: false,
        })['id'],
      };
    },
    'references.currenciesEdit': editById('currencies', 'currency'),
  };
  for (const [method, [field, edited]] of Object.entries(CODED)) {
    handlers[`references.${method}` as MethodName] = list(field);
    if (edited !== undefined) handlers[`references.${method}Edit` as MethodName] = editByCode(field, edited);
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

function editById(collection: string, field: string): Handler {
  return (call) => {
    const row = recordById(call, collection);
    const { id: _id, ...given } = asObject(call.input[field]);
    merge(row, given);
    call.crm.changed();
    return {};
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
