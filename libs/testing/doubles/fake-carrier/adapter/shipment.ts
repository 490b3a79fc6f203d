import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, ValidateNested } from 'class-validator';
import type { ExistingShipment, SavedShipment, ShipmentRequest, Suggestion } from '#delivery/port';
import type { FakeCarrierClient } from './fake-carrier.client.js';
import { explain, explainRefusal, isDuplicate } from './fake-carrier.errors.js';
import type { FakeCarrierContext } from './fake-carrier.settings.js';
import { dropUndefined, toWireAddress, type WireAddress } from './parcels.js';

/** `POST /v1/shipments` and `PUT /v1/shipments/{id}` */
interface WireShipmentRequest {
  reference: string;
  orders: string[];
  date?: string;
  window?: { from?: string; to?: string };
  address?: WireAddress;
  contact?: { name?: string; phone?: string };
  comment?: string;
  loaders?: number;
  /** Code of a dock. */
  dock?: string;
}

class WireShipment {
  @IsString() id!: string;
  @IsString() state!: string;
}

/** `GET /v1/shipments` */
class WireShipments {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireShipment) shipments!: WireShipment[];
}

class WireDock {
  @IsString() code!: string;
  @IsString() name!: string;
}

/** `GET /v1/docks` */
class WireDocks {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WireDock) docks!: WireDock[];
}

/** Registers a shipment, or changes `existing`. Throws ProviderError. */
export async function saveShipment(
  client: FakeCarrierClient,
  request: ShipmentRequest,
  context: FakeCarrierContext,
  existing?: ExistingShipment,
): Promise<SavedShipment> {
  if (existing !== undefined) {
    const json = toShipmentRequest({ ...request, reference: existing.request.reference });
    const call = { method: 'PUT', path: toShipmentPath(existing), json, effect: true } as const;
    return toSavedShipment(await explainRefusal(client.read(WireShipment, call, context)));
  }
  try {
    const call = { method: 'POST', path: '/v1/shipments', json: toShipmentRequest(request), effect: true } as const;
    return toSavedShipment(await client.read(WireShipment, call, context));
  } catch (error) {
    const known = isDuplicate(error) ? await findShipment(client, request.reference, context) : undefined;
    if (known !== undefined) return known;
    throw explain(error);
  }
}

/** Finds the shipment with our reference: one that stands before one that was cancelled, else the oldest. */
export async function findShipment(
  client: FakeCarrierClient,
  reference: string,
  context: FakeCarrierContext,
): Promise<SavedShipment | undefined> {
  const call = { method: 'GET', path: '/v1/shipments', query: { reference }, effect: false } as const;
  const { shipments } = await explainRefusal(client.read(WireShipments, call, context));
  const found = shipments.find(({ state }) => state !== 'cancelled') ?? shipments[0];
  return found && toSavedShipment(found);
}

/** Withdraws a shipment. */
export async function cancelShipment(client: FakeCarrierClient, shipment: ExistingShipment, context: FakeCarrierContext): Promise<void> {
  const call = { method: 'POST', path: `${toShipmentPath(shipment)}/cancel`, effect: true } as const;
  await explainRefusal(client.read(WireShipment, call, context));
}

/** Suggests docks for the data field `dock`: those whose name contains `term`. */
export async function suggestDocks(
  client: FakeCarrierClient,
  field: string,
  term: string,
  context: FakeCarrierContext,
): Promise<Suggestion[]> {
  if (field !== 'dock') return [];
  const asked = client.read(WireDocks, { method: 'GET', path: '/v1/docks', query: { term }, effect: false }, context);
  return (await explainRefusal(asked)).docks.map(({ code, name }) => ({ value: code, label: name }));
}

function toShipmentPath({ externalId }: ExistingShipment): string {
  return `/v1/shipments/${encodeURIComponent(externalId)}`;
}

function toShipmentRequest(request: ShipmentRequest): WireShipmentRequest {
  const { loaders, dock } = request.extraData;
  return dropUndefined({
    reference: request.reference,
    orders: request.deliveries.map(({ externalId }) => externalId),
    date: request.date,
    window: request.time && dropUndefined({ from: request.time.from, to: request.time.to }),
    address: request.address && toWireAddress(request.address),
    contact: dropUndefined({ name: request.manager.name, phone: request.manager.phone }),
    comment: request.comment,
    loaders: typeof loaders === 'number' ? loaders : undefined,
    dock: typeof dock === 'string' && dock !== '' ? dock : undefined,
  });
}

function toSavedShipment(shipment: WireShipment): SavedShipment {
  return { externalId: shipment.id };
}
