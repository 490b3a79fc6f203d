import type { Money } from '#provider-kit';
import { type Address, type CalculateRequest, countPieces, type Parcel, type Person, type SaveRequest } from '#delivery/port';

/** Digits that two spellings of one phone share. */
const SHORTEST_PHONE = 9;
/** Noise of units that are not whole grams. */
const SLACK = 0.01;

/** A figure at the service: a value, or a function that is read after the call. */
export type Figure<T> = T | (() => T | Promise<T>);

/** Returns the value of a figure. */
export async function readFigure<T>(figure: Figure<T>): Promise<T> {
  return typeof figure === 'function' ? await (figure as () => T | Promise<T>)() : figure;
}

/** Figures of a delivery as the service got and gave them. A function is read after the call. */
export interface ServiceFigures {
  /** The weight of all parcels in the request. */
  weightGrams?: Figure<number>;
  /** Length, width and height of each parcel in the request. */
  sidesMm?: Figure<readonly number[]>;
  /** The service's unit, if it is coarser than a gram or a millimetre: figures may be up to a unit more. */
  step?: { grams?: number; mm?: number };
  /** Weight and number of all pieces in the parcels. `none`: the service receives neither. Orders only. */
  contents?: Figure<ServiceContents> | 'none';
  /** The price in the service's reply, in the service's currency. */
  cost: Figure<Money>;
  /** The days in the service's reply with this price, minimum and maximum. Quotes only. */
  days?: Figure<readonly [min: number, max: number]>;
  /** The value that the service insures, or is to price. */
  insured?: Figure<Money>;
  /** The cash that the service collects, or is to price. */
  collected?: Figure<Money>;
  /** The day on which the parcels leave, which the service was sent: a text that begins with `YYYY-MM-DD`. */
  handover?: Figure<string | undefined>;
  /** The language of the request to the service. Quotes only. */
  language?: Figure<'en' | 'es' | 'ru'>;
  /** The recipient that the service has. Orders only. */
  recipient?: Figure<ServiceParty>;
  /** The sender that the service has. Orders only. */
  sender?: Figure<ServiceParty>;
}

/** The goods in parcels. A missing figure is not compared. */
export interface ServiceContents {
  grams?: number;
  pieces?: number;
}

/** A sender or a recipient at the service. */
export interface ServiceParty {
  /** The whole name, in the order of the request's. */
  name?: string | undefined;
  phone?: string | undefined;
  /** All lines of the address. */
  address?: string | undefined;
  city?: string | undefined;
  /** The postal code. */
  index?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
}

/** Figures that the service has of a request. */
export interface ToldFigures {
  weightGrams?: number;
  sidesMm?: readonly number[];
  contents?: ServiceContents;
  insured?: Money;
  collected?: Money;
  recipient?: ServiceParty;
  sender?: ServiceParty;
}

const COMPARED = ['weightGrams', 'sidesMm', 'contents', 'insured', 'collected', 'recipient', 'sender'] as const;

/** Reads the figures that follow from a request: all but prices and days, which only the service knows. */
export async function readFigures(expected: Partial<ServiceFigures>): Promise<ToldFigures> {
  const told: Record<string, unknown> = {};
  for (const name of COMPARED)
    if (expected[name] !== undefined && expected[name] !== 'none') told[name] = await readFigure<unknown>(expected[name]);
  return told;
}

/**
 * Returns the right figures for a request: `told` itself if it means the same in the service's units and
 * spelling.
 */
