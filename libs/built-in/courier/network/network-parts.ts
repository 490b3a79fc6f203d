import type { PickupPoint } from '#delivery/port';
import {
  fromRow,
  PackedTable,
  type ParcelLimits,
  type ParcelSize,
  readJson,
  readText,
  sortLimits,
  type TablePrice,
} from '#delivery/prices';
import { fillIn, type Language, textFor } from '#platform';
import { PackedParts } from '#provider-kit';
import type { CourierTariff } from '../courier.settings.js';
import { texts } from '../courier.texts.js';
import { describePointLimits, formatHours } from '../courier.words.js';
import type { CourierPoint } from '../point.settings.js';
import { LIMITS, POINT, PRICE, PRICE_COLUMN, WINDOW, ZONE, type ZonePart, type ZoneSettings } from './pack-network.js';

/** A text or reply in each language, created on first use. */
class InLanguages<T> {
  private readonly made: Partial<Record<Language, T>> = {};

  constructor(private readonly make: (language: Language) => T) {}

  get(language: Language): T {
    return (this.made[language] ??= this.make(language));
  }
}

/** A pickup point, prepared for replies and comparisons. */
export class NetworkPoint {
  readonly limits: ParcelSize;
  private readonly replies: InLanguages<PickupPoint>;

  constructor(readonly settings: CourierPoint) {
    this.limits = sortLimits(settings.limits);
    this.replies = new InLanguages((language) => toPickupPoint(settings, language));
  }

  /** Returns the reply for the CRM in a language. */
  describe(language: Language): PickupPoint {
    return this.replies.get(language);
  }
}

/** The points of a network, each opened on first use. */
export class PackedPoints {
  private readonly parts: PackedParts;
  private readonly opened: (NetworkPoint | undefined)[] = [];

  constructor(bytes: Buffer) {
    this.parts = new PackedParts(bytes);
  }

  get count(): number {
    return this.parts.count;
  }

  open(number: number): NetworkPoint | undefined {
    const known = this.opened[number];
    if (known || number >= this.count) return known;
    const row = readJson(this.parts.read(number)) as unknown[];
    return (this.opened[number] = new NetworkPoint({ ...fromRow(row, POINT), limits: readLimits(row) } as CourierPoint));
  }
}

/** A tariff in a zone. */
export class NetworkRate {
  readonly limits: ParcelSize;
  private readonly descriptions: InLanguages<string | undefined>;

  constructor(
    readonly tariff: CourierTariff,
    readonly price: TablePrice,
    zone: ZoneSettings,
  ) {
    this.limits = sortLimits(price.limits);
    this.descriptions = new InLanguages((language) => describeTariff(zone, tariff, language));
  }

  /** Returns the description shown with the tariff, in a language. */
  describe(language: Language): string | undefined {
    return this.descriptions.get(language);
  }
}

/** A zone with its prices. */
export class NetworkZone {
  readonly settings: ZoneSettings;
  readonly rates: readonly NetworkRate[];
  /** Country of its first area. */
  readonly country: string;

  constructor(
    /** Index in the settings. */
    readonly number: number,
    { zone, country, windows }: ZonePart,
    prices: PackedTable,
    tariffs: readonly CourierTariff[],
  ) {
    this.settings = { ...fromRow(zone, ZONE), windows: windows.map((row) => fromRow(row, WINDOW)) };
    this.country = country;
    const rates: NetworkRate[] = [];
    for (let row = prices.find(number); row >= 0 && prices.has(row, number); row++) {
      const tariff = tariffs[prices.read(row, PRICE_COLUMN.tariff)];
      const limits = readNumbers(prices, row, PRICE_COLUMN.values + PRICE.length, LIMITS);
      const price = { ...readNumbers(prices, row, PRICE_COLUMN.values, PRICE), limits } as TablePrice;
      if (tariff) rates.push(new NetworkRate(tariff, Object.assign(price, { tariff: tariff.code }), this.settings));
    }
    this.rates = rates;
  }
}

/** Reads fields of a row of the table of prices. */
function readNumbers<Field extends string>(
  table: PackedTable,
  row: number,
  column: number,
  fields: readonly Field[],
): Partial<Record<Field, number>> {
  const numbers: Partial<Record<Field, number>> = {};
  for (let at = 0; at < fields.length; at++) {
    const [field, value] = [fields[at], table.read(row, column + at)];
    if (field !== undefined && value > 0) numbers[field] = value - 1;
  }
  return numbers;
}

/** Reads the limits at the end of a row. */
function readLimits(row: readonly unknown[]): ParcelLimits {
  return fromRow(row.slice(-LIMITS.length), LIMITS);
}

function describeTariff(zone: ZoneSettings, tariff: CourierTariff, language: Language): string | undefined {
  const windows =
    tariff.type === 'courier' && zone.windows.length > 0
      ? textFor(fillIn(texts.windows, { hours: formatHours(zone.windows) }), language)
      : undefined;
  const parts = [tariff.description && readText(tariff.description, language), windows].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

function toPickupPoint(point: CourierPoint, language: Language): PickupPoint {
  return Object.freeze({
    code: point.code,
    name: point.name,
    address: point.address,
    schedule: point.schedule,
    description: textFor(describePointLimits(point.limits, point.cod), language),
    coordinates: Object.freeze({ latitude: point.latitude, longitude: point.longitude }),
    ...(point.phone !== undefined && { phone: point.phone }),
  });
}
