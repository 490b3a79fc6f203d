import { FIELDS, type Language, textFor } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { type StatusCode, STATUSES } from './apiship.statuses.js';
import { texts } from './apiship.texts.js';

const { field, connect, sender, tariffs, prices, points, statuses } = FIELDS;

/** Lists that fields of the settings are looked up in. */
export const LOOKUP = {
  carriers: 'carriers',
  connections: 'connections',
  points: 'points',
  tariffs: 'tariffs',
  services: 'services',
} as const;

/** VAT on the recipient's payment: the order's own rates, none, or one rate for all, in percent. */
export const VAT_RATES = ['order', 'none', '0', '5', '7', '10', '20', '22'] as const;
export type VatRate = (typeof VAT_RATES)[number];

/** How parcels get to a carrier. */
export const PICKUPS = ['courier', 'point'] as const;
export type Pickup = (typeof PICKUPS)[number];

/** A carrier on offer, with the shop's contract and the way that parcels get there. */
export class ApishipCarrier {
  /** ApiShip's key of the carrier, such as `cdek`. */
  @field.text(
    { ...texts.carrier.code, lookup: LOOKUP.carriers },
    { pattern: /^[A-Za-z0-9_-]{1,50}$/, problem: 'must be at most 50 Latin letters, digits, dashes and underscores' },
  )
  code!: string;

  @field.text(
    { ...texts.carrier.connection, lookup: LOOKUP.connections },
    { optional: true, pattern: /^\d{1,15}$/, problem: 'must be at most 15 digits' },
  )
  connection?: string;

  @field.choice(PICKUPS, { ...texts.carrier.pickup, choices: texts.pickups }, { optional: true }) pickup?: Pickup;
  @field.integer({ ...texts.carrier.point, lookup: LOOKUP.points }, { optional: true, min: 1, max: 2_147_483_647 }) point?: number;
}

/** A service of a carrier ordered with every delivery by it. */
export class ApishipService {
  @field.text({ ...texts.service.code, lookup: LOOKUP.services }, { pattern: /^[A-Za-z0-9_.-]{1,100}$/, problem: texts.problems.service })
  code!: string;

  @field.text(texts.service.value, { optional: true, maxLength: 255 }) value?: string;
}

/** The CRM's status for one of ApiShip's statuses, instead of the module's choice. */
export class ApishipStatusRule {
  @field.text(texts.statusRule.code, { pattern: /^[A-Za-z0-9_]{1,80}$/, problem: texts.problems.status }) code!: string;
  @field.choice(STATUSES.codes, { ...texts.statusRule.status, choices: STATUSES.choices }) status!: StatusCode;
}

/** An account's access to ApiShip and how it ships. */
export class ApishipSettings {
  @connect.choice(['production', 'test'], texts.settings.contour) contour!: 'production' | 'test';

  @connect.text(texts.settings.token, { secret: true, optional: true, pattern: /^[\x21-\x7e]{1,2000}$/, problem: 'must be without spaces' })
  token?: string;

  @connect.text(texts.settings.login, { secret: true, optional: true, maxLength: 200 }) login?: string;
  @connect.text(texts.settings.password, { secret: true, optional: true, maxLength: 200 }) password?: string;
  @sender.text(texts.settings.senderCompany, { optional: true, maxLength: 100 }) senderCompany?: string;
  @sender.text(texts.settings.senderInn, { optional: true, pattern: /^(\d{10}|\d{12})$/, problem: texts.problems.inn }) senderInn?: string;
  @sender.text(texts.settings.senderName, { filled: true, maxLength: 100 }) senderName!: string;
  @sender.text(texts.settings.senderPhone, { pattern: /^[+\d()\s.-]{5,40}$/, problem: 'must be a phone number' }) senderPhone!: string;
  @sender.email(texts.settings.senderEmail, { optional: true, maxLength: 50 }) senderEmail?: string;
  /** ISO 3166-1 alpha-2. */
  @sender.country(texts.settings.fromCountry) fromCountry: string = 'RU';
  @sender.text(texts.settings.fromRegion, { optional: true, maxLength: 100 }) fromRegion?: string;
  @sender.text(texts.settings.fromCity, { optional: true, maxLength: 100 }) fromCity?: string;
  @sender.text(texts.settings.fromIndex, { optional: true, maxLength: 10 }) fromIndex?: string;
  @sender.text(texts.settings.fromStreet, { optional: true, maxLength: 55 }) fromStreet?: string;
  @sender.text(texts.settings.fromHouse, { optional: true, maxLength: 50 }) fromHouse?: string;
  @sender.text(texts.settings.fromOffice, { optional: true, maxLength: 50 }) fromOffice?: string;
  @sender.choice(PICKUPS, { ...texts.settings.pickup, choices: texts.pickups }) pickup: Pickup = 'courier';
  @tariffs.list(() => ApishipCarrier, texts.settings.carriers, { maxItems: 40, unique: 'code' }) carriers: ApishipCarrier[] = [];
  /** ApiShip's numbers of tariffs. */
  @tariffs.integers({ ...texts.settings.tariffs, lookup: LOOKUP.tariffs }, { maxItems: 200, unique: true, items: { min: 1 } })
  tariffs: number[] = [];

  @tariffs.list(() => ApishipService, texts.settings.services, { maxItems: 50, unique: 'code' }) services: ApishipService[] = [];
  @prices.flag(texts.settings.includeFees) includeFees: boolean = true;
  @prices.integer(texts.settings.quoteMinutes, { min: 1, max: 1_440 }) quoteMinutes: number = 60;
  @prices.choice(VAT_RATES, texts.settings.vatRate) vatRate: VatRate = 'order';
  @prices.flag(texts.settings.raisesVat) raisesVat: boolean = true;

  @prices.choice(['carrier', 'cash', 'card', 'mixed'], texts.settings.paymentMethod)
  paymentMethod: 'carrier' | 'cash' | 'card' | 'mixed' = 'carrier';

  @points.integer(texts.settings.pointsShown, { min: 1, max: 300 }) pointsShown: number = 50;

  @statuses.list(() => ApishipStatusRule, texts.settings.statusRules, { maxItems: 100, unique: 'code' })
  statusRules: ApishipStatusRule[] = [];
}

/** The context of each call. */
export type ApishipContext = ProviderContext<ApishipSettings>;

/**
 * A new connection's settings: ApiShip's public test login, which delivers nothing. In production they
 * contain no address, so that no shop sends from the example's: the order's address counts until there is
 * one.
 */
export function createDefaultSettings(production = false): ApishipSettings {
  const start = { contour: 'test', login: 'test', password: 'test', senderName: 'Shop', senderPhone: '+74950000000' } as const;
  if (production) return Object.assign(new ApishipSettings(), start);
  return Object.assign(new ApishipSettings(), start, {
    fromRegion: 'Москва',
    fromCity: 'Москва',
    fromIndex: '115280',
    fromStreet: 'ул. Ленинская Слобода',
    fromHouse: '19',
  });
}

/** Finds problems that no single field can detect, by path. */
export function checkSettings(settings: ApishipSettings, language: Language): Record<string, string> {
  const { contour, token, login, password } = settings;
  const problems: Record<string, string> = {};
  const isSignedIn = login !== undefined && login !== '' && password !== undefined && password !== '';
  if (contour === 'test' && token) problems['token'] = textFor(texts.problems.noTokenInTest, language);
  else if (contour === 'test' && !isSignedIn) problems['login'] = textFor(texts.problems.needsLogin, language);
  else if (!token && !isSignedIn) problems['token'] = textFor(texts.problems.needsToken, language);
  return problems;
}
