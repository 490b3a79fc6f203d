import { cutText, makeFieldError } from '#provider-kit';
import { type Address, listStreetParts, type SaveRequest, toHouse } from '#delivery/port';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { HOME, MOST_CHARACTERS, readPhone } from './apiship.units.js';

/*
 * Who sends and who receives, and where. An order calls the postcode `postIndex`, the calculator `index`.
 */

/** A party of an order. `addressString` replaces the parts of its address except the country. */
export interface ApishipParty {
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
  postIndex?: string;
  region?: string;
  city?: string;
  addressString: string;
  companyName?: string;
  companyInn?: string;
  contactName: string;
  /** Digits. */
  phone: string;
  email?: string;
  comment?: string;
}

/** A place that parcels leave from, in parts. Missing parts are not known. */
export interface Origin {
  countryIso: string;
  index?: string;
  region?: string;
  city?: string;
  street?: string;
  house?: string;
  office?: string;
}

const LONGEST = { name: 100, email: 50, index: 10 };

/** Where parcels leave from: the account's address, else the one given (the order's or its store's). */
export function findOrigin(from: Address | undefined, { settings }: ApishipContext): Origin {
  if (settings.fromCity) {
    const { fromCountry: countryIso, fromIndex, fromRegion, fromCity, fromStreet, fromHouse, fromOffice } = settings;
    return drop({
      countryIso,
      index: fromIndex,
      region: fromRegion,
      city: fromCity,
      street: fromStreet,
      house: fromHouse,
      office: fromOffice,
    });
  }
  const { countryIso = HOME, index, region, city, street, flat } = from ?? {};
  return drop({ countryIso, index, region, city, street, house: toHouse(from ?? {}, HOME), office: flat });
}

/** The shop, as the settings name it. Throws ProviderError `invalid` without a city. */
export function toSender({ from, store }: Pick<SaveRequest, 'from' | 'store'>, context: ApishipContext): ApishipParty {
  const { settings } = context;
  const given = from?.city || from?.text ? from : store?.address;
  const origin = findOrigin(given, context);
  const line = origin.city ? formatOrigin(origin) : (given?.text ?? '');
  if (!line) throw makeFieldError('delivery.shipmentAddress', texts.senderAddress, texts.required);
  return {
    ...toPlace(origin),
    addressString: cutText(line, MOST_CHARACTERS),
    ...(settings.senderCompany && { companyName: settings.senderCompany }),
    ...(settings.senderInn && { companyInn: settings.senderInn }),
    contactName: settings.senderName,
    phone: readPhone(settings.senderPhone) ?? '',
    ...(settings.senderEmail && { email: settings.senderEmail }),
  };
}

/**
 * The buyer. Throws ProviderError `invalid` without a name, a phone that can be called, or an address.
 */
export function toRecipient({ recipient, customer, to }: SaveRequest, comment: string): ApishipParty {
  const name = recipient.name?.trim();
  if (!name) throw makeFieldError('customer.lastName', texts.recipientName, texts.required);
  const phone = readPhone(recipient.phone);
  if (phone === undefined) throw makeFieldError('customer.phones', texts.recipientPhone, texts.required);
  const line = formatAddress(to) || (to?.terminal ? (to.terminalData?.address ?? '') : '');
  if (!line) throw makeFieldError('delivery.deliveryAddress', texts.recipientAddress, texts.required);
  const { email } = recipient;
  const inn = customer?.contragent?.inn;
  return {
    ...toPlace({ countryIso: to?.countryIso ?? HOME, index: to?.index, region: to?.region, city: to?.city }),
    addressString: cutText(line, MOST_CHARACTERS),
    ...(recipient.company && { companyName: cutText(recipient.company, LONGEST.name) }),
    ...(recipient.company && inn !== undefined && /^(\d{10}|\d{12})$/.test(inn) && { companyInn: inn }),
    contactName: cutText(name, LONGEST.name),
    phone,
    ...(email && email.length <= LONGEST.email && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) && { email }),
    ...(comment && { comment }),
  };
}

function toPlace({
  countryIso,
  index,
  region,
  city,
}: Partial<Origin>): Pick<ApishipParty, 'countryCode' | 'postIndex' | 'region' | 'city'> {
  return {
    countryCode: countryIso ?? HOME,
    ...(index && index.length <= LONGEST.index && { postIndex: index }),
    ...(region && { region: cutText(region, LONGEST.name) }),
    ...(city && { city: cutText(city, LONGEST.name) }),
  };
}

/** The place on one line. */
export function formatOrigin({ countryIso, index, region, city, street, house, office }: Origin): string {
  return formatAddress({ countryIso, index, region, city, street, building: house, flat: office });
}

/** An address on one line, from the postal code to the flat. The CRM's own line for one without a street. */
export function formatAddress(address: Address | undefined): string {
  if (address === undefined) return '';
  const { index, region, city, street, text } = address;
  const place = [index, region === city ? undefined : region, city].filter(Boolean).join(', ');
  return street ? [place, ...listStreetParts(address, HOME)].filter(Boolean).join(', ') : text || place;
}

function drop(origin: { [Part in keyof Origin]: Origin[Part] | undefined }): Origin {
  return Object.fromEntries(Object.entries(origin).filter(([, value]) => value !== undefined && value !== '')) as unknown as Origin;
}
