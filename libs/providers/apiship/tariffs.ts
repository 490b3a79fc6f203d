import type { CacheOptions } from '#provider-kit';
import type { Apiship, ApishipMethod } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';
import { chooseHandover, listOffered, readCarrierNames } from './carriers.js';
import { buildFilter, readList } from './lists.js';

/** A stored tariff. */
export interface CarrierTariff {
  id: number;
  carrier: string;
  name: string;
  pickupType?: number;
  deliveryType?: number;
}

/** The place where a parcel is handed out, and ApiShip's number for it. */
export const ENDS = { door: 1, point: 2 } as const;
export type End = keyof typeof ENDS;

/** The content of a tariff's code in the CRM. */
export interface TariffCode {
  carrier: string;
  tariffId: number;
  end: End;
}

const KEPT: CacheOptions = { ttlSeconds: 86_400 };
const PAGE = 100;

/** A tariff's code in the CRM: one of ApiShip's may be offered to the door and to a point. */
export function formatTariffCode({ carrier, tariffId, end }: TariffCode): string {
  return `${carrier}:${tariffId}:${end}`;
}

/** Reads a code of the CRM. Undefined when it is not our code, or no longer on offer. */
export function readTariffCode(code: string, { settings }: ApishipContext): TariffCode | undefined {
  const [, carrier = '', id = '', end] = /^([\w-]{1,50}):(\d{1,10}):(door|point)$/.exec(code) ?? [];
  if (end === undefined) return undefined;
  const tariffId = Number(id);
  const { carriers, tariffs } = settings;
  if (carriers.length > 0 && !carriers.some((one) => one.code === carrier)) return undefined;
  if (tariffs.length > 0 && !tariffs.includes(tariffId)) return undefined;
  return { carrier, tariffId, end: end as End };
}

/** The tariffs of the carriers on offer, as ApiShip lists them. Throws ProviderError. */
export async function readTariffs(api: Apiship, context: ApishipContext): Promise<CarrierTariff[]> {
  const carriers = await listOffered(api, context);
  if (carriers.length === 0) return [];
  const key = `tariffs:${api.identifyAccount(context)}:${[...carriers].sort().join(',')}`;
  return context.cache.fetch(key, KEPT, async () => {
    const query = { filter: buildFilter({ providerKey: carriers }) };
    const rows = await readList(api.tariffs, { limit: PAGE, query }, context);
    return rows
      .filter(({ providerKey }) => carriers.includes(providerKey))
      .map(({ id, providerKey, name, aliasName, pickupType, deliveryType }) => ({
        id,
        carrier: providerKey,
        name: aliasName || name || String(id),
        ...(pickupType !== undefined && { pickupType }),
        ...(deliveryType !== undefined && { deliveryType }),
      }));
  });
}

/** Lists the tariffs on offer, without prices. Throws ProviderError. */
export const listTariffs: ApishipMethod<'listTariffs'> = async (api, context) => {
  const { settings } = context;
  const [tariffs, names] = await Promise.all([readTariffs(api, context), readCarrierNames(api, context)]);
  return tariffs
    .filter(({ id }) => settings.tariffs.length === 0 || settings.tariffs.includes(id))
    .filter(({ carrier, pickupType }) => pickupType === undefined || pickupType === chooseHandover(carrier, undefined, context).type)
    .flatMap(({ id, carrier, name, deliveryType }) =>
      (Object.keys(ENDS) as End[])
        .filter((end) => deliveryType === undefined || deliveryType === ENDS[end])
        .map((end) => ({
          code: formatTariffCode({ carrier, tariffId: id, end }),
          name: nameTariff(carrier, name, names),
          type: toTariffType(end),
        })),
    );
};

/** A tariff's name with its carrier's. */
export function nameTariff(carrier: string, name: string, names: ReadonlyMap<string, string>): string {
  return `${names.get(carrier) ?? carrier}: ${name}`;
}

/** The CRM's word for the place where a tariff ends. */
export function toTariffType(end: End): 'courier' | 'selfDelivery' {
  return end === 'door' ? 'courier' : 'selfDelivery';
}