export function toFigures(expected: Partial<ServiceFigures>, request: CalculateRequest | SaveRequest, told: ToldFigures): ToldFigures {
  const { parcels, declaredValue, currency = '', to } = request;
  const { step, insured, collected } = expected;
  const { weightGrams, sidesMm, contents, recipient, sender } = told;
  const grams = parcels.reduce((sum, { weight }) => sum + weight, 0);
  const sides = parcels.flatMap(({ length, width, height }) => [length, width, height]).filter((side) => side !== undefined);
  const isOrder = 'reference' in request;
  const cash = isOrder ? request.collect?.total : request.cod?.minor;
  const person = isOrder ? request.recipient : {};
  return {
    ...(weightGrams !== undefined && { weightGrams: within(weightGrams, grams, (step?.grams ?? 0) * parcels.length) }),
    ...(sidesMm && { sidesMm: sides.map((side, at) => within(sidesMm[at], side, step?.mm)) }),
    ...(contents && { contents: toContents(contents, parcels, step?.grams) }),
    ...(insured && { insured: declaredValue ?? { minor: 0, currency } }),
    ...(collected && { collected: { minor: cash ?? 0, currency } }),
    ...(recipient && { recipient: toParty(recipient, person, to) }),
    ...(sender && { sender: toSender(sender, person, to) }),
  };
}

/** The goods of parcels. The service may know the weight of each line only in its own unit. */
export function toContents(told: ServiceContents, parcels: readonly Parcel[], step = 0): ServiceContents {
  const items = parcels.flatMap((parcel) => parcel.items);
  const grams = items.reduce((sum, { weight, quantity }) => sum + (weight ?? 0) * quantity, 0);
  return {
    ...(told.grams !== undefined && { grams: within(told.grams, grams, step * items.length) }),
    ...(told.pieces !== undefined && { pieces: items.reduce((sum, item) => sum + countPieces(item), 0) }),
  };
}

/** Returns a figure that may be rounded up by less than a step, or the real one. */
function within(given: number | undefined, real: number, step = 0): number {
  return given !== undefined && given > real - SLACK && given < real + step ? given : real;
}

/** The recipient in full, in the service's own spelling if that has the same meaning. */
function toParty(told: ServiceParty, { name, phone }: Person, to: Address | undefined): ServiceParty {
  const { address, ...party } = told;
  // Whole words: a house 1 is not in `121`.
  const missing = [to?.street, to?.building, to?.house, to?.flat].filter((part) => part && !hasWords(address, part));
  const same = { name, city: to?.city, index: to?.index, country: to?.countryIso };
  const spelled = Object.entries(same).filter(([key]) => key in told);
  return {
    ...party,
    ...Object.fromEntries(spelled.map(([key, right]) => [key, chooseSpelling(told[key as keyof typeof same], right)])),
    ...('phone' in told && { phone: isSamePhone(told.phone, phone) ? told.phone : phone }),
    ...('address' in told && { address: missing.length === 0 ? address : `${address}, and with it ${missing.join(', ')}` }),
  };
}

/** A sender that has nothing of the recipient. */
function toSender(told: ServiceParty, { name, phone }: Person, to: Address | undefined): ServiceParty {
  const isTheirs = (text: string | undefined): boolean => !text?.trim() || toWords(text) === toWords(name) || isSamePhone(text, phone);
  const hasAddress = to?.street !== undefined && hasWords(told.address, to.street);
  return {
    ...told,
    ...('name' in told && isTheirs(told.name) && { name: 'the shop’s, not the recipient’s' }),
    ...('phone' in told && isTheirs(told.phone) && { phone: 'the shop’s, not the recipient’s' }),
    ...(hasAddress && { address: 'the shop’s, not the recipient’s' }),
  };
}

/** The told text if it has the words of the right one. */
function chooseSpelling(told: string | undefined, right: string | undefined): string | undefined {
  return toWords(told) === toWords(right) ? told : right;
}

function hasWords(text: string | undefined, part: string): boolean {
  return ` ${toWords(text)} `.includes(` ${toWords(part)} `);
}

function toWords(text = ''): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** With or without the country's prefix. */
function isSamePhone(one = '', other = ''): boolean {
  const [short = '', long = ''] = [one, other].map((text) => text.replace(/\D/g, '')).sort((a, b) => a.length - b.length);
  return short.length >= SHORTEST_PHONE && long.endsWith(short);
}
