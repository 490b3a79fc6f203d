import { CustomFieldType } from '#crm-client/wire';
import { invalid, notFound } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type JsonObject, asText } from '../json.js';
import { type Resource, keep, list } from './records.js';

/** The entities that can have custom fields, from the contract's notes. */
const ENTITIES = ['order', 'customer', 'customer_corporate', 'company', 'loyalty_account'];

const FIELD: Resource = {
  collection: 'customFields',
  field: 'customField',
  coded: true,
  fixed: ['entity', 'type', 'code', 'dictionary'],
  defaults: () => ({ required: false, inFilter: true, inList: true, inGroupActions: false, ordering: 50, viewMode: 'editable' }),
  read: (call, given, isNew) => (isNew ? readField(call, given) : given),
  find: fieldAt,
};

const DICTIONARY: Resource = {
  collection: 'customDictionaries',
  field: 'customDictionary',
  coded: true,
  fixed: ['code'],
  defaults: () => ({ elements: [] }),
  read: (call, given, isNew) => {
    if (isNew && call.crm.find('customDictionaries', 'code', readCode(given, 'customDictionary')))
      throw invalid({ 'customDictionary.code': 'is there already' });
    return given;
  },
  find: dictionaryAt,
};

/** `custom-fields/*`: fields by entity and code, and their dictionaries. */
export function customFieldHandlers(): Handlers {
  const [fields, dictionaries] = [keep(FIELD), keep(DICTIONARY)];
  const rules = { name: '~name', code: '~code' };
  return {
    'customFields.list': list(rules),
    'customFields.get': (call) => ({ customField: fieldAt(call) }),
    'customFields.create': fields.create,
    'customFields.edit': fields.edit,
    'customFields.dictionaries': list(rules),
    'customFields.dictionariesGet': (call) => ({ customDictionary: dictionaryAt(call) }),
    'customFields.dictionariesCreate': dictionaries.create,
    'customFields.dictionariesEdit': dictionaries.edit,
  };
}

function readField(call: Call, given: JsonObject): JsonObject {
  const entity = readEntity(call);
  const code = readCode(given, 'customField');
  if (call.crm.rows('customFields').some((row) => row['entity'] === entity && row['code'] === code))
    throw invalid({ 'customField.code': 'is there already' });
  if (!(CustomFieldType as readonly string[]).includes(String(given['type'])))
    throw invalid({ 'customField.type': `must be one of ${CustomFieldType.join(', ')}` });
  if (given['type'] === 'dictionary' && !call.crm.find('customDictionaries', 'code', asText(given['dictionary'])))
    throw invalid({ 'customField.dictionary': 'must be the code of a dictionary' });
  return { ...given, entity };
}

function readEntity(call: Call): string {
  const entity = call.path['entity'] ?? '';
  if (!ENTITIES.includes(entity)) throw invalid({ entity: `must be one of ${ENTITIES.join(', ')}` });
  return entity;
}

function fieldAt(call: Call): JsonObject {
  const entity = readEntity(call);
  const field = call.crm.rows('customFields').find((row) => row['entity'] === entity && row['code'] === call.path['code']);
  if (!field) throw notFound();
  return field;
}

function dictionaryAt(call: Call): JsonObject {
  const dictionary = call.crm.find('customDictionaries', 'code', call.path['code']);
  if (!dictionary) throw notFound();
  return dictionary;
}

function readCode(given: JsonObject, path: string): string {
  const code = asText(given['code']);
  if (code === undefined || !/^\w{1,255}$/.test(code)) throw invalid({ [`${path}.code`]: 'must be letters, digits and _' });
  if (asText(given['name']) === undefined) throw invalid({ [`${path}.name`]: 'is required' });
  return code;
}
