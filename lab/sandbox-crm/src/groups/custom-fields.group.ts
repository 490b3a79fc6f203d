import { CustomFieldType } from '#crm-client/wire';
import { invalid, notFound } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { type JsonObject, asObject, asText, copy } from '../json.js';
import { type FilterRules, applyFilter } from './filters.js';
import { merge } from './records.js';

/** The entities that can have custom fields, from the contract's notes. */
const ENTITIES = ['order', 'customer', 'customer_corporate', 'company', 'loyalty_account'];

const FILTER: FilterRules = {
  name: ['contains', (row) => row['name']],
  code: ['contains', (row) => row['code']],
  type: ['in', (row) => row['type']],
  viewMode: ['in', (row) => row['viewMode']],
  displayArea: ['in', (row) => row['displayArea']],
  entity: ['equals', (row) => row['entity']],
  inFilter: ['equals', (row) => row['inFilter']],
};

/** `custom-fields/*`: fields by entity and code, and their dictionaries. */
export function customFieldHandlers(): Handlers {
  return {
    'customFields.list': (call) => {
      const page = paginate(applyFilter(call.crm, call.crm.rows('customFields'), asObject(call.input['filter']), FILTER), call.input);
      return { customFields: page.rows, pagination: page.pagination };
    },
    'customFields.get': (call) => ({ customField: fieldAt(call) }),
    'customFields.create': (call) => {
      const entity = readEntity(call);
      const given = asObject(call.input['customField']);
      const code = readCode(given, 'customField');
      if (call.crm.rows('customFields').some((row) => row['entity'] === entity && row['code'] === code))
        throw invalid({ 'customField.code': 'is there already' });
      if (!(CustomFieldType as readonly string[]).includes(String(given['type'])))
        throw invalid({ 'customField.type': `must be one of ${CustomFieldType.join(', ')}` });
      if (given['type'] === 'dictionary' && !call.crm.find('customDictionaries', 'code', asText(given['dictionary'])))
        throw invalid({ 'customField.dictionary': 'must be the code of a dictionary' });
      call.crm.rows('customFields').push({
        required: false,
        inFilter: true,
        inList: true,
        inGroupActions: false,
        ordering: 50,
        viewMode: 'editable',
        ...copy(given),
        entity,
      });
      call.crm.changed();
      return { code };
    },
    'customFields.edit': (call) => {
      const field = fieldAt(call);
      // Entity, type, code and dictionary cannot be changed after creation.
      const { entity: _entity, type: _type, code: _code, dictionary: _dictionary, ...given } = asObject(call.input['customField']);
      merge(field, given);
      call.crm.changed();
      return { code: field['code'] };
    },
    'customFields.dictionaries': (call) => {
      const page = paginate(applyFilter(call.crm, call.crm.rows('customDictionaries'), asObject(call.input['filter']), FILTER), call.input);
      return { customDictionaries: page.rows, pagination: page.pagination };
    },
    'customFields.dictionariesGet': (call) => ({ customDictionary: dictionaryAt(call) }),
    'customFields.dictionariesCreate': (call) => {
      const given = asObject(call.input['customDictionary']);
      const code = readCode(given, 'customDictionary');
      if (call.crm.find('customDictionaries', 'code', code)) throw invalid({ 'customDictionary.code': 'is there already' });
      call.crm.rows('customDictionaries').push({ elements: [], ...copy(given) });
      call.crm.changed();
      return { code };
    },
    'customFields.dictionariesEdit': (call) => {
      const dictionary = dictionaryAt(call);
      const { code: _code, ...given } = asObject(call.input['customDictionary']);
      merge(dictionary, given);
      call.crm.changed();
      return { code: dictionary['code'] };
    },
  };
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
