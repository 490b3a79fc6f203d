import { listFields } from '#crm-client/wire';
import { ApiError, invalid, notFound } from '../engine/api-error.js';
import type { Call, Handler } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asText, copy, isObject, pick } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import { type FilterRules, applyFilter } from './filters.js';

/** How a method lists records. Default: the records of the collection named like the list of its reply. */
export interface ListOptions {
  /** Another collection, or the records of the call. */
  readonly from?: string | ((call: Call) => readonly JsonObject[]);
  readonly newestFirst?: boolean;
  /** Shows a record in the API's format. */
  readonly show?: (row: JsonObject, crm: AccountContext) => JsonObject;
}

/** Returns the behavior of a paged list: the records that match the filter, by the contract. */
export function list(rules: FilterRules = {}, { from, newestFirst = false, show = (row) => row }: ListOptions = {}): Handler {
  return (call) => {
    const field = call.method.paging?.list ?? '';
    const rows = typeof from === 'function' ? from(call) : call.crm.rows(from ?? field);
    const found = applyFilter(call, rows, rules);
    const page = paginate(newestFirst ? found.reverse() : found, call.input);
    return { [field]: page.rows.map((row) => show(row, call.crm)), pagination: page.pagination };
  };
}

/** Records that methods create, edit and delete one by one. */
export interface Resource {
  readonly collection: string;
  /** The request's field with the record, and the history's field with its subject. */
  readonly field: string;
  /** Fields without which no record is created. */
  readonly required?: readonly string[];
  /** Fields that only the first call sets. */
  readonly fixed?: readonly string[];
  /** The values of a new record's other fields. */
  readonly defaults?: (call: Call) => JsonObject;
  /** Converts and checks the fields of a call. Throws `ApiError` 400. */
  readonly read?: (call: Call, given: JsonObject, isNew: boolean) => JsonObject;
  /** Finds the record of the path. Default: by `id`. Throws `ApiError` 404. */
  readonly find?: (call: Call) => JsonObject;
  /** Runs before the change is written to the history. */
  readonly afterEdit?: (call: Call, row: JsonObject, before: JsonObject) => void;
  /** Collection of the history, and the field of the entry about a new record. */
  readonly history?: readonly [collection: string, createdField: string];
  /** Identified by `code` instead of an id. */
  readonly coded?: boolean;
}

/** Returns the methods that create, edit and delete a resource. Replies have the fields of the contract. */
export function keep(resource: Resource): { readonly create: Handler; readonly edit: Handler; readonly remove: Handler } {
  const { collection, field, history, find = (call): JsonObject => recordById(call, collection) } = resource;
  const log = (call: Call, entry: JsonObject): void => {
    if (history) call.crm.log(history[0], entry, call.key.key);
  };
  return {
    create: (call) => {
      const row = createRecord(call, resource, asObject(call.input[field]));
      const [, createdField = 'id'] = history ?? [];
      log(call, { created: true, field: createdField, oldValue: null, newValue: row[createdField], [field]: copy(row) });
      return reply(call, row);
    },
    edit: (call) => {
      const row = find(call);
      const before = copy(row);
      merge(
        row,
        omit(resource.read?.(call, asObject(call.input[field]), false) ?? asObject(call.input[field]), ['id', ...(resource.fixed ?? [])]),
      );
      resource.afterEdit?.(call, row, before);
      call.crm.changed();
      if (history) logChanges(call, history[0], before, row, { [field]: { id: row['id'] } });
      return reply(call, row);
    },
    remove: (call) => {
      const row = find(call);
      call.crm.remove(collection, row);
      log(call, { deleted: true, field: 'id', oldValue: row['id'], newValue: null, [field]: { id: row['id'] } });
      return {};
    },
  };
}

/** Creates a record with its defaults. Throws `ApiError` 400 for a missing field. */
export function createRecord(call: Call, resource: Resource, given: JsonObject, path = resource.field): JsonObject {
  needFields(given, path, resource.required ?? []);
  const fields = { ...resource.defaults?.(call), ...omit(copy(resource.read?.(call, given, true) ?? given), ['id']) };
  if (resource.coded !== true) return call.crm.insert(resource.collection, fields);
  call.crm.rows(resource.collection).push(fields);
  call.crm.changed();
  return fields;
}

/** Throws `ApiError` 400 that lists the missing fields. */
export function needFields(given: JsonObject, path: string, fields: readonly string[]): void {
  const lacking = fields.filter((field) => asText(given[field]) === undefined);
  if (lacking.length > 0) throw invalid(Object.fromEntries(lacking.map((field) => [`${path}.${field}`, 'is required'])));
}

/** Returns the object without these fields. */
export function omit(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)));
}

/** The fields of the record that the method's reply has. */
function reply(call: Call, row: JsonObject): JsonObject {
  return pick(row, [...listFields(call.method.response).keys()]);
}

/**
 * Returns the record of a path: by external id, or by id with `by=id`. If the method has a site, the
 * external id is unique within it. Throws `ApiError` 404 if there is none, 400 for another `by`.
 */
export function recordByPath(call: Call, collection: string, part = 'identifier', by: Json | undefined = call.input['by']): JsonObject {
  const row = findRecord(call.crm, collection, call.path[part] ?? '', by, asText(call.input['site']));
  if (!row) throw notFound();
  return row;
}

