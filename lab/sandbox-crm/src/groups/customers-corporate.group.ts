import { ApiError, invalid, notFound } from '../engine/api-error.js';
import type { Call, Handler, Handlers } from '../engine/call.js';
import { type JsonObject, asObject, asObjects, asText, copy, pick } from '../json.js';
import {
  CUSTOMER_FILTER,
  checkCustomer,
  combine,
  createNote,
  customerReference,
  deleteNote,
  listNotes,
  newCustomer,
  uploadRecords,
} from './customers.group.js';
import type { FilterRules } from './filters.js';
import { answerHistory, findReferenced, fixExternalIds, list, logChanges, merge, recordByPath, readSite } from './records.js';

const COLLECTION = 'customersCorporate';
const HISTORY = 'customerCorporateHistory';

/** A part of a corporate customer: its list, the API's field for it and its filters. */
interface Part {
  readonly list: 'addresses' | 'companies' | 'customerContacts';
  readonly field: 'address' | 'company' | 'contact';
  readonly filter: FilterRules;
  /** Sequence of its ids. */
  readonly ids: string;
}

const ADDRESS: Part = {
  list: 'addresses',
  field: 'address',
  ids: 'addresses',
  filter: { name: '~name', city: '~city', region: '~region' },
};
const COMPANY: Part = { list: 'companies', field: 'company', ids: 'companies', filter: {} };
const CONTACT: Part = {
  list: 'customerContacts',
  field: 'contact',
  ids: 'contacts',
  filter: { contactIds: 'customer.id', contactExternalIds: 'customer.externalId' },
};

/** `customers-corporate/*`. */
export function corporateHandlers(): Handlers {
  return {
    'customersCorporate.list': list(CUSTOMER_FILTER, { newestFirst: true, show }),
    'customersCorporate.create': (call) => ({ id: create(call, asObject(call.input['customerCorporate']), readSite(call))['id'] }),
    'customersCorporate.get': (call) => ({ customerCorporate: show(recordByPath(call, COLLECTION)) }),
    'customersCorporate.edit': (call) => {
      const customer = recordByPath(call, COLLECTION);
      const before = copy(customer);
      const {
        id: _id,
        addresses: _addresses,
        companies: _companies,
        customerContacts: _contacts,
        ...given
      } = asObject(call.input['customerCorporate']);
      checkCustomer(call.crm, given, 'customerCorporate');
      merge(customer, given);
      call.crm.changed();
      logChanges(call, HISTORY, before, customer, { customer: customerReference(customer) });
      return { id: customer['id'], state: 'updated' };
    },
    'customersCorporate.upload': (call) =>
      uploadRecords(call, 'customersCorporate', 'Customers', (given) => create(call, given, readSite(call))),
    'customersCorporate.fixExternalIds': (call) => fixExternalIds(call, COLLECTION, 'customersCorporate'),
    'customersCorporate.history': (call) => answerHistory(call, HISTORY, 'customer'),
    'customersCorporate.combine': (call) => combine(call, COLLECTION, HISTORY),
    'customersCorporate.notes': listNotes('customerCorporateNotes'),
    'customersCorporate.notesCreate': (call) => createNote(call, 'customerCorporateNotes', COLLECTION),
    'customersCorporate.notesDelete': (call) => deleteNote(call, 'customerCorporateNotes'),
    'customersCorporate.addresses': listPart(ADDRESS),
    'customersCorporate.addressesCreate': createPart(ADDRESS),
    'customersCorporate.addressesEdit': editPart(ADDRESS, 'addressId'),
    'customersCorporate.companies': listPart(COMPANY),
    'customersCorporate.companiesCreate': createPart(COMPANY),
    'customersCorporate.companiesEdit': editPart(COMPANY, 'companyId'),
    'customersCorporate.contacts': listPart(CONTACT),
    'customersCorporate.contactsCreate': createPart(CONTACT),
    'customersCorporate.contactsEdit': editPart(CONTACT, 'contactId'),
  };
}

