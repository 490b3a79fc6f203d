import { type LookupItem, makeLookUp, say } from '#provider-kit';
import type { Apiship } from './apiship.api.js';
import { LOOKUP } from './apiship.settings.js';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { listConnections, listOffered, readCarrierNames } from './carriers.js';
import { findOrigin } from './parties.js';
import { readPoints } from './points.js';
import { searchServices } from './services.js';
import { nameTariff, readTariffs } from './tariffs.js';

/** Finds values for the settings page. */
export const lookUp = makeLookUp<Apiship, ApishipContext>({
  [LOOKUP.carriers]: { list: listCarriers },
  [LOOKUP.connections]: { list: listContracts },
  [LOOKUP.points]: { list: listPoints },
  [LOOKUP.tariffs]: { list: listTariffs },
  [LOOKUP.services]: { search: findServices },
});

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

async function findServices(api: Apiship, term: string, context: ApishipContext): Promise<LookupItem[]> {
  const found = await searchServices(api, term, context);
  return found.map(({ code, name, hint }) => ({ value: code, label: name, hint: [code, hint].filter(Boolean).join(', ') }));
}
