import { isDeepStrictEqual } from 'node:util';
import { BadInputError, sha256Hex } from '#platform';
import { type Contragent, type Customer, type Money, multiplyMoney, readMoney, toCustomer, toMoney } from '#provider-kit';
import { NO_CURRENCY, readStoredRequest, toCollect } from './collect.js';
import type {
  AddressDto,
  CalculateDto,
  ManagerDto,
  PackageDto,
  PackageItemDto,
  PointListDto,
  SaveDto,
  ShipmentSaveDto,
  TimeIntervalDto,
} from './dto/callback.dto.js';
import type {
  Address,
  CalculateRequest,
  ExtraData,
  Parcel,
  ParcelItem,
  PayerType,
  Person,
  PointQuery,
  SaveRequest,
  ShipmentRequest,
  TimeWindow,
} from './port/index.js';

/** Reads a parsed `calculate` into the port's request. Throws BadInputError. */
export function toCalculateRequest(dto: CalculateDto): CalculateRequest {
  if (!dto.deliveryAddress && !dto.shipmentAddress) throw new BadInputError({ deliveryAddress: 'is required (or shipmentAddress)' });
  const currency = readCurrency(dto.currency);
  return {
    parcels: dto.packages.map((parcel) => toParcel(parcel, currency ?? NO_CURRENCY)),
    ...(dto.shipmentAddress && { from: toAddress(dto.shipmentAddress) }),
    ...(dto.deliveryAddress && { to: toAddress(dto.deliveryAddress) }),
    ...(dto.payerType && { payerType: readPayerType(dto.payerType, 'payerType') }),
    ...toAmount('declaredValue', dto.declaredValue, currency),
    ...toAmount('cod', dto.cod, currency),
    ...(currency && { currency }),
    ...toDate('shipmentDate', dto.shipmentDate, 'shipmentDate'),
    ...toDate('deliveryDate', dto.deliveryDate, 'deliveryDate'),
    ...(dto.deliveryTime && { deliveryTime: toTimeWindow(dto.deliveryTime) }),
    extraData: readExtraData(dto.extraData),
  };
}

/** Reads a parsed `save` into the port's request; `reference` is set by the caller. Throws BadInputError. */
export function toSaveRequest(dto: SaveDto): SaveRequest {
  const { delivery } = dto;
  const currency = readCurrency(dto.currency);
  const parcels = dto.packages.map((parcel) => toParcel(parcel, currency ?? NO_CURRENCY));
  const declared = sumItems(parcels, (item) => item.declaredValue);
  // Members that are undefined are not stored; on the hot path this is cheaper than leaving them out.
  return {
    reference: '',
    order: dto.order,
    orderNumber: dto.orderNumber || undefined,
    site: dto.site || undefined,
    siteName: dto.siteName || undefined,
    storeCode: dto.store?.code || undefined,
    storeName: dto.store?.name || undefined,
    legalEntity: dto.legalEntity || undefined,
    recipient: toPerson(dto.customer && toCustomer(dto.customer)),
    manager: toPerson(dto.manager),
    parcels,
    from: delivery.shipmentAddress && toAddress(delivery.shipmentAddress),
    to: delivery.deliveryAddress && toAddress(delivery.deliveryAddress),
    tariff: delivery.tariff,
    payerType: delivery.payerType ? readPayerType(delivery.payerType, 'delivery.payerType') : undefined,
    cost: delivery.cost === undefined ? undefined : readMoney(delivery.cost, currency ?? NO_CURRENCY),
    vatRate: delivery.vatRate || undefined,
    collect: toCollect(dto, parcels, currency ?? NO_CURRENCY),
    declaredValue: declared === undefined ? undefined : toMoney(declared, currency ?? NO_CURRENCY),
    currency,
    shipmentDate: readDate(delivery.shipmentDate, 'delivery.shipmentDate'),
    deliveryDate: readDate(delivery.deliveryDate, 'delivery.deliveryDate'),
    deliveryTime: delivery.deliveryTime && toTimeWindow(delivery.deliveryTime),
    extraData: readExtraData(delivery.extraData),
  };
}

/** Reads a parsed `shipmentSave`; `reference` and `deliveries` are set by the caller. */
export function toShipmentRequest(dto: ShipmentSaveDto): Omit<ShipmentRequest, 'deliveries'> {
  return {
    reference: '',
    ...toDate('date', dto.date, 'date'),
    ...(dto.time && { time: toTimeWindow(dto.time) }),
    ...(dto.address && { address: toAddress(dto.address) }),
    ...(dto.store && { storeCode: dto.store }),
    manager: toPerson(dto.manager),
    ...(dto.comment && { comment: dto.comment }),
    extraData: readExtraData(dto.extraData),
  };
}

/** Reads a parsed query for points. */
export function toPointQuery({ country, region, city, code }: PointListDto): PointQuery {
  return {
    ...(country && { countryIso: country.toUpperCase() }),
    ...(region && { region }),
    ...(city && { city }),
    ...(code && { code }),
  };
}

/** Equal for equal requests; our reference does not count. */
export function hashRequest(request: Omit<SaveRequest, 'reference'> | Omit<ShipmentRequest, 'reference' | 'deliveries'>): string {
  return sha256Hex(JSON.stringify({ ...request, reference: undefined }));
}

/**
 * Our reference for an order's registration: its id, or a hash if long or unusual, and the generation. At
 * most 30 characters.
 */
export function buildReference(id: string, generation: number): string {
  const plain = /^[A-Za-z0-9-]{1,20}$/.test(id) ? id : sha256Hex(id).slice(0, 20);
  return `${plain}-${generation}`;
}

