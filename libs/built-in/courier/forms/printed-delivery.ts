import type { Address, ExistingDelivery, ParcelItem, Person } from '#delivery/port';
import { formatDate, pickInCurrency, readText, toBareKey, toLocalMoment, toPlaceKey } from '#delivery/prices';
import type { Language } from '#platform';
import { type AccountSettings, type Money, multiplyMoney } from '#provider-kit';
import { FIELD } from '../courier.manifest.js';
import type { CourierContext } from '../courier.settings.js';
import { formatAmount } from '../courier.words.js';
import type { CourierNetwork } from '../network/courier-network.js';
import type { NetworkPoint, NetworkZone } from '../network/network-parts.js';
import { isChecked } from '../save-check.js';
import { getWords } from './form-texts.js';

/** A delivery with all texts prepared for the forms. */
export interface PrintedDelivery {
  delivery: ExistingDelivery;
  trackNumber: string;
  order: string;
  /** Day of registration in the account's zone, formatted in the language. */
  created: string;
  sender: { name: string; phone: string; address: string };
  /** `inn`: of a company or an entrepreneur. Empty if unknown. */
  recipient: { name: string; inn: string; phone: string; address: string };
  /** The chosen pickup point, if the tariff has one. */
  point: NetworkPoint | undefined;
  tariff: string;
  zone: string;
  hub: string;
  /** Empty if no date was agreed. */
  date: string;
  time: string;
  note: string;
  fitting: boolean;
  /**
   * Total collected amount, and its parts for the goods and for the delivery, in minor units. Undefined if
   * nothing is collected.
   */
  collect: { total: Money; goods: number; delivery: number } | undefined;
  lines: PrintedLine[];
  declaredValue: Money | undefined;
  /** Weight of each package in grams. */
  weights: number[];
}

/** An item's line in the forms. Its amounts are for the whole quantity, so that a column adds up. */
export interface PrintedLine {
  item: ParcelItem;
  declaredValue: Money | undefined;
  collect: Money | undefined;
}

/** Context of the forms, in addition to the deliveries. */
export interface FormSettings {
  context: CourierContext;
  network: CourierNetwork;
}

/** Prepares a stored delivery for printing. */
export function toPrintedDelivery(delivery: ExistingDelivery, { context, network }: FormSettings): PrintedDelivery {
  const { request } = delivery;
  const { account } = context;
  const { basics, tariffs } = network;
  const { language } = account;
  const zone = request.to && network.findZone(request.to, { currency: request.currency, accountCurrency: account.currency });
  const tariff = tariffs.find(({ code }) => code === request.tariff);
  const point = tariff?.type === 'selfDelivery' && request.to?.terminal ? network.findPoint(request.to.terminal) : undefined;
  const hub = String(delivery.extraData[FIELD.hub] ?? zone?.settings.hub ?? '');
  return {
    delivery,
    trackNumber: toPrintable(delivery.trackNumber) ?? delivery.externalId,
    order: request.orderNumber ?? request.order,
    created: formatLocalDate(delivery.createdAt, account),
    sender: {
      name: basics.senderName ?? request.siteName ?? request.legalEntity ?? request.storeName ?? '',
      phone: basics.senderPhone ?? request.manager.phone ?? '',
      address: basics.senderAddress ?? addressLine(request.from, language),
    },
    recipient: {
      name: formatRecipient(request.recipient),
      inn: request.recipient.company === undefined ? '' : (request.customer?.contragent?.inn?.trim() ?? ''),
      phone: request.recipient.phone ?? '',
      address: addressLine(request.to, language),
    },
    point,
    tariff: (tariff && readText(tariff.name, language)) ?? request.tariff,
    zone: (zone && readText(zone.settings.name, language)) ?? '',
    hub,
    date: formatDay(request.deliveryDate, language),
    time: point ? '' : formatTime(delivery, zone),
    note: [String(delivery.extraData[FIELD.note] ?? ''), request.to?.notes ?? ''].filter((part) => part !== '').join('. '),
    fitting: isChecked(delivery.extraData[FIELD.fitting]),
    collect: computeCollected(delivery),
    lines: toLines(delivery),
    declaredValue: computeDeclared(delivery),
    weights: request.parcels.map((parcel) => parcel.weight),
  };
}