/** Returns the record with this id (`by` is `id`), otherwise external id (within the site, if given). */
export function findRecord(
  crm: AccountContext,
  collection: string,
  value: string,
  by: Json | undefined,
  site?: string,
): JsonObject | undefined {
  if (by !== undefined && by !== 'id' && by !== 'externalId') throw invalid({ by: 'must be id or externalId' });
  if (by === 'id') return crm.find(collection, 'id', value);
  return crm
    .rows(collection)
    .find((row) => asText(row['externalId']) === value && (site === undefined || row['site'] === undefined || row['site'] === site));
}

/** Returns the record of a nested reference (`{id}`, `{externalId}` or `{number}`), if it is known. */
export function findReferenced(crm: AccountContext, collection: string, reference: Json | undefined): JsonObject | undefined {
  const object = asObject(reference);
  return (
    crm.find(collection, 'id', asText(object['id'])) ??
    crm.find(collection, 'externalId', asText(object['externalId'])) ??
    crm.find(collection, 'number', asText(object['number']))
  );
}

/** Returns the record with the id of the path. Throws `ApiError` 404. */
export function recordById(call: Call, collection: string, part = 'id'): JsonObject {
  const row = call.crm.find(collection, 'id', call.path[part]);
  if (!row) throw notFound();
  return row;
}

/** Merges fields into a record: objects are merged, all other values are replaced. */
export function merge(target: JsonObject, fields: JsonObject): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const old = target[name];
    if (isObject(value) && isObject(old)) merge(old, value);
    else target[name] = copy(value);
  }
}

/**
 * Writes a history entry for each changed field, objects by inner fields (`delivery.address`:
 * `delivery_address`).
 */
export function logChanges(
  call: Call,
  collection: string,
  before: JsonObject,
  after: JsonObject,
  subject: JsonObject,
  fields: ReadonlySet<string> = new Set(Object.keys(after)),
): void {
  for (const field of fields) {
    const oldValue = before[field] ?? null;
    const newValue = after[field] ?? null;
    if (JSON.stringify(oldValue) !== JSON.stringify(newValue))
      call.crm.log(collection, { ...subject, field: snake(field), oldValue, newValue }, call.key.key);
  }
}

/** Returns a field's name in the history: `status_comment` for `statusComment`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Replies to a history method: entries after `filter.sinceId`, by time and subject, oldest first, paged. */
export function answerHistory(call: Call, collection: string, subject: string): JsonObject {
  const filter = asObject(call.input['filter']);
  const sinceId = asNumber(filter['sinceId']);
  const start = call.crm.millis(asText(filter['startDate']));
  const end = call.crm.millis(asText(filter['endDate']));
  const id = asNumber(filter[`${subject}Id`]);
  const externalId = asText(filter[`${subject}ExternalId`]);
  const entries = call.crm.rows(collection).filter((entry) => {
    const time = call.crm.millis(asText(entry['createdAt'])) ?? 0;
    const about = asObject(entry[subject]);
    return (
      (sinceId === undefined || (asNumber(entry['id']) ?? 0) > sinceId) &&
      (start === undefined || time >= start) &&
      (end === undefined || time <= end) &&
      (id === undefined || asNumber(about['id']) === id) &&
      (externalId === undefined || asText(about['externalId']) === externalId)
    );
  });
  const page = paginate(entries, call.input);
  return {
    generatedAt: call.crm.now(),
    history: page.rows.map(({ key, ...entry }) => (key === undefined ? entry : { ...entry, apiKey: { current: key === call.key.key } })),
    pagination: page.pagination,
  };
}

/** Stores external ids by internal ids. Throws `ApiError` 400 that lists unknown ids. */
export function fixExternalIds(call: Call, collection: string, field: string): JsonObject {
  const rows = asList(call.input[field]).map(asObject);
  const errors: { [field: string]: string } = {};
  const found = rows.map((row, index) => {
    const record = call.crm.find(collection, 'id', asText(row['id']));
    if (!record) errors[`${field}[${index}].id`] = `${String(row['id'])} is not known`;
    return record;
  });
  if (Object.keys(errors).length > 0) throw invalid(errors);
  found.forEach((record, index) => {
    if (record) record['externalId'] = asText(rows[index]?.['externalId']);
  });
  call.crm.changed();
  return {};
}

/** Returns the site's code (the first site's by default). Throws `ApiError` 400 for an unknown one. */
export function readSite(call: Call): string {
  const code = asText(call.input['site']);
  const sites = call.crm.rows('sites');
  if (code === undefined) return asText(sites[0]?.['code']) ?? '';
  if (!sites.some((site) => site['code'] === code))
    throw new ApiError(400, `Parameter 'site' is wrong: the account has no site "${code}"`, { site: 'is not known' });
  return code;
}

/** Throws `ApiError` 400 with a message for each field whose code is not in the account's reference list. */
export function checkCodes(crm: AccountContext, record: JsonObject, path: string, lists: { readonly [field: string]: string }): void {
  const errors: { [field: string]: string } = {};
  for (const [field, collection] of Object.entries(lists)) {
    const code = asText(record[field]);
    if (code !== undefined && !crm.find(collection, 'code', code))
      errors[`${path}.${field}`] = `"${code}" is not in the account's ${collection}`;
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
}
