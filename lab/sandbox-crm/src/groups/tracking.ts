import { invalid } from '../engine/api-error.js';
import type { Call } from '../engine/call.js';
import { type JsonObject, asNumber, asObject, asObjects, asText } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type { Delivery, DeliveryStatus } from '../store/state.js';
import { installedModule } from './integration.group.js';

/**
 * `delivery/generic/{subcode}/tracking`, all or nothing: unknown deliveries or codes, or statuses without
 * code or time, reject the call by field. Statuses are added to the history, and older ones are marked.
 */
export function tracking(call: Call): JsonObject {
  const code = call.path['subcode'] ?? '';
  const registration = installedModule(call, code);
  const known = listStatuses(registration);
  const items = asObjects(call.input['statusUpdate']);
  const errors: { [field: string]: string } = {};
  if (items.length === 0) errors['statusUpdate'] = 'must hold at least one delivery';
  const deliveries = items.map((item, index) => {
    const path = `statusUpdate[${index}]`;
    const deliveryId = asText(item['deliveryId']);
    if (deliveryId === undefined) errors[`${path}.deliveryId`] = 'is required';
    const delivery = deliveryId === undefined ? undefined : call.crm.delivery(code, deliveryId);
    if (deliveryId !== undefined && !delivery) errors[`${path}.deliveryId`] = `no delivery "${deliveryId}" of this module is known`;
    asObjects(item['history']).forEach((status, position) => {
      const place = `${path}.history[${position}]`;
      const statusCode = asText(status['code']);
      if (statusCode === undefined) errors[`${place}.code`] = 'is required';
      else if (!known.has(statusCode)) errors[`${place}.code`] = `"${statusCode}" is not in the module's status list`;
      if (asText(status['updatedAt']) === undefined) errors[`${place}.updatedAt`] = 'is required';
    });
    return delivery;
  });
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const seen = new Set<string>();
  items.forEach((item, index) => {
    const delivery = deliveries[index];
    if (!delivery) return;
    if (seen.has(delivery.deliveryId))
      call.remark(`statusUpdate[${index}]: delivery ${delivery.deliveryId} is there twice; its statuses should share one item`);
    seen.add(delivery.deliveryId);
    apply(call, delivery, item, `statusUpdate[${index}]`, known);
  });
  call.crm.changed();
  return {};
}

function apply(call: Call, delivery: Delivery, item: JsonObject, path: string, names: ReadonlyMap<string, string>): void {
  let previous: number | undefined;
  for (const [position, status] of asObjects(item['history']).entries()) {
    const updatedAt = asText(status['updatedAt']) ?? '';
    const time = Date.parse(updatedAt);
    if (previous !== undefined && time < previous)
      call.remark(`${path}.history[${position}] is older than the one before it; the oldest comes first`);
    previous = time;
    const added = addStatus(delivery, {
      code: asText(status['code']) ?? '',
      updatedAt,
      comment: asText(status['comment']),
      receivedAt: call.crm.instant().toISOString(),
      call: call.exchangeId,
    });
    // A call whose reply was lost is sent again, with its older statuses.
    if (added.older && !added.repeated)
      call.remark(
        `${path}.history[${position}]: "${added.code}" of ${updatedAt} is older than what delivery ${delivery.deliveryId} already has`,
      );
  }
  const trackNumber = asText(item['trackNumber']);
  if (trackNumber !== undefined) delivery.trackNumber = trackNumber;
  const cost = asNumber(item['cost']);
  if (cost !== undefined) delivery.cost = cost;
  Object.assign(delivery.extraData, asObject(item['extraData']));
  showOnOrder(call.crm, delivery, names);
}

/** Adds a status to a delivery's history. The newest by time is the current one. */
export function addStatus(delivery: Delivery, status: Omit<DeliveryStatus, 'older' | 'repeated'>): DeliveryStatus {
  const time = status.updatedAt === undefined ? undefined : Date.parse(status.updatedAt);
  const times = delivery.history
    .map((one) => (one.updatedAt === undefined ? undefined : Date.parse(one.updatedAt)))
    .filter((one) => one !== undefined);
  const older = time !== undefined && times.some((one) => one > time);
  const repeated = delivery.history.some(
    (one) => one.code === status.code && one.updatedAt === status.updatedAt && status.updatedAt !== undefined,
  );
  const added = { ...status, older, repeated };
  delivery.history.push(added);
  if (!older) delivery.status = status.code;
  return added;
}

/** Shows the delivery's state on its order, in `delivery.data`. */
export function showOnOrder(crm: AccountContext, delivery: Delivery, names: ReadonlyMap<string, string>): void {
  const order = crm.find('orders', 'id', delivery.orderId);
  if (!order) return;
  const orderDelivery = asObject(order['delivery']);
  const data = asObject(orderDelivery['data']);
  const newest = delivery.history.findLast((one) => !one.older);
  data['externalId'] = delivery.deliveryId;
  if (delivery.trackNumber !== undefined) data['trackNumber'] = delivery.trackNumber;
  if (delivery.cost !== undefined) data['cost'] = delivery.cost;
  if (Object.keys(delivery.extraData).length > 0) data['extraData'] = { ...delivery.extraData };
  if (newest) {
    data['status'] = newest.code;
    data['statusText'] = names.get(newest.code) ?? newest.code;
    data['statusDate'] = newest.updatedAt ?? newest.receivedAt;
    if (newest.comment !== undefined) data['statusComment'] = newest.comment;
  }
  order['delivery'] = { ...orderDelivery, data };
}

/** Removes a canceled delivery from its order. Tariff, point and packages stay for the next save. */
export function removeFromOrder(crm: AccountContext, delivery: Delivery): void {
  delivery.deleted = true;
  const data = asObject(asObject(crm.find('orders', 'id', delivery.orderId)?.['delivery'])['data']);
  for (const field of ['externalId', 'trackNumber', 'status', 'statusText', 'statusDate', 'statusComment', 'cost', 'extraData'])
    delete data[field];
  crm.changed();
}

/** Returns the statuses of a registration: code to name. */
export function listStatuses(registration: JsonObject): ReadonlyMap<string, string> {
  const list = asObjects(asObject(asObject(registration['integrations'])['delivery'])['statusList']);
  return new Map(list.map((status) => [asText(status['code']) ?? '', asText(status['name']) ?? '']));
}
