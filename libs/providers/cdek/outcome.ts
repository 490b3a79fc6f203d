import type { CollectedMoney, DeliveredItem, ExistingDelivery, ParcelNumbers, RelatedParcel, Reported } from '#delivery/port';
import { readMoney } from '#provider-kit';
import type { Cdek, CdekOrderReply } from './cdek.api.js';
import type { CdekContext } from './cdek.settings.js';
import { HOME } from './cities.js';
import { findCurrencyOf } from './countries.js';
import { readHistory } from './order.js';
import { listOwners } from './order-packages.js';
import { findPoint } from './points.js';

/** The results of an order in addition to its status. */
export type Outcome = Pick<Reported, 'collected' | 'delivered' | 'parcels' | 'related'>;

/** Reasons for which a parcel never arrives: lost, destroyed. */
const LOST: readonly (string | undefined)[] = ['26', '27'];

/** Statuses of an order that CDEK deleted or rejected. */
const WITHDRAWN: readonly (string | undefined)[] = ['REMOVED', 'INVALID'];

const KINDS: Readonly<Record<string, RelatedParcel['kind']>> = {
  return_order: 'return',
  client_return_order: 'clientReturn',
  reverse_order: 'reverse',
};

/** Reads money, items taken, barcodes and the parcels that go back. Ended parcels are not read again. */
export async function readOutcome(
  api: Cdek,
  reply: CdekOrderReply,
  delivery: Pick<ExistingDelivery, 'request' | 'related'>,
  context: CdekContext,
): Promise<Outcome> {
  const { entity } = reply;
  const end = readHistory(reply).findLast(({ cdek }) => cdek === 'DELIVERED');
  const related = await readRelated(api, reply, delivery.related ?? [], context);
  const parcels = (entity.packages ?? []).map(({ package_id: packageId, barcode }): ParcelNumbers => ({
    ...(packageId && { packageId }),
    ...(barcode && { barcode }),
  }));
  const collected = end && (await readCollected(api, reply, delivery, new Date(end.at), context));
  const delivered = end && readDelivered(reply, delivery);
  return {
    ...(collected && { collected }),
    ...(delivered && { delivered }),
    ...(parcels.some((parcel) => parcel.barcode) && { parcels }),
    ...(related.length > 0 && { related }),
  };
}

/** The money that the courier took, in the currency of the recipient's country. Undefined: nothing owed. */
async function readCollected(
  api: Cdek,
  { entity }: CdekOrderReply,
  { request }: Pick<ExistingDelivery, 'request'>,
  at: Date,
  context: CdekContext,
): Promise<CollectedMoney | undefined> {
  const { payment_sum: sum, payment_info = [] } = entity.delivery_detail ?? {};
  if (sum === undefined || (sum === 0 && !request.collect)) return undefined;
  const point = entity.delivery_point === undefined ? undefined : await findPoint(api, entity.delivery_point, context);
  const country = entity.to_location?.country_code ?? point?.country ?? request.to?.countryIso ?? HOME;
  const currency = findCurrencyOf(country);
  if (currency === undefined) return undefined;
  const ways = [...new Set(payment_info.map(({ type }) => type))];
  const by =
    ways.length === 0 ? undefined : ways.length > 1 ? 'other' : ways[0] === 'CASH' ? 'cash' : ways[0] === 'CARD' ? 'card' : 'other';
  return { currency, total: readMoney(sum, currency).minor, ...(by && { by }), at };
}

/** The items handed over, if not all were, as positions of the request. */
function readDelivered(
  { entity: { packages = [] } }: CdekOrderReply,
  { request }: Pick<ExistingDelivery, 'request'>,
): DeliveredItem[] | undefined {
  const lines = packages.flatMap(({ number, items = [] }) => items.map((item) => ({ ...item, parcel: Number(number) - 1 })));
  if (!lines.some(({ amount = 0, delivery_amount = amount }) => delivery_amount < amount)) return undefined;
  const owners = listOwners(request);
  const taken = new Map<string, DeliveredItem>();
  for (const { ware_key = '', amount = 0, delivery_amount = amount, parcel } of lines) {
    const owner = owners[parcel]?.get(ware_key);
    if (owner === undefined || delivery_amount === 0) continue;
    const { item, each } = owner;
    const before = taken.get(`${parcel} ${item}`)?.quantity ?? 0;
    taken.set(`${parcel} ${item}`, { parcel, item, quantity: before + delivery_amount * each });
  }
  return [...taken.values()];
}

/** The parcels that go back, by CDEK's links: a return may have the number of its order. */
export async function readRelated(
  api: Cdek,
  { related_entities = [] }: CdekOrderReply,
  known: readonly RelatedParcel[],
  context: CdekContext,
): Promise<RelatedParcel[]> {
  const links = related_entities.filter(({ type }) => KINDS[type] !== undefined);
  const read = await Promise.all(
    links.map(async ({ uuid: externalId, type, cdek_number: trackNumber }) => {
      const before = known.find((parcel) => parcel.externalId === externalId);
      if (before && before.state !== 'going') return before;
      const reply = await api.unlessMissing(api.order(context, { id: externalId }));
      const kind = KINDS[type] ?? 'return';
      return { kind, externalId, ...(trackNumber && { trackNumber }), ...toState(reply, before) };
    }),
  );
  return read;
}

function toState(reply: CdekOrderReply | undefined, before: RelatedParcel | undefined): Pick<RelatedParcel, 'state' | 'at'> {
  // CDEK no longer shows a deleted order. A new one may not be shown yet.
  if (!reply) return { state: before?.at ? 'withdrawn' : 'going', ...(before?.at && { at: before.at }) };
  const history = readHistory(reply);
  const end = history.findLast(({ cdek, reason }) => cdek === 'DELIVERED' || (cdek === 'NOT_DELIVERED' && LOST.includes(reason)));
  const isWithdrawn = !end && WITHDRAWN.includes(history.at(-1)?.cdek);
  const at = (end ?? history.at(isWithdrawn ? -1 : 0))?.at;
  const state = isWithdrawn ? 'withdrawn' : end === undefined ? 'going' : end.cdek === 'DELIVERED' ? 'back' : 'lost';
  return { state, ...(at !== undefined && { at: new Date(at) }) };
}
