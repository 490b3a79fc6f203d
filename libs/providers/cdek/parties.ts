import { cutText, makeFieldError } from '#provider-kit';
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { type Address, listStreetParts, type SaveRequest } from '#delivery/port';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { MOST_CHARACTERS } from './cdek.units.js';
import type { CdekPlace } from './cities.js';

/*
 * Who sends and who receives, and where: the same in an order and in a visit of the courier.
 */

/** A place with an address line. */
export interface CdekAddress extends CdekPlace {
  address?: string;
}

export interface CdekPhone {
  number: string;
  additional?: string;
}

export interface CdekContact {
  company?: string;
  /** The contact person, or the company's name if there is none. */
  name: string;
  /** Missing: CDEK decides. */
  contragent_type?: 'LEGAL_ENTITY' | 'INDIVIDUAL';
  email?: string;
  phones: CdekPhone[];
}

/** The most characters of a phone that could not be read. */
const PHONE_CHARACTERS = 24;

/** The shop, as the settings name it. */
export function toSender({ settings }: CdekContext): CdekContact {
  const phone = readPhone(settings.senderPhone, undefined);
  return {
    ...(settings.senderCompany && { company: settings.senderCompany }),
    name: settings.senderName,
    ...(settings.senderEmail && { email: settings.senderEmail }),
    phones: [phone ?? { number: cutText(settings.senderPhone, PHONE_CHARACTERS) }],
  };
}

/**
 * The buyer: a legal person with company and mark, an entrepreneur only with their company's name. Throws
 * ProviderError `invalid` without a name or a phone that can be called.
 */
export function toRecipient({ recipient, customer, to }: SaveRequest): CdekContact {
  if (!recipient.name?.trim()) throw makeFieldError('customer.lastName', texts.recipientName, texts.required);
  const phone = readPhone(recipient.phone, to?.countryIso);
  if (phone === undefined) throw makeFieldError('customer.phones', texts.recipientPhone, texts.required);
  const isLegalEntity = recipient.company !== undefined && customer?.contragent?.contragentType === 'legal-entity';
  const email = recipient.email && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(recipient.email) ? recipient.email : undefined;
  return {
    ...(recipient.company && { company: cutText(recipient.company, MOST_CHARACTERS) }),
    // CDEK refuses a slash in a name.
    name: cutText(recipient.name.replaceAll('/', ' ').trim(), MOST_CHARACTERS),
    ...(isLegalEntity && { contragent_type: 'LEGAL_ENTITY' as const }),
    ...(email && { email: cutText(email, MOST_CHARACTERS) }),
    phones: [phone],
  };
}

/** The pick-up address: the account's, else the order's. Throws ProviderError `invalid` without either. */
export function toSenderAddress(from: Address | undefined, place: CdekPlace | undefined, context: CdekContext): CdekAddress {
  const address = context.settings.fromAddress || formatAddress(from);
  if (place === undefined || !address) throw makeFieldError('delivery.shipmentAddress', texts.senderAddress, texts.required);
  return { ...place, address: cutText(address, MOST_CHARACTERS) };
}

/**
 * The address of the courier's delivery. Throws ProviderError `invalid` without a known city or an address.
 */
export function toRecipientAddress(to: Address | undefined, place: CdekPlace | undefined): CdekAddress {
  const address = formatAddress(to);
  if (place === undefined) throw makeFieldError('delivery.deliveryAddress.city', texts.recipientCity, texts.unknown);
  if (!address) throw makeFieldError('delivery.deliveryAddress', texts.recipientAddress, texts.required);
  return { ...place, address: cutText(address, MOST_CHARACTERS) };
}

/** Street, house and flat on one line. The CRM's own line for an address without parts. */
export function formatAddress(address: Address | undefined): string {
  if (address === undefined) return '';
  return address.street ? listStreetParts(address, 'RU').join(', ') : (address.text ?? '');
}

/** A phone as international number and extension. Undefined if it is not a phone. `country`: ISO alpha-2. */
export function readPhone(text: string | undefined, country: string | undefined): CdekPhone | undefined {
  const parsed = parsePhoneNumberFromString(text ?? '', (country ?? 'RU') as CountryCode, metadata);
  if (!parsed?.isPossible()) return undefined;
  return { number: parsed.number, ...(parsed.ext && { additional: parsed.ext }) };
}
