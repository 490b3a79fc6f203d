import type { ApiShipModes } from './apiship-modes.js';
import { type ApiShipConnection, type ApiShipDirection, findCarrier, findPoint, findTariff } from './apiship-network.js';
import { type ApiShipOrderBody, invalid, refuse, toKopecks } from './apiship-objects.js';

/** The rate that 22 % replaced in 2026. */
const OLD_VAT = 20;

/** Checks an order for mistakes that no schema can express. Throws Refusal with the fields. */
export function checkOrder(body: ApiShipOrderBody, connections: readonly ApiShipConnection[], modes: ApiShipModes): void {
  checkConnection(body, connections, modes);
  const wrong = { ...findWrongWays(body), ...findWrongSums(body, modes), ...findWrongDates(body) };
  if (Object.keys(wrong).length > 0) throw invalid(wrong);
}

/** A direction of the calculator needs a city in some form. A postcode is not enough. */
export function checkDirection(field: 'from' | 'to', { cityGuid, addressString, city }: ApiShipDirection): void {
  if (cityGuid === undefined && addressString === undefined && city === undefined)
    throw invalid({ [`${field}.city`]: 'Укажите cityGuid, city или addressString' }, '040003');
}

/** The problem that the carrier itself finds, in its words. Undefined if there is none. */
export function findCarrierProblem({ order, cost, places }: ApiShipOrderBody): string | undefined {
  const carrier = findCarrier(order.providerKey);
  const [pointOut, pointIn] = [findPoint(order.pointOutId), findPoint(order.pointInId)];
  const heaviest = Math.max(...places.map(({ weight }) => weight));
  if (carrier && heaviest > carrier.heaviest) return `Вес места больше ${carrier.heaviest} г`;
  if (order.deliveryType === 2 && pointOut && heaviest > (pointOut.limits.maxWeight ?? Infinity)) return 'Вес больше допустимого в пункте';
  if (order.deliveryType === 2 && pointOut && cost.codCost > 0 && pointOut.cod !== 1) return 'Пункт не принимает наложенный платёж';
  if (order.deliveryType === 2 && pointOut?.multiplaceDeliveryAllowed === 0 && places.length > 1) return 'В пункт только одно место';
  if (order.pickupType === 2 && pointIn && pointIn.availableOperation === 2) return 'Пункт не принимает отправления';
  return undefined;
}

function checkConnection(
  { order: { providerKey, providerConnectId } }: ApiShipOrderBody,
  connections: readonly ApiShipConnection[],
  { connectIds }: ApiShipModes,
): void {
  if (connections.length === 0) throw refuse(400, '040006', 'Не подключена ни одна служба доставки');
  if (!findCarrier(providerKey)) throw invalid({ 'order.providerKey': 'Нет такой службы доставки' });
  const own = connections.filter((one) => one.providerKey === providerKey);
  if (own.length === 0) throw refuse(400, '040005', `Нет параметров доступа к ${providerKey}`);
  const field = 'order.providerConnectId';
  if (providerConnectId === undefined) {
    if (own.length > 1) throw invalid({ [field]: 'У службы несколько подключений: укажите одно' });
    return;
  }
  if (connectIds !== 'either' && typeof providerConnectId !== connectIds) throw invalid({ [field]: `Ожидается ${connectIds}` });
  if (!own.some(({ id }) => id === Number(providerConnectId))) throw invalid({ [field]: 'Нет такого подключения' });
}

function findWrongWays({ order }: ApiShipOrderBody): Record<string, string> {
  const tariff = findTariff(order.tariffId);
  const wrong: Record<string, string> = {};
  if (tariff?.providerKey !== order.providerKey) wrong['order.tariffId'] = 'Нет такого тарифа у службы доставки';
  if (tariff && (tariff.pickupType ?? order.pickupType) !== order.pickupType) wrong['order.pickupType'] = 'Тариф не для этого забора';
  if (tariff && (tariff.deliveryType ?? order.deliveryType) !== order.deliveryType)
    wrong['order.deliveryType'] = 'Тариф не для этой доставки';
  if (order.pickupType === 2 && findPoint(order.pointInId)?.providerKey !== order.providerKey)
    wrong['order.pointInId'] = order.pointInId === undefined ? 'Обязательное поле' : 'Нет такого пункта у службы доставки';
  if (order.deliveryType === 2 && findPoint(order.pointOutId)?.providerKey !== order.providerKey)
    wrong['order.pointOutId'] = order.pointOutId === undefined ? 'Обязательное поле' : 'Нет такого пункта у службы доставки';
  return wrong;
}

/** Sums have to fit to the kopeck. */
function findWrongSums({ cost, places }: ApiShipOrderBody, modes: ApiShipModes): Record<string, string> {
  const items = places.flatMap(({ items: own = [] }, index) => own.map((item, at) => ({ item, path: `places[${index}].items[${at}]` })));
  const wrong: Record<string, string> = {};
  let [assessed, paid] = [0, 0];
  for (const { item, path } of items) {
    const [one, price] = [toKopecks(item.assessedCost ?? 0), toKopecks(item.cost ?? 0)];
    if (Number.isNaN(one)) wrong[`${path}.assessedCost`] = 'Не больше двух знаков после точки';
    if (Number.isNaN(price)) wrong[`${path}.cost`] = 'Не больше двух знаков после точки';
    if (item.costVat === OLD_VAT && price > 0 && modes.oldVat === 'refused') wrong[`${path}.costVat`] = 'С 2026 года ставка 22 %';
    if (item.markCode !== undefined && item.quantity !== 1) wrong[`${path}.quantity`] = 'С кодом маркировки количество только 1';
    assessed += one * item.quantity;
    paid += price * item.quantity;
  }
  if (cost.deliveryCostVat === OLD_VAT && (cost.deliveryCost ?? 0) > 0 && modes.oldVat === 'refused')
    wrong['cost.deliveryCostVat'] = 'С 2026 года ставка 22 %';
  for (const field of ['assessedCost', 'codCost', 'deliveryCost'] as const)
    if (Number.isNaN(toKopecks(cost[field] ?? 0))) wrong[`cost.${field}`] = 'Не больше двух знаков после точки';
  if (Object.keys(wrong).length > 0) return wrong;
  const [declared, cod, delivery] = [toKopecks(cost.assessedCost), toKopecks(cost.codCost), toKopecks(cost.deliveryCost ?? 0)];
  if (declared !== assessed) wrong['cost.assessedCost'] = 'Не равна сумме оценочных стоимостей товаров';
  // A prepaid order may name the price of its delivery, outside of `codCost`.
  const isPrepaid = cod === 0 && paid === 0;
  if (!isPrepaid && cod !== paid + delivery) wrong['cost.codCost'] = 'Не равна сумме стоимостей товаров и доставки';
  return wrong;
}

function findWrongDates({ order }: ApiShipOrderBody): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (isPast(order.pickupDate)) wrong['order.pickupDate'] = 'Дата в прошлом';
  if (isPast(order.deliveryDate)) wrong['order.deliveryDate'] = 'Дата в прошлом';
  return wrong;
}

/** Whether a day has ended, with a day of grace, as the sender's day may differ from ours. */
export function isPast(day: string | undefined): boolean {
  return day !== undefined && day < new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
}