function create(call: Call, given: JsonObject, site: string): JsonObject {
  checkCustomer(call.crm, given, 'customerCorporate');
  if (asText(given['nickName']) === undefined) throw invalid({ 'customerCorporate.nickName': 'is required' });
  const externalId = asText(given['externalId']);
  if (externalId !== undefined && call.crm.rows(COLLECTION).some((row) => row['externalId'] === externalId && row['site'] === site)) {
    throw new ApiError(400, 'Customer already exists.', { externalId: 'is taken' });
  }
  const { id: _id, addresses, companies, customerContacts, ...fields } = given;
  const customer = call.crm.insert(COLLECTION, {
    ...newCustomer(call.crm, site, true),
    ...copy(fields),
    addresses: [],
    companies: [],
    customerContacts: [],
  });
  for (const [part, list] of [
    [ADDRESS, addresses],
    [COMPANY, companies],
    [CONTACT, customerContacts],
  ] as const) {
    for (const one of asObjects(list)) addPart(call, customer, part, one);
  }
  call.crm.log(HISTORY, { created: true, field: 'id', oldValue: null, newValue: customer['id'], customer: show(customer) }, call.key.key);
  return customer;
}

function show(customer: JsonObject): JsonObject {
  const { addresses, companies, customerContacts, ...shown } = copy(customer);
  const main = (list: JsonObject[]): JsonObject | undefined => list.find((one) => one['isMain'] === true) ?? list[0];
  const address = main(asObjects(addresses));
  const company = main(asObjects(companies));
  const contact = main(asObjects(customerContacts));
  return {
    ...shown,
    ...(address ? { mainAddress: named(address) } : {}),
    ...(company ? { mainCompany: named(company) } : {}),
    ...(contact ? { mainCustomerContact: contact } : {}),
  };
}

function named(part: JsonObject): JsonObject {
  return pick(part, ['id', 'externalId', 'name']);
}

function listPart(part: Part): Handler {
  return list(part.filter, { from: (call) => asObjects(recordByPath(call, COLLECTION)[part.list]) });
}

function createPart(part: Part): Handler {
  return (call) => ({ id: addPart(call, recordByPath(call, COLLECTION), part, asObject(call.input[part.field]))['id'] });
}

function editPart(part: Part, pathPart: string): Handler {
  return (call) => {
    const customer = recordByPath(call, COLLECTION, 'customerId');
    const value = call.path[pathPart] ?? '';
    const byId = call.input['entityBy'] === 'id';
    const list = asObjects(customer[part.list]);
    // The external id of a contact person is the customer's external id.
    const row = list.find(
      (one) => (byId ? asText(one['id']) : (asText(one['externalId']) ?? asText(asObject(one['customer'])['externalId']))) === value,
    );
    if (!row) throw notFound();
    const { id: _id, ...given } = resolve(call, part, asObject(call.input[part.field]));
    merge(row, given);
    keepOneMain(list, row);
    call.crm.changed();
    return { id: row['id'] };
  };
}

function addPart(call: Call, customer: JsonObject, part: Part, given: JsonObject): JsonObject {
  if (part === COMPANY && asText(given['name']) === undefined) throw invalid({ 'company.name': 'is required' });
  const list = asObjects(customer[part.list]);
  const defaults: JsonObject = part === COMPANY ? { active: true, createdAt: call.crm.now() } : {};
  const added: JsonObject = { isMain: list.length === 0, ...defaults, ...copy(resolve(call, part, given)), id: call.crm.nextId(part.ids) };
  list.push(added);
  keepOneMain(list, added);
  customer[part.list] = list;
  call.crm.changed();
  return added;
}

/** Replaces references by ids: the customer and companies of a contact person, the address of a company. */
function resolve(call: Call, part: Part, given: JsonObject): JsonObject {
  if (part !== CONTACT || given['customer'] === undefined) return given;
  const reference = asObject(given['customer']);
  const customer =
    findReferenced(call.crm, 'customers', reference) ?? call.crm.find('customers', 'browserId', asText(reference['browserId']));
  if (!customer) throw invalid({ 'contact.customer': 'is not known' });
  customer['isContact'] = true;
  return { ...given, customer: toCustomerReference(customer) };
}

function toCustomerReference(customer: JsonObject): JsonObject {
  return pick(customer, ['id', 'externalId', 'browserId', 'site']);
}

function keepOneMain(list: readonly JsonObject[], chosen: JsonObject): void {
  if (chosen['isMain'] !== true) return;
  for (const one of list) if (one !== chosen) one['isMain'] = false;
}
