import type { ExtraData } from '#delivery/port';
import { buildTermMatcher, type CacheOptions, makeError } from '#provider-kit';
import type { Apiship, ApishipMethod } from './apiship.api.js';
import { FIELD } from './apiship.manifest.js';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { listOffered } from './carriers.js';

/** A stored service. */
export interface CarrierService {
  /** Begins with the carrier's key: `cdek.PartialDelivery`. */
  code: string;
  name: string;
  hint?: string;
  /** It is ordered or not. Others need a value. */
  isSwitch: boolean;
}

/** A parameter of an order: ApiShip takes a list there, and a map in its calculator. */
export interface ExtraParam {
  key: string;
  value: string;
}

const KEPT: CacheOptions = { ttlSeconds: 86_400, scope: 'provider' };
const MOST_ITEMS = 50;
/** The value of an ordered switch. */
const ON = 'true';

/** The ordered services of a carrier: the services of the settings, then the one chosen in the CRM. */
export function listExtraParams(carrier: string, extraData: ExtraData, { settings }: ApishipContext): ExtraParam[] {
  const chosen = extraData[FIELD.service];
  const always = settings.services.map(({ code, value }) => ({ key: code, value: value || ON }));
  const own = typeof chosen === 'string' && !always.some(({ key }) => key === chosen) ? [{ key: chosen, value: ON }] : [];
  return [...always, ...own].filter(({ key }) => key.startsWith(`${carrier}.`) && /^[\w.-]{1,100}$/.test(key));
}

/** The services of a carrier. Throws ProviderError. */
async function readServices(api: Apiship, carrier: string, context: ApishipContext): Promise<CarrierService[]> {
  const key = `${api.identifyContour(context)} services ${carrier}`;
  return context.cache.fetch(key, KEPT, async () => {
    const { rows } = await api.services(context, { query: { providerKey: carrier } });
    return rows.map(({ extraParamName, name, valueType, description }) => ({
      code: extraParamName,
      name: name || extraParamName,
      ...(description && { hint: description }),
      isSwitch: valueType === undefined || /^bool/i.test(valueType),
    }));
  });
}

/** Services of the carriers on offer that match a term, at most 50. Throws ProviderError. */
export async function searchServices(api: Apiship, term: string, context: ApishipContext): Promise<CarrierService[]> {
  const matches = buildTermMatcher(term);
  const lists = await Promise.all((await listOffered(api, context)).map((carrier) => readServices(api, carrier, context)));
  return lists
    .flat()
    .filter(({ code, name, hint }) => matches([code, name, hint]))
    .slice(0, MOST_ITEMS);
}

/** Suggestions for the data field `service`. Throws ProviderError, `invalid` for another field. */
export const suggestServices: ApishipMethod<'autocomplete'> = async (api, field, term, context) => {
  if (field !== FIELD.service) throw makeError('invalid', texts.servicesOnly);
  const found = await searchServices(api, term, context);
  return found.filter(({ isSwitch }) => isSwitch).map(({ code, name }) => ({ value: code, label: `${name} (${code})` }));
};
