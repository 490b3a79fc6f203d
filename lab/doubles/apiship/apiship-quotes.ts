import { setTimeout as sleep } from 'node:timers/promises';
import { checkDirection } from './apiship-checks.js';
import type { ApiShipModes } from './apiship-modes.js';
import {
  type ApiShipCity,
  type ApiShipConnection,
  type ApiShipDirection,
  type ApiShipTariff,
  findCarrier,
  findCity,
  findTariff,
  POINTS,
  TARIFFS,
} from './apiship-network.js';
import { type ApiShipOrderBody, invalid, refuse, toKopecks } from './apiship-objects.js';

/** A question for prices. */
export interface ApiShipQuoteBody {
  from: ApiShipDirection;
  to: ApiShipDirection;
  places: { weight: number; width?: number; height?: number; length?: number }[];
  pickupTypes?: number[];
  deliveryTypes?: number[];
  providerKeys?: string[];
  tariffIds?: number[];
  pointOutId?: number;
  assessedCost?: number;
  codCost?: number;
  includeFees?: boolean;
  timeout?: number;
}

type Groups = { providerKey: string; tariffs: object[] }[];

/** A valid request for a quote. `from` and `to` are undefined for places without carriers. */
export interface ApiShipQuestion {
  body: ApiShipQuoteBody;
  from: ApiShipCity | undefined;
  to: ApiShipCity | undefined;
  connections: readonly ApiShipConnection[];
  carriers: readonly string[];
}

/** Checks a question for mistakes that no schema can express. Throws Refusal. */
export function readQuestion(body: ApiShipQuoteBody, connections: readonly ApiShipConnection[]): ApiShipQuestion {
  const { from, to, providerKeys, assessedCost = 0, codCost = 0 } = body;
  if (connections.length === 0) throw refuse(400, '040006', 'Не подключена ни одна служба доставки');
  checkDirection('from', from);
  checkDirection('to', to);
  for (const [field, sum] of Object.entries({ assessedCost, codCost }))
    if (Number.isNaN(toKopecks(sum))) throw invalid({ [field]: 'Не больше двух знаков после точки' }, '040003');
  const connected = [...new Set(connections.map(({ providerKey }) => providerKey))];
  const carriers = connected.filter((key) => !providerKeys?.length || providerKeys.includes(key));
  return { body, connections, carriers, from: findCity(from), to: findCity(to) };
}

/**
 * Replies to a calculation. A carrier beyond the timeout is omitted. Lists are empty for places without
 * carriers.
 */
export async function quote(
  question: ApiShipQuestion,
  { carrierMs, fees, morePointIds }: ApiShipModes,
): Promise<{ deliveryToDoor: Groups; deliveryToPoint: Groups }> {
  const { timeout = 10_000 } = question.body;
  const takes = (key: string): number => carrierMs[key] ?? 0;
  await sleep(Math.min(timeout, Math.max(0, ...question.carriers.map(takes))));
  const inTime = question.carriers.filter((key) => takes(key) <= timeout);
  const body = { ...question.body, ...(fees === 'apart' && { includeFees: false }) };
  const toGroups = (deliveryType: 1 | 2): Groups =>
    listGroups(inTime, (key) =>
      listTariffs(body, key, deliveryType).flatMap((tariff) => priceOf(tariff, { ...question, body }, deliveryType, morePointIds)),
    );
  return { deliveryToDoor: toGroups(1), deliveryToPoint: toGroups(2) };
}

/** The carriage of an order in roubles, without fees. */
export function costOf({ order, sender, recipient, places }: ApiShipOrderBody): number {
  const tariff = findTariff(order.tariffId);
  return tariff ? toRoubles(carriageOf(tariff, { places }, findCity(sender) === findCity(recipient)) * 100) : 0;
}

function listGroups(carriers: readonly string[], listOf: (key: string) => object[]): Groups {
  return carriers.map((providerKey) => ({ providerKey, tariffs: listOf(providerKey) })).filter(({ tariffs }) => tariffs.length > 0);
}

