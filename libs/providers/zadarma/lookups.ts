import { type LookupItem, makeLookUp } from '#provider-kit';
import type { Zadarma } from './zadarma.api.js';
import { LOOKUP, type ZadarmaContext } from './zadarma.settings.js';

/** Each key press makes a request. */
const KEPT = { ttlSeconds: 60 };

/** Finds values for the settings page. */
export const lookUp = makeLookUp<Zadarma, ZadarmaContext>({
  [LOOKUP.extensions]: { list: keep(LOOKUP.extensions, listExtensions) },
  [LOOKUP.numbers]: { list: keep(LOOKUP.numbers, listNumbers) },
});

type List = (api: Zadarma, context: ZadarmaContext) => Promise<LookupItem[]>;

function keep(name: string, list: List): List {
  return (api, context) => context.cache.fetch(`${name}/${api.identify(context)}`, KEPT, () => list(api, context));
}

async function listExtensions(api: Zadarma, context: ZadarmaContext): Promise<LookupItem[]> {
  const { numbers = [] } = await api.pbx(context);
  return numbers.map((value) => ({ value, label: value }));
}

async function listNumbers(api: Zadarma, context: ZadarmaContext): Promise<LookupItem[]> {
  const { info = [] } = await api.numbers(context);
  return info.flatMap(({ number: value, number_name: hint }) => (value ? [{ value, label: value, ...(hint && { hint }) }] : []));
}