function formatRecipient({ name, company }: Person): string {
  return [company, name === company ? undefined : name].filter(Boolean).join(', ');
}

/** Formats an amount in the language. Returns an empty text if there is none. */
export function formatMoney(amount: Money | undefined, language: Language): string {
  return amount ? formatAmount(amount, language) : '';
}

/** Formats the day of a moment in the account's zone, in its language. */
export function formatLocalDate(moment: Date, { timeZone, language }: AccountSettings): string {
  return formatDay(formatDate(toLocalMoment(moment, timeZone).day), language);
}

/** Formats `YYYY-MM-DD` in the language. Returns an empty text if there is none. */
export function formatDay(date: string | undefined, language: Language): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? '') ?? [];
  if (year === undefined) return date ?? '';
  return [day, month, year].join(language === 'ru' ? '.' : '/');
}

/** Returns an address in one line: the CRM's text, or its parts, after postal code, region and city. */
export function addressLine(address: Address | undefined, language: Language): string {
  if (!address) return '';
  const word = getWords(language);
  const { index, region, city, text, street, building, house, housing, block, floor, flat, metro } = address;
  const named = (name: string, value: string | number | undefined): string | undefined =>
    value === undefined || value === '' ? undefined : `${name} ${value}`;
  const place = [
    index,
    region !== undefined && toBareKey(toPlaceKey(region)) !== toBareKey(toPlaceKey(city ?? '')) ? region : undefined,
    city,
  ];
  const known = toPlaceKey(text ?? '');
  const inText = (part: string | undefined): boolean => part !== undefined && toPlaceKey(part) !== '' && known.includes(toPlaceKey(part));
  const door = [street, building, named(word('house'), house), named(word('housing'), housing), named(word('flat'), flat)];
  const way = [named(word('entrance'), block), named(word('floor'), floor), metro === undefined || metro === '' ? undefined : `(${metro})`];
  const parts = text ? [...place.filter((part) => !inText(part)), text] : [...place, ...door, ...way];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

/** Returns the track number if Code 128 can print it, which is limited to printable ASCII. */
function toPrintable(trackNumber: string | undefined): string | undefined {
  return trackNumber !== undefined && /^[\x21-\x7e]{1,40}$/.test(trackNumber) ? trackNumber : undefined;
}

function formatTime({ request, extraData }: ExistingDelivery, zone: NetworkZone | undefined): string {
  const { from, to } = request.deliveryTime ?? {};
  if (from !== undefined || to !== undefined) return `${from ?? ''}-${to ?? ''}`;
  const window = zone?.settings.windows.find(({ part }) => part === extraData[FIELD.window]);
  return window ? `${window.from}-${window.to}` : '';
}

function computeCollected(delivery: ExistingDelivery): PrintedDelivery['collect'] {
  const { collect } = delivery.request;
  if (!collect) return undefined;
  const inPrint = (minor: number): Money => toPrintedAmount(delivery, { minor, currency: collect.currency });
  return { total: inPrint(collect.total), goods: inPrint(collect.goods).minor, delivery: inPrint(collect.delivery).minor };
}

function toLines(delivery: ExistingDelivery): PrintedLine[] {
  const { parcels, collect } = delivery.request;
  return parcels.flatMap(({ items }, at) =>
    items.map((item, n) => {
      const minor = collect?.perItem[at]?.[n] ?? 0;
      return {
        item,
        declaredValue: item.declaredValue && toPrintedAmount(delivery, multiplyMoney(item.declaredValue, item.quantity)),
        collect: minor > 0 && collect ? toPrintedAmount(delivery, { minor, currency: collect.currency }) : undefined,
      };
    }),
  );
}

function computeDeclared(delivery: ExistingDelivery): Money | undefined {
  const { declaredValue } = delivery.request;
  return declaredValue && toPrintedAmount(delivery, declaredValue);
}

/** Returns an amount of the order in the currency of its delivery's price. */
function toPrintedAmount({ request, cost }: ExistingDelivery, amount: Money): Money {
  return pickInCurrency(amount, cost?.currency ?? request.currency ?? amount.currency) ?? amount;
}
