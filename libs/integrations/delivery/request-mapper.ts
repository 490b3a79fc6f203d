import { BadInputError, defineProblem, sha256Hex } from '#platform';
import {
  type Contragent,
  type Customer,
  type Money,
  multiplyMoney,
  readMoney,
  refuseNonsense,
  toCustomer,
  toMoney,
  type Weekday,
  type WorkTime,
} from '#provider-kit';
import { NO_CURRENCY, toCollect } from './collect.js';
import { texts } from './delivery.texts.js';
import {
  type AddressDto,
  type CalculateDto,
  type ManagerDto,
  type PackageDto,
  type PackageItemDto,
  type PaymentTypeDto,
  type PointListDto,
  type SaveDto,
  type ShipmentSaveDto,
  type StoreAddressDto,
  type StoreDto,
  type StoreWeekDto,
  type StoreWorkTimeDto,
  TIME,
  type TimeIntervalDto,
  type UnitDto,
} from './dto/callback.dto.js';
import { readExtraData, readProperties } from './extra-data.js';
import type {
  Address,
  CalculateRequest,
  DeliveryStore,
  Manager,
  Parcel,
  ParcelItem,
  PayerType,
  Person,
  PointQuery,
  SaveRequest,
  ShipmentRequest,
  TimeWindow,
} from './port/index.js';
import { readCoordinates, readTerminalData } from './terminal-data.js';

const NO_POSTAL_CODE = defineProblem(texts.problems.postalCode);

