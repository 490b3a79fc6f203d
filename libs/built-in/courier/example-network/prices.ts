import type { ParcelLimits, PriceArea, TablePrice } from '#delivery/prices';
import { toCrmText } from '#platform';
import type { CourierTariff } from '../courier.settings.js';
import type { CourierWindow } from '../zone.settings.js';
import { texts } from '../courier.texts.js';

/** Codes of the example network's tariffs. */
export const TARIFF = { courier: 'courier', express: 'express', pickup: 'pickup' } as const;

/** Courier parcels: up to 50 kg, real or by volume. */
const COURIER_LIMITS: ParcelLimits = { maxWeight: 50_000, maxLength: 2000, maxWidth: 1200, maxHeight: 1000 };
const EXPRESS_LIMITS: ParcelLimits = { maxWeight: 10_000, maxLength: 600, maxWidth: 400, maxHeight: 400 };
const PICKUP_LIMITS: ParcelLimits = { maxWeight: 30_000, maxLength: 1200, maxWidth: 800, maxHeight: 600 };

export const tariffs: CourierTariff[] = [
  {
    code: TARIFF.courier,
    type: 'courier',
    name: toCrmText(texts.example.tariffs.courier.name),
    description: toCrmText(texts.example.tariffs.courier.description),
  },
  {
    code: TARIFF.express,
    type: 'courier',
    name: toCrmText(texts.example.tariffs.express.name),
    description: toCrmText(texts.example.tariffs.express.description),
  },
  {
    code: TARIFF.pickup,
    type: 'selfDelivery',
    name: toCrmText(texts.example.tariffs.pickup.name),
    description: toCrmText(texts.example.tariffs.pickup.description),
  },
];

/** Values that differ between a country's zones. Amounts in whole currency units, terms in working days. */
export interface ZonePrice {
  base: number;
  perKilogram: number;
  days: [number, number];
}

/** Values that all prices of a country share, in whole units of its currency. */
export interface CountryTerms {
  extraPackage: number;
  fitting: number;
  insuredFreeUpTo: number;
  codMinimum: number;
  maxCod: number;
  maxDeclaredValue: number;
}

const LIMITS: Readonly<Record<string, ParcelLimits>> = {
  [TARIFF.courier]: COURIER_LIMITS,
  [TARIFF.express]: EXPRESS_LIMITS,
  [TARIFF.pickup]: PICKUP_LIMITS,
};

/** Builds an example price: base up to 1 kg, then by kilogram. 0.5 % insurance, 2 % cash on delivery. */
export function buildPrice(tariff: string, zone: ZonePrice, country: CountryTerms): TablePrice {
  const minor = (amount: number): number => Math.round(amount * 100);
  return {
    tariff,
    basePrice: minor(zone.base),
    baseWeight: 1000,
    stepPrice: minor(zone.perKilogram),
    stepWeight: 1000,
    extraPackagePrice: minor(country.extraPackage),
    fittingPrice: tariff === TARIFF.pickup ? 0 : minor(country.fitting),
    insuranceBasisPoints: 50,
    insuranceFreeUpTo: minor(country.insuredFreeUpTo),
    codBasisPoints: 200,
    codMinimum: minor(country.codMinimum),
    maxCod: minor(country.maxCod),
    maxDeclaredValue: minor(country.maxDeclaredValue),
    minDays: zone.days[0],
    maxDays: zone.days[1],
    limits: LIMITS[tariff] ?? COURIER_LIMITS,
  };
}

/** Builds an area of the country with the given lists. */
export function buildArea(country: string, places: { regions?: string[]; cities?: string[]; postalCodes?: string[] }): PriceArea {
  return { country, regions: places.regions ?? [], cities: places.cities ?? [], postalCodes: places.postalCodes ?? [] };
}

export const CITY_WINDOWS: CourierWindow[] = [
  { part: 'morning', from: '09:00', to: '12:00' },
  { part: 'day', from: '12:00', to: '18:00' },
  { part: 'evening', from: '18:00', to: '22:00' },
];

export const COUNTRY_WINDOWS: CourierWindow[] = [
  { part: 'morning', from: '09:00', to: '14:00' },
  { part: 'day', from: '14:00', to: '20:00' },
];

/** Limits of the example network's pickup points. */
export const POINT_LIMITS = {
  shop: { maxWeight: 30_000, maxLength: 1200, maxWidth: 800, maxHeight: 600 },
  locker: { maxWeight: 15_000, maxLength: 600, maxWidth: 400, maxHeight: 380 },
  counter: { maxWeight: 20_000, maxLength: 800, maxWidth: 600, maxHeight: 500 },
} satisfies Record<string, ParcelLimits>;
