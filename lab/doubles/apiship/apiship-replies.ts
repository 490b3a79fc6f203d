import type { ApiShipBook, ApiShipEvent } from './apiship-book.js';
import type { ApiShipModes } from './apiship-modes.js';
import { type ApiShipOrder, type ApiShipStatus, refuse } from './apiship-objects.js';
import { costOf } from './apiship-quotes.js';

/** The order of a status. Webhooks have strings for ids. The mode `ids` decides about replies. */
export function writeInfo({ orderId, body, providerNumber }: ApiShipOrder, ids: ApiShipModes['ids']): object {
  const { providerKey, clientNumber, barcode = null } = body.order;
  return {
    ...{ orderId: ids === 'strings' ? String(orderId) : orderId, providerKey, providerNumber, clientNumber, barcode },
    ...{ returnProviderNumber: null, additionalProviderNumber: null, trackingUrl: writeTrackingUrl(providerNumber) },
  };
}

/** An order with its status. Throws Refusal 040018 if it has no status yet. */
export function writeStatus(book: ApiShipBook, order: ApiShipOrder, { ids }: ApiShipModes): { orderInfo: object; status: ApiShipStatus } {
  const status = book.statusOf(order);
  if (!status) throw refuse(404, '040018', 'У заказа ещё нет статусов');
  return { orderInfo: writeInfo(order, ids), status };
}

/** Difference between the actual and the planned cost of each order, in roubles. */
const MORE = 12.5;

/** An order in the form of a reply. */
export function writeOrder({ orderId, body, providerNumber, statuses }: ApiShipOrder, { costs }: ApiShipModes): object {
  const { order, cost, sender, recipient, returnAddress = null, places, extraParams = [] } = body;
  const weight = places.reduce((sum, one) => sum + one.weight, 0);
  const planned = providerNumber === '' || costs === 'none' ? null : costOf(body);
  const actual = planned === null || costs === 'planned' ? null : planned + MORE;
  const cod = statuses.some(({ key }) => key === 'delivered') ? cost.codCost : null;
  return {
    order: {
      ...{ ...order, orderId, providerNumber, additionalProviderNumber: null, trackingUrl: writeTrackingUrl(providerNumber) },
    },
    ...{ cost, sender, recipient, returnAddress, extraParams },
    items: places.flatMap(({ items = [] }) => items),
    places: places.map((place) => ({ ...place, items: place.items?.map((item) => ({ ...item, quantityDelivered: null })) ?? [] })),
    extendedInfo: {
      ...{ factOrderWeight: providerNumber === '' ? null : weight, factVolumeCm3: null, factPlacesWeight: null },
      ...{ planDeliveryCost: planned, factDeliveryCost: actual, factReturnDeliveryCost: null, factCodCost: cod, factCodDate: null },
      ...{ usedPaymentMethod: null, orderServicesDetails: [], returnReason: null, check: null },
    },
  };
}

function writeTrackingUrl(providerNumber: string): string | null {
  return providerNumber === '' ? null : `https://track.example/${providerNumber}`;
}

/** The body of a webhook. */
export function writeWebhook({ order, status }: ApiShipEvent): object {
  return { orderInfo: writeInfo(order, 'strings'), status };
}
