import type { ExistingDelivery } from '#delivery/port';
import { fillIn } from '#platform';
import { makeError, mergePdfs, quoteReasons, say, splitIntoParts } from '#provider-kit';
import type { Apiship, ApishipMethod } from './apiship.api.js';
import { FORM } from './apiship.manifest.js';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { readState } from './order.js';

/** A form of a shipment prints all of its deliveries. */
const KINDS: ReadonlyMap<string, 'labels' | 'waybills'> = new Map([
  [`order ${FORM.label}`, 'labels'],
  [`shipment ${FORM.labels}`, 'labels'],
  [`shipment ${FORM.acts}`, 'waybills'],
]);
/** ApiShip's limit is not documented. */
const MOST_ORDERS = 100;

/**
 * Prints labels, in order, or the carriers' acts of each shipment, as one PDF. Asking again makes the same.
 * @throws ProviderError `rejected` naming an order that the carrier does not have, or that cannot be printed
 */
export const print: ApishipMethod<'print'> = async (api, request, context) => {
  const kind = KINDS.get(`${request.entity} ${request.form}`);
  if (kind === undefined) throw makeError('invalid', fillIn(texts.noForm, { form: request.form }));
  const groups = request.entity === 'order' ? [request.deliveries] : request.shipments.map((shipment) => shipment.request.deliveries);
  const deliveries = groups.flat();
  await refuseUnready(api, deliveries, context);
  const files: Uint8Array[] = [];
  // An act covers one handover: deliveries of two shipments never share one.
  for (const part of (kind === 'labels' ? [deliveries] : groups).flatMap(cutBatches))
    for (const url of await askFiles(api, kind, part, deliveries, context)) files.push(await api.download(url, context));
  if (files.length === 0) throw makeError('invalid', texts.nothingToPrint);
  return mergePdfs(files);
};

/**
 * Throws ProviderError `rejected` for an order without a carrier's number. Asks ApiShip, because the last
 * poll may be older.
 */
async function refuseUnready(api: Apiship, deliveries: readonly ExistingDelivery[], context: ApishipContext): Promise<void> {
  for (const delivery of deliveries.filter(({ trackNumber }) => trackNumber === undefined)) {
    const state = await readState(api, delivery.externalId, context);
    if (!state?.orderInfo.providerNumber) throw makeError('rejected', fillIn(texts.notRegistered, { order: nameOrder(delivery) }));
  }
}

/** ApiShip's numbers of the orders, each once, in batches that it takes. */
function cutBatches(deliveries: readonly ExistingDelivery[]): string[][] {
  return splitIntoParts([...new Set(deliveries.map(({ externalId }) => externalId))], MOST_ORDERS);
}

/** The addresses of the documents. A page that is missing would be noticed too late, so none may be. */
async function askFiles(
  api: Apiship,
  kind: 'labels' | 'waybills',
  ids: readonly string[],
  deliveries: readonly ExistingDelivery[],
  context: ApishipContext,
): Promise<string[]> {
  const json = { orderIds: ids.map(Number), format: 'pdf' };
  const { failedOrders: [failed] = [], ...files } = await (kind === 'labels' ? api.labels : api.waybills)(context, { json });
  if (failed) {
    const delivery = deliveries.find(({ externalId }) => externalId === failed.orderId);
    const words = quoteReasons([failed.message]) ?? say(texts.noReason, context);
    throw makeError('rejected', fillIn(texts.cannotPrint, { order: delivery ? nameOrder(delivery) : failed.orderId, words }));
  }
  return 'waybillItems' in files ? (files.waybillItems ?? []).map(({ file }) => file) : 'url' in files && files.url ? [files.url] : [];
}

function nameOrder({ request }: ExistingDelivery): string {
  return request.orderNumber ?? request.order;
}
