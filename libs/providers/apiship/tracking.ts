import { type CarrierReport, type DeliveryWebhook, type ExistingDelivery, reportGone, type WebhookEvent } from '#delivery/port';
import { sha256Hex } from '#platform';
import { maybe, readWebhook, runInTurns, say, shape, splitIntoParts, text, type WebhookRequest } from '#provider-kit';
import { type Apiship, type ApishipMethod, orderInfo, type OrderState, type OrderStatus } from './apiship.api.js';
import type { ApishipContext, ApishipSettings } from './apiship.settings.js';
import { CANCELLED_STATUS, FIRST_STATUS, getLifeIndex, hasMoved, isRegistering, readStatus } from './apiship.statuses.js';
import { texts } from './apiship.texts.js';
import { getStatus, type Moment, readState, readTrack, toMoment } from './order.js';

/** A webhook of ApiShip's. */
const hook = shape({
  orderInfo,
  status: shape({ key: text, created: maybe(text), createdProvider: maybe(text), providerCode: maybe(text) }),
});

/** ApiShip's most orders of one question. */
const MOST_ORDERS = 100;
/** Number of orders that are read one by one at the same time. */
const MOST_AT_ONCE = 8;
/** The newest statuses of an order that are read. */
const MOST_STATUSES = 50;

/**
 * ApiShip signs nothing and anyone who has the address may post, so an event only makes us read its order
 * again (`unsigned`). Events of the account's other programs concern orders that are unknown here.
 */
export class ApishipWebhook implements DeliveryWebhook<ApishipSettings> {
  readonly unsigned = true;

  verify(): boolean {
    return true;
  }

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse(request: WebhookRequest, context: ApishipContext): WebhookEvent[] {
    const { orderInfo: info, status } = readWebhook(request, hook);
    const told = new Date(status.created ?? status.createdProvider ?? '');
    const updatedAt = Number.isNaN(told.getTime()) ? context.now : told;
    // ApiShip's events have no id. The same event posted again has the same text.
    const id = sha256Hex(JSON.stringify([info.orderId, status.key, status.created, status.createdProvider, status.providerCode]));
    const code = readStatus(status.key, context.settings.statusRules) ?? FIRST_STATUS;
    return [{ id, reports: [{ externalId: info.orderId, code, updatedAt }] }];
  }
}

/** Reads orders, a hundred at a time, and reports their updates. Throws ProviderError. */
export const trackOrders: ApishipMethod<'track'> = async (api, deliveries, context) => {
  const reports: CarrierReport[] = [];
  for (const part of splitIntoParts(deliveries, MOST_ORDERS)) reports.push(...(await trackPart(api, part, context)));
  return reports;
};

async function trackPart(api: Apiship, deliveries: readonly ExistingDelivery[], context: ApishipContext): Promise<CarrierReport[]> {
  const orderIds = deliveries.map(({ externalId }) => Number(externalId));
  const { succeedOrders = [] } = await api.statuses(context, { json: { orderIds } });
  const states = new Map(succeedOrders.map((state) => [state.orderInfo.orderId, state]));
  const answers = await runInTurns(deliveries, MOST_AT_ONCE, (delivery) => {
    const state = states.get(delivery.externalId);
    return state ? reportOrder(api, state, delivery, context) : reportMissing(api, delivery, context);
  });
  // An order that cannot be read now is read with the next poll.
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

/** The updates of an order: its statuses since the last known one, and the present one. */
async function reportOrder(api: Apiship, state: OrderState, delivery: ExistingDelivery, context: ApishipContext): Promise<CarrierReport[]> {
  const { externalId, trackNumber } = delivery;
  const present = toMoment(state.status, context);
  const track = readTrack(state);
  const changes = track.trackNumber === trackNumber ? {} : track;
  const code = getStatus(state, delivery.status, context);
  const past = present && code !== delivery.status ? await readPast(api, delivery, present, context) : [];
  const reports = past.map((moment): CarrierReport => toReport(externalId, moment));
  const dated = datePresent(code, present, delivery, Object.keys(changes).length > 0);
  return dated ? [...reports, { ...dated, ...changes }] : reports;
}

/** The present status with the time it counts from. Undefined when there is nothing to report. */
function datePresent(
  code: string,
  present: Moment | undefined,
  { externalId, status, statusAt }: ExistingDelivery,
  hasChanges: boolean,
): CarrierReport | undefined {
  const own = statusAt.getTime();
  if (code === status && hasChanges)
    return { ...toReport(externalId, present), code, updatedAt: new Date(Math.max(present?.at ?? own, own)) };
  if (present === undefined) return undefined;
  // The time comes from our own clock at a save: ApiShip's status follows it. While an order is being
  // registered, an older status keeps its time, because it may be the rejection that the save has fixed.
  const isOfSave = !hasMoved(status) && !isRegistering(status);
  const at = code !== status && isOfSave ? Math.max(present.at, own) : present.at;
  return { ...toReport(externalId, present), updatedAt: new Date(at) };
}

function toReport(externalId: string, moment: Moment | undefined): CarrierReport {
  return {
    externalId,
    code: moment?.code ?? FIRST_STATUS,
    updatedAt: new Date(moment?.at ?? 0),
    ...(moment?.comment && { comment: moment.comment }),
  };
}

/** The statuses between the delivery's and the present one, oldest first. Empty if they cannot be read. */
async function readPast(api: Apiship, delivery: ExistingDelivery, present: Moment, context: ApishipContext): Promise<Moment[]> {
  const query = { offset: 0, limit: MOST_STATUSES };
  let rows: OrderStatus[];
  try {
    ({ rows } = await api.history(context, { id: delivery.externalId, query }));
  } catch {
    // The present state of the order matters more than its history.
    return [];
  }
  // ApiShip sends whole seconds: within one, the status that is later in life came later.
  const own = Math.floor(delivery.statusAt.getTime() / 1_000) * 1_000;
  const isPast = ({ at, code }: Moment): boolean =>
    (at > own || (at === own && getLifeIndex(code) > getLifeIndex(delivery.status))) &&
    (at < present.at || (at === present.at && code !== present.code));
  return rows
    .flatMap((row) => toMoment(row, context) ?? [])
    .filter(isPast)
    .sort((left, right) => left.at - right.at || getLifeIndex(left.code) - getLifeIndex(right.code));
}

/** An order that ApiShip did not answer for: deleted there, or too new to have a status. */
async function reportMissing(api: Apiship, delivery: ExistingDelivery, context: ApishipContext): Promise<CarrierReport[]> {
  const state = await readState(api, delivery.externalId, context);
  if (state !== undefined) return reportOrder(api, state, delivery, context);
  return reportGone(delivery, CANCELLED_STATUS, say(texts.gone, context), context);
}
