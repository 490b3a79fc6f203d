import { DateTime } from 'luxon';
import type * as wire from '#crm-client/wire';
import { type Money, money, moneyToWire } from '#platform';
import type { DeliveryEntity, ShipmentEntity } from './delivery.entity.js';
import type { Address, ExistingDelivery, ExistingShipment, ExtraData, PickupPoint, Tariff } from './port/index.js';

/** A tariff as the CRM reads it (contract: ResponseCalculate). */
export function calculateReplyOf(tariff: Tariff): wire.CallbackDeliveryResponseCalculate {
  return {
    code: tariff.code,
    ...(tariff.group !== undefined && { group: tariff.group }),
    name: tariff.name,
    type: tariff.type,
    ...(tariff.description !== undefined && { description: tariff.description }),
    ...(tariff.cost && { cost: moneyToWire(tariff.cost) }),
    ...(tariff.minTerm !== undefined && { minTerm: tariff.minTerm }),
    ...(tariff.maxTerm !== undefined && { maxTerm: tariff.maxTerm }),
    ...(tariff.extraData && { extraData: tariff.extraData }),
    ...(tariff.extraDataAvailable && { extraDataAvailable: tariff.extraDataAvailable }),
    ...(tariff.pickupPoints && { pickuppointList: tariff.pickupPoints.map(terminalOf) }),
  };
}

/** A pickup point as the CRM reads it (contract: Terminal). */
export function terminalOf(point: PickupPoint): wire.CallbackDeliveryTerminalInput {
  return {
    code: point.code,
    ...(point.cost && { cost: moneyToWire(point.cost) }),
    name: point.name,
    ...(point.description !== undefined && { description: point.description }),
    address: point.address,
    ...(point.schedule !== undefined && { schedule: point.schedule }),
    ...(point.phone !== undefined && { phone: point.phone }),
    ...(point.extraData && { extraData: point.extraData }),
    ...(point.coordinates && {
      coordinates: { latitude: String(point.coordinates.latitude), longitude: String(point.coordinates.longitude) },
    }),
  };
}

/** Answer of `save` from a stored delivery (contract: ResponseSave). */
export function saveReplyOf(delivery: SavedRow): wire.CallbackDeliveryResponseSave {
  return {
    deliveryId: delivery.id,
    ...(delivery.trackNumber && { trackNumber: delivery.trackNumber }),
    ...(delivery.cost && { cost: moneyToWire(delivery.cost) }),
    status: delivery.status,
    ...(hasEntries(delivery.extraData) && { extraData: delivery.extraData }),
  };
}

/** What `save` answers from. */
export interface SavedRow {
  id: string;
  trackNumber?: string;
  cost?: Money;
  status: string;
  extraData: ExtraData;
}

/** Answer of `get` from a stored delivery (contract: ResponseLoadDeliveryData); instants in the account's zone. */
export function getReplyOf(
  delivery: DeliveryEntity,
  tariffName: string | undefined,
  timeZone: string,
): wire.CallbackDeliveryResponseLoadDeliveryData {
  const { request } = delivery;
  const cost = costOf(delivery);
  return {
    ...(delivery.trackNumber && { trackNumber: delivery.trackNumber }),
    ...(cost && { cost: moneyToWire(cost) }),
    ...(request.shipmentDate && { shipmentDate: request.shipmentDate }),
    ...(request.deliveryDate && { deliveryDate: request.deliveryDate }),
    ...(request.deliveryTime && { deliveryTime: request.deliveryTime }),
    tariff: delivery.tariff,
    ...(tariffName && { tariffName }),
    ...(request.payerType && { payerType: request.payerType }),
    status: {
      code: delivery.status,
      updatedAt: instantOf(delivery.statusAt, timeZone),
      ...(delivery.statusComment && { comment: delivery.statusComment }),
    },
    ...(hasEntries(delivery.extraData) && { extraData: delivery.extraData }),
    ...(request.from && { shipmentAddress: addressReplyOf(request.from) }),
    ...(request.to && { deliveryAddress: addressReplyOf(request.to) }),
  };
}

/** An instant in the contract's format `Y-m-d\TH:i:sP`. */
export function instantOf(date: Date, timeZone: string): string {
  return DateTime.fromJSDate(date, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}

/** A stored delivery as providers see it. */
export function existingDeliveryOf(row: DeliveryEntity): ExistingDelivery {
  const cost = costOf(row);
  return {
    id: row.id,
    externalId: row.externalId,
    reference: row.reference,
    ...(row.trackNumber && { trackNumber: row.trackNumber }),
    status: row.status,
    statusAt: row.statusAt,
    createdAt: row.createdAt,
    ...(cost && { cost }),
    extraData: row.extraData,
    request: row.request,
  };
}

/** A stored shipment as providers see it. */
export function existingShipmentOf(row: ShipmentEntity, deliveries: ExistingDelivery[]): ExistingShipment {
  return {
    id: row.id,
    externalId: row.externalId,
    createdAt: row.createdAt,
    extraData: row.extraData,
    request: { ...row.request, deliveries },
  };
}

/** The cost column pair of a stored delivery. */
export function costOf(row: Pick<DeliveryEntity, 'costMinor' | 'costCurrency'>): Money | undefined {
  return row.costMinor !== null && row.costCurrency !== null ? money(Number(row.costMinor), row.costCurrency) : undefined;
}

/** What `save` answers of a stored delivery. */
export function savedRowOf(row: DeliveryEntity): SavedRow {
  const cost = costOf(row);
  return {
    id: row.id,
    ...(row.trackNumber && { trackNumber: row.trackNumber }),
    ...(cost && { cost }),
    status: row.status,
    extraData: row.extraData,
  };
}

function addressReplyOf(address: Address): wire.CallbackDeliveryAddressInput {
  return { ...address };
}

function hasEntries(data: ExtraData): boolean {
  for (const _ in data) return true;
  return false;
}