function toParcel(dto: PackageDto, currency: string): Parcel {
  const parcel: Parcel = { weight: dto.weight, items: dto.items ? dto.items.map((item) => toParcelItem(item, currency)) : [] };
  if (dto.packageId) parcel.packageId = dto.packageId;
  if (dto.width !== undefined) parcel.width = dto.width;
  if (dto.length !== undefined) parcel.length = dto.length;
  if (dto.height !== undefined) parcel.height = dto.height;
  return parcel;
}

function toParcelItem(dto: PackageItemDto, currency: string): ParcelItem {
  // Assigned one by one: on the hot path spreads of conditional parts cost a multiple.
  const item: ParcelItem = { quantity: dto.quantity ?? 1 };
  if (dto.offerId) item.offerId = dto.offerId;
  if (dto.name) item.name = dto.name;
  if (dto.declaredValue !== undefined) item.declaredValue = readMoney(dto.declaredValue, currency);
  if (dto.cost !== undefined) item.cost = readMoney(dto.cost, currency);
  if (dto.vatRate) item.vatRate = dto.vatRate;
  if (dto.markingCodes && dto.markingCodes.length > 0) item.markingCodes = dto.markingCodes;
  if (dto.weight !== undefined) item.weight = dto.weight;
  return item;
}

function toAddress(dto: AddressDto): Address {
  if (dto.countryIso) dto.countryIso = dto.countryIso.toUpperCase();
  return dto;
}

function toPerson(dto: Customer | ManagerDto | undefined): Person {
  if (!dto) return {};
  const name = [dto.lastName, dto.firstName, dto.patronymic].filter(Boolean).join(' ');
  const phone = 'phones' in dto ? dto.phones[0] : 'phone' in dto ? dto.phone : undefined;
  const company = 'contragent' in dto ? readCompany(dto.contragent) : undefined;
  const person: Person = {};
  if (name || company) person.name = name || company;
  if (company) person.company = company;
  if (phone) person.phone = phone;
  if (dto.email) person.email = dto.email;
  return person;
}

/** The name of a legal person or an entrepreneur; undefined of anybody else. */
function readCompany(contragent: Contragent | undefined): string | undefined {
  return contragent?.contragentType === 'individual' ? undefined : contragent?.legalName?.trim() || undefined;
}

function toTimeWindow(dto: TimeIntervalDto): TimeWindow {
  return { ...(dto.from && { from: padTime(dto.from) }), ...(dto.to && { to: padTime(dto.to) }) };
}

function padTime(time: string): string {
  const [hours = '', minutes = ''] = time.split(':');
  return `${hours.padStart(2, '0')}:${minutes}`;
}

function readPayerType(value: string, path: string): PayerType {
  if (value === 'receiver' || value === 'sender') return value;
  throw new BadInputError({ [path]: 'must be one of: receiver, sender' });
}

function readCurrency(value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (!/^[A-Za-z]{3}$/.test(value)) throw new BadInputError({ currency: 'must be a three-letter currency code' });
  return value.toUpperCase();
}

function toAmount<Name extends string>(name: Name, value: number | undefined, currency: string | undefined): { [key in Name]?: Money } {
  if (value === undefined) return {};
  return { [name]: readMoney(value, currency ?? NO_CURRENCY) } as { [key in Name]?: Money };
}

/** The day of an instant or a day; undefined of nothing. Throws BadInputError. */
function readDate(value: string | undefined, path: string): string | undefined {
  if (!value) return undefined;
  const day = value.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day)
    throw new BadInputError({ [path]: 'is no day of the calendar' });
  return day;
}

function toDate<Name extends string>(name: Name, value: string | undefined, path: string): { [key in Name]?: string } {
  const day = readDate(value, path);
  return (day ? { [name]: day } : {}) as { [key in Name]?: string };
}

function sumItems(parcels: Parcel[], readValue: (item: ParcelItem) => Money | undefined): number | undefined {
  let sum: number | undefined;
  for (const parcel of parcels)
    for (const item of parcel.items) {
      const value = readValue(item);
      if (value) sum = (sum ?? 0) + multiplyMoney(value, item.quantity).minor;
    }
  return sum;
}

/**
 * Whether a save repeats the stored request. Hashes before 0.2 differ in form, so the requests are compared
 * too.
 */
export function isStored(stored: { request: SaveRequest; requestHash: string }, request: SaveRequest, hash: string): boolean {
  if (stored.requestHash === hash) return true;
  if (!('withCod' in stored.request)) return false;
  const known = { ...readStoredRequest(stored.request), order: request.order, reference: '' };
  return isDeepStrictEqual(known, JSON.parse(JSON.stringify({ ...request, reference: '' })));
}

/**
 * The CRM sends a map by code (a list if empty), or a list of `{code, value}` or of maps (ExtraDataValue).
 */
function readExtraData(value: object | undefined): ExtraData {
  if (!value) return {};
  const entries: [string, unknown][] = Object.entries(value).flatMap(([key, entry]: [string, unknown]): [string, unknown][] => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [[key, entry]];
    const pair = entry as { code?: unknown; value?: unknown };
    if (typeof pair.code === 'string' && 'value' in pair) return [[pair.code, pair.value]];
    return /^\d+$/.test(key) ? Object.entries(entry) : [];
  });
  const data: ExtraData = {};
  for (const [key, entry] of entries.sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean') data[key] = entry;
    else if (Array.isArray(entry)) data[key] = entry.filter((item) => typeof item === 'string' || typeof item === 'number').map(String);
  }
  return data;
}
