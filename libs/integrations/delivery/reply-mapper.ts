import { DateTime } from 'luxon';
import { isCountryCode } from '#crm-client';
import type * as wire from '#crm-client/wire';
import { toWireAmount } from '#provider-kit';
import type { DeliveryEntity, ShipmentEntity } from './delivery.entity.js';
import { hasEntries } from './extra-data.js';
import type { Address, PickupPoint, Reported, Tariff, TerminalData } from './port/index.js';
import { dropForeignCost, readReported, toWireValues } from './reported.js';
import { readStoredRequest } from './stored-request.js';

/** A tariff as the CRM reads it (contract: ResponseCalculate). */
export function toCalculateReply(tariff: Tariff): wire.CallbackDeliveryResponseCalculate {
  // Undefined members do not reach the wire. On the hot path this is cheaper than omitting them.
  return {
    code: tariff.code,
    group: tariff.group,
    name: tariff.name,
    type: tariff.type,
    description: tariff.description,
    cost: tariff.cost && toWireAmount(tariff.cost),
    minTerm: tariff.minTerm,
    maxTerm: tariff.maxTerm,
    extraData: tariff.extraData,
    extraDataAvailable: tariff.extraDataAvailable,
    pickuppointList: tariff.pickupPoints?.map(toTerminal),
  };
}

const terminals = new WeakMap<PickupPoint, wire.CallbackDeliveryTerminalInput>();

/** A pickup point for the CRM (contract: Terminal), cached by the provider's point object. */
export function toTerminal(point: PickupPoint): wire.CallbackDeliveryTerminalInput {
  let terminal = terminals.get(point);
  if (!terminal) {
    terminal = toTerminalReply(point);
    terminals.set(point, terminal);
  }
  return terminal;
}

function toTerminalReply(point: TerminalData): wire.CallbackDeliveryTerminalInput {
  const { coordinates } = point;
  return {
    code: point.code,
    cost: point.cost && toWireAmount(point.cost),
    name: point.name,
    description: point.description,
    address: point.address,
    schedule: point.schedule,
    phone: point.phone,
    extraData: point.extraData,
    coordinates: coordinates && { latitude: String(coordinates.latitude), longitude: String(coordinates.longitude) },
  };
}

/** Answer of `save` from a stored delivery (contract: ResponseSave). */
export function toSaveReply(delivery: SavedRow): wire.CallbackDeliveryResponseSave {
  return { deliveryId: delivery.id, status: delivery.status, ...toWireValues(dropForeignCost(delivery, delivery.currency)) };
}

/** The facts that `save` replies with. */
export interface SavedRow extends Reported {
  /** The CRM's id for it. */
  id: string;
  status: string;
  /** The order's. */
  currency?: string | undefined;
}

/**
 * Answer of `get` from a stored delivery (contract: ResponseLoadDeliveryData); instants in the account's
 * zone.
 */
export function toGetReply(
  delivery: DeliveryEntity,
  tariffName: string | undefined,
  timeZone: string,
): wire.CallbackDeliveryResponseLoadDeliveryData {
  const request = readStoredRequest(delivery.request);
  return {
    ...toWireValues(dropForeignCost(readReported(delivery), request.currency)),
    ...(request.shipmentDate && { shipmentDate: request.shipmentDate }),
    ...(request.deliveryDate && { deliveryDate: request.deliveryDate }),
    ...(request.deliveryTime && { deliveryTime: request.deliveryTime }),
    tariff: delivery.tariff,
    ...(tariffName && { tariffName }),
    ...(request.payerType && { payerType: request.payerType }),
    status: {
      code: delivery.status,
      updatedAt: formatInstant(delivery.statusAt, timeZone),
      ...(delivery.statusComment && { comment: delivery.statusComment }),
    },
    ...(request.from && { shipmentAddress: toAddressReply(request.from) }),
    ...(request.to && { deliveryAddress: toAddressReply(request.to) }),
  };
}

/** Answer of `shipmentSave` from a stored shipment (contract: ResponseShipmentSave). */
export function toShipmentReply({ id, extraData }: Pick<ShipmentEntity, 'id' | 'extraData'>): wire.CallbackDeliveryResponseShipmentSave {
  return { shipmentId: id, ...(hasEntries(extraData) && { extraData }) };
}

/** An instant in the contract's format `Y-m-d\TH:i:sP`. */
export function formatInstant(date: Date, timeZone: string): string {
  // In plain digits, whatever the machine's own language.
  return DateTime.fromJSDate(date, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ", { locale: 'en-US', numberingSystem: 'latn' });
}

/** Reads the reply of `save` from a stored delivery. */
export function toSavedRow(row: DeliveryEntity): SavedRow {
  return { id: row.crmId ?? row.id, status: row.status, currency: row.request.currency, ...readReported(row) };
}

function toAddressReply({ countryIso, terminalData, ...address }: Address): wire.CallbackDeliveryAddressInput {
  return {
    ...address,
    ...(terminalData && { terminalData: toTerminalReply(terminalData) }),
    ...(countryIso !== undefined && isCountryCode(countryIso) && { countryIso }),
  };
}
