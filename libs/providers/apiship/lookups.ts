import { fillIn } from '#platform';
import { buildTermMatcher, type LookupItem, makeError, say } from '#provider-kit';
import type { Apiship } from './apiship.api.js';
import { LOOKUP } from './apiship.fields.js';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { listConnections, listOffered, readCarrierNames } from './carriers.js';
import { findOrigin } from './parties.js';
import { readPoints } from './points.js';
import { searchServices } from './services.js';
import { nameTariff, readTariffs } from './tariffs.js';

const MOST_ITEMS = 50;
const LONGEST_TERM = 100;

/** Finds values for the settings page. Throws ProviderError, `invalid` for a name that is not in LOOKUP. */
export async function lookUp(api: Apiship, name: string, term: string, context: ApishipContext): Promise<LookupItem[]> {
  const asked = term.trim().slice(0, LONGEST_TERM);
  const matches = buildTermMatcher(asked);
  const items = await listItems(api, name, asked, context);
  return items.filter(({ value, label, hint }) => matches([value, label, hint])).slice(0, MOST_ITEMS);
}

function listItems(api: Apiship, name: string, term: string, context: ApishipContext): Promise<LookupItem[]> {
  switch (name) {
    case LOOKUP.carriers:
      return listCarriers(api, context);
    case LOOKUP.connections:
      return listContracts(api, context);
    case LOOKUP.points:
      return listPoints(api, context);
    case LOOKUP.tariffs:
      return listTariffs(api, context);
    case LOOKUP.services:
      return listServices(api, term, context);
    default:
      throw makeError('invalid', fillIn(texts.noLookup, { name }));
  }
}

/** Lists the connected carriers, then all others. */
async function listCarriers(api: Apiship, context: ApishipContext): Promise<LookupItem[]> {
  const [names, connected] = await Promise.all([readCarrierNames(api, context), listConnections(api, context)]);
  const own = new Set(connected.map(({ carrier }) => carrier));
  const keys = [...new Set([...own, ...names.keys()])];
  return keys.map((value) => {
    const label = names.get(value) ?? value;
    return { value, label, hint: own.has(value) ? value : `${value}, ${say(texts.notConnected, context)}` };
  });
}

async function listContracts(api: Apiship, context: ApishipContext): Promise<LookupItem[]> {
  const [names, connected] = await Promise.all([readCarrierNames(api, context), listConnections(api, context)]);
  return connected.map(({ id, carrier, name }) => ({ value: id, label: name ?? id, hint: names.get(carrier) ?? carrier }));
}

/** Points of the carriers on offer that take parcels in, in the city that parcels leave from. */
async function listPoints(api: Apiship, context: ApishipContext): Promise<LookupItem[]> {
  const { city } = findOrigin(undefined, context);
  if (!city) return [];
  const carriers = await listOffered(api, context);
  const lists = await Promise.all(carriers.map((carrier) => readPoints(api, carrier, city, context)));
  return lists
    .flat()
    .filter(({ takesIn }) => takesIn)
    .map(({ id, carrier, code, name, address }) => ({ value: Number(id), label: `${carrier}, ${code}: ${name}`, hint: address }));
}

async function listTariffs(api: Apiship, context: ApishipContext): Promise<LookupItem[]> {
  const [names, tariffs] = await Promise.all([readCarrierNames(api, context), readTariffs(api, context)]);
  return tariffs.map(({ id, carrier, name }) => ({ value: id, label: nameTariff(carrier, name, names) }));
}

async function listServices(api: Apiship, term: string, context: ApishipContext): Promise<LookupItem[]> {
  const found = await searchServices(api, term, context);
  return found.map(({ code, name, hint }) => ({ value: code, label: name, hint: [code, hint].filter(Boolean).join(', ') }));
}
