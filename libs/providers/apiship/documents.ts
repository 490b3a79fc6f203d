import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { ExistingDelivery, PrintRequest } from '#delivery/port';
import { fillIn } from '#platform';
import { mergePdfs, quoteReasons } from '#provider-kit';
import type { ApishipClient } from './apiship.client.js';
import { explainRefusal } from './apiship.errors.js';
import { FORM } from './apiship.fields.js';
import type { ApishipContext } from './apiship.settings.js';
import { makeError, refuseLate, say, texts } from './apiship.texts.js';
import { readState } from './order.js';

class FailedOrder {
  @IsString() orderId!: string;
  @IsOptional() @IsString() message?: string;
}

/** `POST /orders/labels`: one PDF for all, on a storage host. */
class LabelsReply {
  @IsOptional() @IsString() url?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => FailedOrder) failedOrders?: FailedOrder[];
}

class ActOfCarrier {
  @IsString() file!: string;
}

/** `POST /orders/waybills`: a PDF for each carrier. */
class ActsReply {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => ActOfCarrier) waybillItems?: ActOfCarrier[];
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => FailedOrder) failedOrders?: FailedOrder[];
}

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
export async function print(client: ApishipClient, request: PrintRequest, context: ApishipContext): Promise<Uint8Array> {
  refuseLate(context);
  const kind = KINDS.get(`${request.entity} ${request.form}`);
  if (kind === undefined) throw makeError('invalid', fillIn(texts.noForm, { form: request.form }), context);
  const groups = request.entity === 'order' ? [request.deliveries] : request.shipments.map((shipment) => shipment.request.deliveries);
  const deliveries = groups.flat();
  await refuseUnready(client, deliveries, context);
  const files: Uint8Array[] = [];
  // An act is of one handover: those of two shipments never share one.
  for (const part of (kind === 'labels' ? [deliveries] : groups).flatMap(cutBatches))
    for (const url of await askFiles(client, kind, part, deliveries, context)) files.push(await client.download(url, context));
  const [only, ...others] = files;
  if (only === undefined) throw makeError('invalid', texts.nothingToPrint, context);
  return others.length === 0 ? only : mergePdfs(files);
}

/** Throws ProviderError `rejected` for an order that has no number of a carrier yet; a poll may be behind. */
async function refuseUnready(client: ApishipClient, deliveries: readonly ExistingDelivery[], context: ApishipContext): Promise<void> {
  for (const delivery of deliveries.filter(({ trackNumber }) => trackNumber === undefined)) {
    const state = await readState(client, delivery.externalId, context);
    if (!state?.orderInfo.providerNumber) throw makeError('rejected', fillIn(texts.notRegistered, { order: nameOrder(delivery) }), context);
  }
}

/** ApiShip's numbers of the orders, each once, in batches that it takes. */
function cutBatches(deliveries: readonly ExistingDelivery[]): string[][] {
  const ids = [...new Set(deliveries.map(({ externalId }) => externalId))];
  return Array.from({ length: Math.ceil(ids.length / MOST_ORDERS) }, (_, at) => ids.slice(at * MOST_ORDERS, (at + 1) * MOST_ORDERS));
}

/** The addresses of the documents. A page that is missing would be noticed too late, so none may be. */
async function askFiles(
  client: ApishipClient,
  kind: 'labels' | 'waybills',
  ids: readonly string[],
  deliveries: readonly ExistingDelivery[],
  context: ApishipContext,
): Promise<string[]> {
  const json = { orderIds: ids.map(Number), format: 'pdf' };
  const call = { method: 'POST', path: `/orders/${kind}`, json, effect: false } as const;
  const answer = kind === 'labels' ? client.read(LabelsReply, call, context) : client.read(ActsReply, call, context);
  const reply = await explainRefusal<LabelsReply & ActsReply>(answer, context);
  const [failed] = reply.failedOrders ?? [];
  if (failed) {
    const delivery = deliveries.find(({ externalId }) => externalId === failed.orderId);
    const words = quoteReasons([failed.message]) ?? say(texts.noReason, context);
    throw makeError('rejected', fillIn(texts.cannotPrint, { order: delivery ? nameOrder(delivery) : failed.orderId, words }), context);
  }
  return [...(reply.url ? [reply.url] : []), ...(reply.waybillItems ?? []).map(({ file }) => file)];
}

function nameOrder({ request }: ExistingDelivery): string {
  return request.orderNumber ?? request.order;
}