/** Reads a parsed `calculate` into the port's request. Throws BadInputError. */
export function toCalculateRequest(dto: CalculateDto): CalculateRequest {
  if (!hasMembers(dto.deliveryAddress) && !hasMembers(dto.shipmentAddress))
    throw new BadInputError({ deliveryAddress: 'is required (or shipmentAddress)' });
  const currency = readCurrency(dto.currency);
  const store = dto.store && toStore(dto.store);
  return {
    parcels: dto.packages.map((parcel) => toParcel(parcel, currency ?? NO_CURRENCY)),
    ...(store && { store }),
    ...(dto.shipmentAddress && { from: toAddress(dto.shipmentAddress, currency) }),
    ...(dto.deliveryAddress && { to: toAddress(dto.deliveryAddress, currency) }),
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

/**
 * Countries of the module's carriers whose postal codes consist of digits. Other countries' codes are not
 * checked.
 */
const POSTAL_DIGITS: ReadonlySet<string> = new Set(['RU', 'BY', 'KZ', 'KG', 'AM', 'UZ', 'ES', 'MX']);

/** Throws BadInputError for a postal code of letters only. A dash, or a code with a remark, is accepted. */
function refusePostalNonsense(address: AddressDto | undefined, path: string): void {
  if (!address?.index || !address.countryIso || !POSTAL_DIGITS.has(address.countryIso.toUpperCase())) return;
  if (/\p{L}/u.test(address.index) && !/\d/.test(address.index)) throw new BadInputError({ [`${path}.index`]: NO_POSTAL_CODE });
}

/** Reads a parsed `save` into the port's request; `reference` is set by the caller. Throws BadInputError. */
export function toSaveRequest(dto: SaveDto): SaveRequest {
  const { delivery } = dto;
  refusePostalNonsense(delivery.deliveryAddress, 'delivery.deliveryAddress');
  refusePostalNonsense(delivery.shipmentAddress, 'delivery.shipmentAddress');
  const currency = readCurrency(dto.currency);
  const parcels = dto.packages.map((parcel) => toParcel(parcel, currency ?? NO_CURRENCY));
  const declared = sumItems(parcels, (item) => item.declaredValue);
  const customer = dto.customer && toCustomer(dto.customer);
  // Undefined members are not stored. On the hot path this is cheaper than omitting them.
  return {
    reference: '',
    order: dto.order,
    orderNumber: dto.orderNumber || undefined,
    site: dto.site || undefined,
    siteName: dto.siteName || undefined,
    storeCode: dto.store?.code || undefined,
    storeName: dto.store?.name || undefined,
    store: dto.store && toStore(dto.store),
    legalEntity: dto.legalEntity || undefined,
    recipient: toPerson(customer),
    customer,
    manager: toManager(dto.manager),
    parcels,
    from: delivery.shipmentAddress && toAddress(delivery.shipmentAddress, currency),
    to: delivery.deliveryAddress && toAddress(delivery.deliveryAddress, currency),
    tariff: delivery.tariff,
    payerType: delivery.payerType ? readPayerType(delivery.payerType, 'delivery.payerType') : undefined,
    cost: delivery.cost === undefined ? undefined : readMoney(delivery.cost, currency ?? NO_CURRENCY),
    vatRate: delivery.vatRate || undefined,
    collect: toCollect(dto, parcels, currency ?? NO_CURRENCY),
    codPaymentType: delivery.codPaymentType && toPaymentType(delivery.codPaymentType),
    declaredValue: declared === undefined ? undefined : toMoney(declared, currency ?? NO_CURRENCY),
    currency,
    shipmentDate: readDate(delivery.shipmentDate, 'delivery.shipmentDate'),
    deliveryDate: readDate(delivery.deliveryDate, 'delivery.deliveryDate'),
    deliveryTime: delivery.deliveryTime && toTimeWindow(delivery.deliveryTime),
    extraData: readExtraData(delivery.extraData),
  };
}

/**
 * Reads a parsed `shipmentSave`; `reference` and `deliveries` are set by the caller. Throws BadInputError.
 * @param currencies of the deliveries, in the order of `orders`
 */
export function toShipmentRequest(
  dto: ShipmentSaveDto,
  currencies: readonly (string | undefined)[] = [],
): Omit<ShipmentRequest, 'deliveries'> {
  refusePostalNonsense(dto.address, 'address');
  const parcels = dto.orders.flatMap(({ deliveryId, packages }, index): [string, Parcel[]][] =>
    packages && packages.length > 0 ? [[deliveryId, packages.map((one) => toParcel(one, currencies[index] ?? NO_CURRENCY))]] : [],
  );
  return {
    reference: '',
    ...toDate('date', dto.date, 'date'),
    ...(dto.time && { time: toTimeWindow(dto.time) }),
    ...(dto.address && { address: toAddress(dto.address, currencies[0]) }),
    ...(dto.store && { storeCode: dto.store }),
    manager: toManager(dto.manager),
    ...(dto.comment && { comment: dto.comment }),
    extraData: readExtraData(dto.extraData),
    ...(parcels.length > 0 && { parcels: Object.fromEntries(parcels) }),
  };
}

/** Reads a parsed query for points. */
export function toPointQuery({ country, region, regionId, city, cityId, code }: PointListDto): PointQuery {
  return {
    ...(country && { countryIso: country.toUpperCase() }),
    ...(region && { region }),
    ...(city && { city }),
    ...toGeoId('regionId', regionId),
    ...toGeoId('cityId', cityId),
    ...(code && { code }),
  };
}

/**
 * Our reference for an order's registration: its id, or a hash if long or unusual, and the generation. At
 * most 30 characters.
 */
export function buildReference(id: string, generation: number): string {
  const plain = /^[A-Za-z0-9-]{1,20}$/.test(id) ? id : sha256Hex(id).slice(0, 20);
  return `${plain}-${generation}`;
}

/**
 * A shorter reference, of at most 10 digits and small letters. Orders with the CRM's ids never share one.
 * Others have a hash, which is always longer.
 */
export function buildShortKey(id: string, generation: number): string {
  const isPlain = /^[1-9]\d{0,9}$/.test(id) && generation < 100;
  if (isPlain) return (Number(id) * 100 + generation).toString(36);
  return BigInt(`0x${sha256Hex(buildReference(id, generation))}`)
    .toString(36)
    .padStart(10, '0')
    .slice(0, 10);
}

function toParcel(dto: PackageDto, currency: string): Parcel {
  const parcel: Parcel = { weight: dto.weight, items: dto.items ? dto.items.map((item) => toParcelItem(item, currency)) : [] };
  if (dto.packageId) parcel.packageId = dto.packageId;
  // A side of 0 is not measured either.
  if (dto.width) parcel.width = dto.width;
  if (dto.length) parcel.length = dto.length;
  if (dto.height) parcel.height = dto.height;
  return parcel;
}

function toParcelItem(dto: PackageItemDto, currency: string): ParcelItem {
  // Assigned one by one: on the hot path spreads of conditional parts cost a multiple.
  const item: ParcelItem = { quantity: dto.quantity ?? 1 };
  if (dto.offerId) item.offerId = dto.offerId;
  if (dto.externalId) item.externalId = dto.externalId;
  if (dto.xmlId) item.xmlId = dto.xmlId;
  if (dto.name) item.name = dto.name;
  if (dto.declaredValue !== undefined) item.declaredValue = readMoney(dto.declaredValue, currency);
  if (dto.cost !== undefined) item.cost = readMoney(dto.cost, currency);
  if (dto.vatRate) item.vatRate = dto.vatRate;
  if (dto.markingCodes && dto.markingCodes.length > 0) item.markingCodes = dto.markingCodes;
  if (dto.unit) setUnit(item, dto.unit);
  if (dto.properties) setProperties(item, dto.properties);
  if (dto.weight !== undefined) item.weight = dto.weight;
  return item;
}

function setUnit(item: ParcelItem, { code, name, sym }: UnitDto): void {
  if (!code && !name && !sym) return;
  // Undefined members are not stored. On the hot path this is cheaper than omitting them.
  item.unit = { code: code || undefined, name: name || undefined, symbol: sym || undefined };
}

function setProperties(item: ParcelItem, sent: object): void {
  const properties = readProperties(sent);
  if (properties) item.properties = properties;
}

/** Of most addresses the DTO itself. */
/** The CRM sends an empty address instead of a missing one. */
function hasMembers(address: object | undefined): boolean {
  for (const _ in address) return true;
  return false;
}

function toAddress(dto: AddressDto, currency: string | undefined): Address {
  if (dto.countryIso) dto.countryIso = dto.countryIso.toUpperCase();
  if (!dto.terminalData) return dto as Address;
  const { terminalData, ...address } = dto;
  const known = readTerminalData(terminalData, currency ?? NO_CURRENCY);
  return known ? { ...address, terminalData: known } : address;
}

function toStore({ code, name, address, workTime }: StoreDto): DeliveryStore | undefined {
  const store: DeliveryStore = {};
  if (code) store.code = code;
  if (name) store.name = name;
  if (address) store.address = toStoreAddress(address);
  const workTimes = workTime && readWorkTimes(workTime);
  if (workTimes && workTimes.length > 0) store.workTimes = workTimes;
  for (const _ in store) return store;
  return undefined;
}

function toStoreAddress({ coordinates, countryIso, ...address }: StoreAddressDto): NonNullable<DeliveryStore['address']> {
  const known = readCoordinates(coordinates);
  return { ...address, ...(countryIso && { countryIso: countryIso.toUpperCase() }), ...(known && { coordinates: known }) };
}

const DAYS: readonly (readonly [keyof StoreWeekDto, Weekday])[] = [
  ['mo', 'Monday'],
  ['tu', 'Tuesday'],
  ['we', 'Wednesday'],
  ['th', 'Thursday'],
  ['fr', 'Friday'],
  ['sa', 'Saturday'],
  ['su', 'Sunday'],
];

function readWorkTimes(week: StoreWeekDto): WorkTime[] {
  return DAYS.flatMap(([key, day]) => (week[key] ?? []).flatMap((hours) => readWorkTime(day, hours)));
}

function readWorkTime(day: Weekday, { startTime, endTime, lunchStartTime, lunchEndTime }: StoreWorkTimeDto): WorkTime[] {
  const [start, end, lunchStart, lunchEnd] = [startTime, endTime, lunchStartTime, lunchEndTime].map((time) =>
    time && TIME.test(time) ? padTime(time) : undefined,
  );
  if (!start || !end) return [];
  return [{ day, start, end, ...(lunchStart && lunchEnd && { lunchStart, lunchEnd }) }];
}

function toPaymentType({ code, name }: PaymentTypeDto): SaveRequest['codPaymentType'] {
  return code ? { code, ...(name && { name }) } : undefined;
}

function toManager(dto: ManagerDto | undefined): Manager {
  if (dto?.phone || dto?.email) refuseNonsense({ 'manager.phone': dto.phone }, { 'manager.email': dto.email });
  const manager: Manager = toPerson(dto);
  if (dto?.id !== undefined) manager.id = dto.id;
  return manager;
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

/** The name of a legal person or an entrepreneur. Undefined for others. */
function readCompany(contragent: Contragent | undefined): string | undefined {
  return contragent?.contragentType === 'individual' ? undefined : contragent?.legalName?.trim() || undefined;
}

function toTimeWindow({ from, to, custom }: TimeIntervalDto): TimeWindow {
  const times: TimeWindow = {};
  if (from) times.from = padTime(from);
  if (to) times.to = padTime(to);
  if (custom) times.custom = custom;
  return times;
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
  if (!/^[A-Za-z]{3}$/.test(value)) throw new BadInputError({ currency: 'must be a currency code such as EUR' });
  return value.toUpperCase();
}

function toAmount<Name extends string>(name: Name, value: number | undefined, currency: string | undefined): { [key in Name]?: Money } {
  if (value === undefined) return {};
  return { [name]: readMoney(value, currency ?? NO_CURRENCY) } as { [key in Name]?: Money };
}

function toGeoId<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: number } {
  return (value && /^\d{1,15}$/.test(value) ? { [name]: Number(value) } : {}) as { [key in Name]?: number };
}

/** The day of an instant or a day. Undefined if there is no value. Throws BadInputError. */
function readDate(value: string | undefined, path: string): string | undefined {
  if (!value) return undefined;
  const day = value.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day)
    throw new BadInputError({ [path]: 'is not a valid date' });
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
