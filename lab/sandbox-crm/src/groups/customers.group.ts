import { CustomersContragentType } from '#crm-client/wire';
import { ApiError, invalid, notFound } from '../engine/api-error.js';
import type { Call, Handler, Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type { FilterRules } from './filters.js';
import { answerHistory, fixExternalIds, list, logChanges, merge, omit, recordById, recordByPath, readSite } from './records.js';

/** Filters that customers of both kinds share. */
export const CUSTOMER_FILTER: FilterRules = {
  name: '~lastName firstName patronymic nickName phones.*.number',
  email: '~email',
  city: '~address.city addresses.*.city',
  region: '~address.region addresses.*.region',
  countries: 'address.countryIso addresses.*.countryIso',
  tags: 'tags.*.name',
  contragentTypes: 'contragent.contragentType companies.*.contragent.contragentType',
  contragentName: '~contragent.legalName companies.*.contragent.legalName',
  contragentInn: 'contragent.INN companies.*.contragent.INN',
  dateFrom: 'createdAt',
  dateTo: 'createdAt',
  nickName: '~nickName',
  companyName: '~companies.*.name',
  contactIds: 'customerContacts.*.customer.id',
};

const COLLECTION = 'customers';
const HISTORY = 'customerHistory';

/** `customers/*`. */
export function customerHandlers(): Handlers {
  return {
    'customers.list': list(CUSTOMER_FILTER, { newestFirst: true }),
    'customers.create': (call) => ({ id: createCustomer(call, asObject(call.input['customer']), readSite(call))['id'] }),
    'customers.get': (call) => ({ customer: recordByPath(call, COLLECTION) }),
    'customers.edit': (call) => {
      const customer = recordByPath(call, COLLECTION);
      const before = copy(customer);
      const { id: _id, ...given } = asObject(call.input['customer']);
      checkCustomer(call.crm, given, 'customer');
      merge(customer, plain(given));
      changeTags(customer, given);
      call.crm.changed();
      logChanges(call, HISTORY, before, customer, { customer: customerReference(customer) });
      return { id: customer['id'], state: 'updated' };
    },
    'customers.upload': (call) => uploadRecords(call, 'customers', 'Customers', (given) => createCustomer(call, given, readSite(call))),
    'customers.fixExternalIds': (call) => fixExternalIds(call, COLLECTION, 'customers'),
    'customers.history': (call) => answerHistory(call, HISTORY, 'customer'),
    'customers.combine': (call) => combine(call, COLLECTION, HISTORY),
    'customers.subscriptions': (call) => {
      const customer = recordByPath(call, COLLECTION);
      const known = asObjects(customer['customerSubscriptions']);
      for (const given of asObjects(call.input['subscriptions'])) {
        const channel = asText(given['channel']);
        if (channel === undefined) throw invalid({ 'subscriptions.channel': 'is required' });
        const code = asText(given['subscription']) ?? 'marketing';
        const same = known.find(
          (one) => asObject(one['subscription'])['channel'] === channel && asObject(one['subscription'])['code'] === code,
        );
        const state = { subscribed: given['active'] !== false, changedAt: call.crm.now() };
        if (same) Object.assign(same, state);
        else
          known.push({
            subscription: {
              id: call.crm.nextId('subscriptions'),
              channel,
              name: code,
              code,
              active: true,
              autoSubscribe: false,
              ordering: 10,
            },
            ...state,
          });
      }
      customer['customerSubscriptions'] = known;
      customer['subscribed'] = known.some((one) => one['subscribed'] === true);
      call.crm.changed();
      return {};
    },
    'customers.notes': listNotes('customerNotes'),
    'customers.notesCreate': (call) => createNote(call, 'customerNotes', COLLECTION),
    'customers.notesDelete': (call) => deleteNote(call, 'customerNotes'),
  };
}

/**
 * Creates records one by one. Reports failures by external id and partial success by status.
 * @param what the end of the reply's fields
 */
export function uploadRecords(
  call: Call,
  field: string,
  what: 'Customers' | 'Orders',
  create: (given: JsonObject) => JsonObject,
): JsonObject {
  const uploaded: Json[] = [];
  const failed: Json[] = [];
  const errors: Json[] = [];
  for (const given of asObjects(call.input[field])) {
    try {
      const made = create(given);
      uploaded.push({ id: made['id'] ?? null, externalId: made['externalId'] });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.push({ externalId: given['externalId'] });
      errors.push([error.message, ...Object.entries(error.errors ?? {}).map(([name, text]) => `${name}: ${text}`)].join('; '));
    }
  }
  if (failed.length === 0) return { [`uploaded${what}`]: uploaded };
  return { success: false, errorMsg: `${what} are loaded with errors`, [`uploaded${what}`]: uploaded, [`failed${what}`]: failed, errors };
}

/** Merges records into one, which takes over missing values. Deletes the others and adds a history entry. */
export function combine(call: Call, collection: string, history: string): JsonObject {
  const result = call.crm.find(collection, 'id', asText(asObject(call.input['resultCustomer'])['id']));
  if (!result) throw invalid({ 'resultCustomer.id': 'is not known' });
  const others = asObjects(call.input['customers']).map((reference, index) => {
    const row = call.crm.find(collection, 'id', asText(reference['id']));
    if (!row) throw invalid({ [`customers[${index}].id`]: 'is not known' });
    return row;
  });
  for (const row of others) {
    if (row === result) continue;
    for (const [name, value] of Object.entries(row)) if (result[name] === undefined && name !== 'externalId') result[name] = value;
    const numbers = new Set(asObjects(result['phones']).map((phone) => asText(phone['number'])));
    const phones = asObjects(row['phones']).filter((phone) => !numbers.has(asText(phone['number'])));
    if (phones.length > 0) result['phones'] = [...asList(result['phones']), ...phones];
    for (const order of call.crm.rows('orders'))
      if (asObject(order['customer'])['id'] === row['id'] && asObject(order['customer'])['type'] === row['type'])
        order['customer'] = { id: result['id'], type: result['type'] };
    call.crm.log(
      history,
      {
        field: 'combined',
        deleted: true,
        oldValue: null,
        newValue: null,
        customer: customerReference(row),
        combinedTo: customerReference(result),
      },
      call.key.key,
    );
    call.crm.remove(collection, row);
  }
  return {};
}

/** Lists notes that match the filter. */
export function listNotes(collection: string): Handler {
  return list({ text: '~text' }, { from: collection, newestFirst: true });
}

/** Creates a note of 1 to 2000 characters about a customer. */
export function createNote(call: Call, collection: string, customers: string): JsonObject {
  const note = asObject(call.input['note']);
  const text = asText(note['text']) ?? '';
  if (text.length < 1 || text.length > 2000) throw invalid({ 'note.text': 'must have 1 to 2000 characters' });
  const reference = asObject(note['customer']);
  const customer =
    call.crm.find(customers, 'id', asText(reference['id'])) ?? call.crm.find(customers, 'externalId', asText(reference['externalId']));
  if (!customer) throw invalid({ 'note.customer': 'is not known' });
  const made = call.crm.insert(collection, {
    text,
    createdAt: call.crm.now(),
    managerId: asNumber(note['managerId']) ?? 1,
    customer: customerReference(customer),
  });
  return { id: made['id'] };
}

/** Deletes a note. */
export function deleteNote(call: Call, collection: string): JsonObject {
  call.crm.remove(collection, recordById(call, collection));
  return {};
}

/** Returns the fields that identify a customer. */
export function customerReference(customer: JsonObject): JsonObject {
  return pick(customer, ['type', 'id', 'externalId', 'site']);
}

/** Throws `ApiError` 400 for values of a customer that the API does not accept. */
export function checkCustomer(crm: AccountContext, given: JsonObject, path: string): void {
  const errors: { [field: string]: string } = {};
  const contragent = asText(asObject(given['contragent'])['contragentType']);
  if (contragent !== undefined && !(CustomersContragentType as readonly string[]).includes(contragent))
    errors[`${path}.contragent.contragentType`] = `must be one of ${CustomersContragentType.join(', ')}`;
  const email = asText(given['email']);
  if (email !== undefined && !/^\S+@\S+$/.test(email)) errors[`${path}.email`] = 'is not an e-mail address';
  const manager = asText(given['managerId']);
  if (manager !== undefined && !crm.find('users', 'id', manager)) errors[`${path}.managerId`] = 'is not a user of the account';
  if (Object.keys(errors).length > 0) throw invalid(errors);
}

/** Returns the fields of a new customer of a site, who may be a company. */
export function newCustomer(crm: AccountContext, site: string, isCorporate = false): JsonObject {
  return {
    type: isCorporate ? 'customer_corporate' : 'customer',
    ...(isCorporate ? {} : { isContact: false, contragent: { contragentType: 'individual' }, segments: [] }),
    createdAt: crm.now(),
    vip: false,
    bad: false,
    site,
    tags: [],
    marginSumm: 0,
    totalSumm: 0,
    averageSumm: 0,
    ordersCount: 0,
    costSumm: 0,
    customFields: {},
    personalDiscount: 0,
    cumulativeDiscount: 0,
  };
}

function createCustomer(call: Call, given: JsonObject, site: string): JsonObject {
  checkCustomer(call.crm, given, 'customer');
  const externalId = asText(given['externalId']);
  if (externalId !== undefined && call.crm.rows(COLLECTION).some((row) => row['externalId'] === externalId && row['site'] === site)) {
    throw new ApiError(400, 'Customer already exists.', { externalId: 'is taken' });
  }
  const { id: _id, ...fields } = plain(given);
  const address = asObject(fields['address']);
  const customer = call.crm.insert(COLLECTION, {
    ...newCustomer(call.crm, site),
    ...copy(fields),
    ...(Object.keys(address).length > 0 ? { address: { ...copy(address), id: call.crm.nextId('addresses') } } : {}),
  });
  changeTags(customer, given);
  call.crm.log(HISTORY, { created: true, field: 'id', oldValue: null, newValue: customer['id'], customer: copy(customer) }, call.key.key);
  return customer;
}

/** Removes the fields that are instructions rather than data. */
function plain(given: JsonObject): JsonObject {
  return omit(given, ['addTags', 'removeTags', 'attachedTag']);
}

/** Adds and removes tags by their names. */
export function changeTags(customer: JsonObject, given: JsonObject): void {
  const removed = new Set(asList(given['removeTags']).map(String));
  const tags = asObjects(customer['tags']).filter((tag) => !removed.has(asText(tag['name']) ?? ''));
  for (const name of asList(given['addTags']).map(String))
    if (!tags.some((tag) => tag['name'] === name)) tags.push({ name, color: '#4191ff', attached: false });
  const attached = asText(given['attachedTag']);
  if (attached !== undefined) for (const tag of tags) tag['attached'] = tag['name'] === attached;
  customer['tags'] = tags;
}

/** Returns the customer of a path part by `by`. Throws 404 if there is none. */
export function customerAt(call: Call, collection: string, value: string, by: Json | undefined): JsonObject {
  const row = call.crm.find(collection, by === 'id' ? 'id' : 'externalId', value);
  if (!row) throw notFound();
  return row;
}
