import { isDeepStrictEqual } from 'node:util';
import { sha256Hex } from '#platform';
import type { Customer } from '#provider-kit';
import { decideCollect, NO_CURRENCY } from './collect.js';
import type { SaveDto, ShipmentSaveDto } from './dto/callback.dto.js';
import type { Address, Manager, Parcel, ParcelItem, SaveRequest, ShipmentRequest, TimeWindow } from './port/index.js';
import { toSaveRequest } from './request-mapper.js';
import { readTerminalData } from './terminal-data.js';

type ShipmentBody = Omit<ShipmentRequest, 'deliveries'>;

/** Prefix of hashes of the CRM's whole request. Hashes without it cover the narrow request stored before. */
const WHOLE = '2:';

/** Hash of a delivery whose save is unknown: each save is an edit. */
export const UNKNOWN_REQUEST_HASH = `${WHOLE}unknown`;

/** A save as sent and as read. */
export interface SentSave {
  dto: SaveDto;
  request: SaveRequest;
  /** `request` as JSON, without the members that comparisons ignore. */
  text: string;
  /** Equal for equal texts. */
  hash: string;
}

/**
 * Reads a save. Comparisons ignore our reference, and the shop's notes about its customer: a carrier that no
 * longer accepts edits must not reject an order because of a bonus balance. Throws BadInputError.
 */
export function readSave(dto: SaveDto): SentSave {
  const request = toSaveRequest(dto);
  const { customer } = request;
  const text = JSON.stringify({ ...request, customer: customer && dropNotes(customer), reference: undefined });
  return { dto, request, text, hash: WHOLE + sha256Hex(text) };
}

/**
 * Returns a save for the database, as JSON in one line: its text, which is long and exists already, and after
 * it the members that comparisons ignore. If a member appears twice, jsonb keeps the last.
 */
export function writeSave({ text, request: { customer } }: SentSave, reference: string): string {
  const noted = customer && hasNotes(customer) ? `,"customer":${JSON.stringify(customer)}` : '';
  return `${text.slice(0, -1)}${noted},"reference":${JSON.stringify(reference)}}`;
}

function hasNotes({ vip, bad, managerId, customFields }: Customer): boolean {
  return vip !== undefined || bad !== undefined || managerId !== undefined || customFields !== undefined;
}

function dropNotes(customer: Customer): Customer {
  return hasNotes(customer) ? { ...customer, vip: undefined, bad: undefined, managerId: undefined, customFields: undefined } : customer;
}

/** Hashes a shipment and its deliveries, in the same way as `readSave` hashes a save. */
export function hashShipment(request: ShipmentBody, deliveryIds: readonly string[]): string {
  return WHOLE + hashDeliveries(request, deliveryIds);
}

/**
 * Whether a save repeats the stored request. A request stored by an earlier version is compared by the
 * members of that version: by its hash and, before 0.2, by the request itself.
 */
export function isStored(stored: { request: SaveRequest; requestHash: string }, { dto, request, hash }: SentSave): boolean {
  if (stored.requestHash.startsWith(WHOLE)) return stored.requestHash === hash;
  const narrow = toNarrowRequest(request, dto);
  if (stored.requestHash === hashContent(narrow)) return true;
  if (!('withCod' in stored.request)) return false;
  const known = { ...decideCollect(stored.request), order: request.order, reference: '' };
  return isDeepStrictEqual(known, JSON.parse(JSON.stringify({ ...narrow, reference: '' })));
}

/**
 * Whether a shipment's stored hash equals the hash of the sent one. `hash` is its `hashShipment`. As
 * `isStored`.
 */
export function isStoredShipment(
  storedHash: string,
  { request, deliveryIds, hash }: { request: ShipmentBody; deliveryIds: readonly string[]; hash: string },
  dto: ShipmentSaveDto,
): boolean {
  return storedHash.startsWith(WHOLE) ? storedHash === hash : storedHash === hashDeliveries(toNarrowShipment(request, dto), deliveryIds);
}

/** Reads a stored save, whatever version stored it. */
export function readStoredRequest(stored: SaveRequest): SaveRequest {
  const request = decideCollect(stored);
  const { from, to, currency } = request;
  if (!from?.terminalData && !to?.terminalData) return request;
  return { ...request, ...(from && { from: readStoredAddress(from, currency) }), ...(to && { to: readStoredAddress(to, currency) }) };
}

/** Reads a stored shipment, as `readStoredRequest`. */
export function readStoredShipment<Stored extends Pick<ShipmentRequest, 'address'>>(stored: Stored): Stored {
  return stored.address?.terminalData ? { ...stored, address: readStoredAddress(stored.address) } : stored;
}

/** Earlier versions stored a point as the CRM sent it. */
function readStoredAddress({ terminalData, ...address }: Address, currency = NO_CURRENCY): Address {
  const known = terminalData && readTerminalData(terminalData, currency);
  return { ...address, ...(known && { terminalData: known }) };
}

/** A save as earlier versions read it: without later members, and with points as the CRM sent them. */
function toNarrowRequest(
  { store: _store, customer: _customer, codPaymentType: _type, ...request }: SaveRequest,
  { delivery }: SaveDto,
): SaveRequest {
  return {
    ...request,
    manager: toNarrowManager(request.manager),
    parcels: request.parcels.map(toNarrowParcel),
    from: toNarrowAddress(request.from, delivery.shipmentAddress),
    to: toNarrowAddress(request.to, delivery.deliveryAddress),
    deliveryTime: request.deliveryTime && toNarrowTime(request.deliveryTime),
  };
}

function toNarrowShipment({ parcels: _parcels, ...request }: ShipmentBody, dto: ShipmentSaveDto): ShipmentBody {
  return {
    ...request,
    time: request.time && toNarrowTime(request.time),
    address: toNarrowAddress(request.address, dto.address),
    manager: toNarrowManager(request.manager),
  };
}

function toNarrowManager({ id: _id, ...person }: Manager): Manager {
  return person;
}

function toNarrowTime({ custom: _custom, ...times }: TimeWindow): TimeWindow {
  return times;
}

function toNarrowAddress(address: Address | undefined, sent: { terminalData?: object } | undefined): Address | undefined {
  return sent?.terminalData ? { ...address, terminalData: sent.terminalData } : address;
}

function toNarrowParcel(parcel: Parcel): Parcel {
  return { ...parcel, items: parcel.items.map(toNarrowItem) };
}

function toNarrowItem({ externalId: _id, xmlId: _xml, unit: _unit, properties: _properties, weight, ...item }: ParcelItem): ParcelItem {
  return typeof weight === 'number' ? { ...item, weight } : item;
}

function hashContent(request: SaveRequest | ShipmentBody): string {
  return sha256Hex(JSON.stringify({ ...request, reference: undefined }));
}

function hashDeliveries(request: ShipmentBody, deliveryIds: readonly string[]): string {
  return sha256Hex(`${hashContent(request)} ${deliveryIds.join(' ')}`);
}