function listTariffs(
  { pickupTypes = [1, 2], deliveryTypes = [1, 2], tariffIds }: ApiShipQuoteBody,
  providerKey: string,
  deliveryType: 1 | 2,
): ApiShipTariff[] {
  return TARIFFS.filter(
    (one) =>
      one.providerKey === providerKey &&
      deliveryTypes.includes(deliveryType) &&
      (one.deliveryType ?? deliveryType) === deliveryType &&
      (one.pickupType === null || pickupTypes.includes(one.pickupType)) &&
      (!tariffIds?.length || tariffIds.includes(one.id)),
  );
}

/** The tariff's row, if it goes there with such parcels. */
function priceOf(
  tariff: ApiShipTariff,
  { body, from, to, connections }: ApiShipQuestion,
  deliveryType: 1 | 2,
  morePointIds: number,
): object[] {
  const { places, assessedCost = 0, codCost = 0, includeFees = false } = body;
  const carrier = findCarrier(tariff.providerKey);
  const connection = connections.find(({ providerKey }) => providerKey === tariff.providerKey);
  if (!from || !to || !connection || !carrier) return [];
  const pointIds = deliveryType === 2 ? listPoints(tariff.providerKey, to, body.pointOutId) : [];
  const isServed = [from, to].every(({ countryCode }) => carrier.countries.includes(countryCode));
  if (!isServed || (deliveryType === 2 && pointIds.length === 0)) return [];
  if (places.some(({ weight }) => weight > carrier.heaviest)) return [];
  const price = toRoubles(carriageOf(tariff, body, from === to) * 100 - (deliveryType === 2 && tariff.deliveryType === null ? 10_000 : 0));
  const insuranceFee = toRoubles(assessedCost * connection.insuranceRate);
  const cashServiceFee = toRoubles(codCost * connection.cashServiceRate);
  const deliveryCost = toRoubles((price + (includeFees ? insuranceFee + cashServiceFee : 0)) * 100);
  const more = from === to ? 0 : 2;
  const [daysMin, daysMax] = [tariff.days[0] + more, tariff.days[1] + more];
  return [
    {
      ...{ tariffProviderId: tariff.providerTariff, tariffId: tariff.id, tariffName: tariff.name },
      ...{ from: null, pickupTypes: tariff.pickupType === null ? [1, 2] : [tariff.pickupType], deliveryTypes: [deliveryType] },
      ...{ deliveryCost, deliveryCostOriginal: deliveryCost, feesIncluded: includeFees, insuranceFee, cashServiceFee },
      ...{ daysMin, daysMax, calendarDaysMin: daysMin, calendarDaysMax: daysMax + 1, workDaysMin: daysMin, workDaysMax: daysMax },
      ...(deliveryType === 2 && { pointIds: [...pointIds, ...listOthers(morePointIds)] }),
    },
  ];
}

function listPoints(key: string, to: ApiShipCity, only: number | undefined): number[] {
  return POINTS.filter(
    ({ id, providerKey, city, enabled, availableOperation }) =>
      providerKey === key && city === to.city && enabled && availableOperation !== 1 && (only === undefined || id === only),
  ).map(({ id }) => id);
}

function listOthers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 1_000_000 + index);
}

/** Roubles for all places by their real or volumetric weight. A missing side counts as 10 cm. */
function carriageOf({ base, perKilogram }: ApiShipTariff, { places }: Pick<ApiShipQuoteBody, 'places'>, isNear: boolean): number {
  const kilograms = places.reduce(
    (sum, { weight, width = 10, height = 10, length = 10 }) => sum + Math.max(weight / 1_000, (width * height * length) / 5_000),
    0,
  );
  return (base + perKilogram * Math.ceil(kilograms)) * (isNear ? 1 : 1.5);
}

function toRoubles(kopecks: number): number {
  return Math.round(kopecks) / 100;
}
