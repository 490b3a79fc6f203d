import type { Decision, ExistingDelivery } from '#delivery/port';
import { lookUntil, makeError, makeFieldError } from '#provider-kit';
import type { Cdek, CdekAccepted, CdekMethod, CdekOrderReply } from './cdek.api.js';
import { isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { hasMoved, isFinal } from './cdek.statuses.js';
import { texts } from './cdek.texts.js';
import { findPlace } from './cities.js';
import { awaitChange, refuseParcel } from './order-cancel.js';
import { findDeliveryOrder, getStatus } from './order.js';
import { readRelated } from './outcome.js';
import { type CdekAddress, toRecipientAddress } from './parties.js';

/** `POST /delivery` */
interface CdekAgreementRequest {
  order_uuid: string;
  /** `YYYY-MM-DD`. */
  date: string;
  time_from?: string;
  time_to?: string;
  delivery_point?: string;
  to_location?: CdekAddress;
}

/** Agrees a day, an address or an office with CDEK, also of a parcel on its way, or sends it back. */
export const decide: CdekMethod<'decide'> = async (api, delivery, decision, context) => {
  const order = await findDeliveryOrder(api, delivery, context);
  const status = order && getStatus(order, context);
  if (order === undefined || status === undefined || status === 'cancelled') throw makeError('rejected', texts.deletedThere);
  // An earlier call sent it back.
  if (decision.kind === 'return' && status === 'not-delivered') return;
  if (decision.kind === 'clientReturn') {
    if (status !== 'delivered' && status !== 'partly-delivered') throw makeError('rejected', texts.notHandedOver);
    return returnFromClient(api, order, delivery, context);
  }
  if (isFinal(status)) throw makeError('rejected', texts.handedOver);
  if (decision.kind === 'keep') throw makeError('rejected', texts.notKept);
  if (decision.kind === 'deliver') return agree(api, await toAgreement(api, order.entity.uuid, decision, context), context);
  if (!hasMoved(status)) throw makeError('rejected', texts.notMoved);
  return refuseParcel(api, order, context);
};

/** The days and hours that CDEK offers for an order. */
export const listDeliveryDays: CdekMethod<'listDeliveryDays'> = async (api, { externalId }, context) => {
  const { date_intervals = [] } = await api.deliveryIntervals(context, { query: { order_uuid: externalId } });
  return date_intervals.map(({ date, time_intervals = [] }) => ({
    date,
    times: time_intervals.map(({ start_time, end_time }) => ({ from: cutSeconds(start_time), to: cutSeconds(end_time) })),
  }));
};

async function toAgreement(
  api: Cdek,
  order_uuid: string,
  { date, time: { from, to: until } = {}, to }: Decision & { kind: 'deliver' },
  context: CdekContext,
): Promise<CdekAgreementRequest> {
  const hours = { ...(from && { time_from: from }), ...(until && { time_to: until }) };
  if (to?.terminal) return { order_uuid, date, ...hours, delivery_point: to.terminal };
  if (!to) return { order_uuid, date, ...hours };
  // CDEK needs the hours of a visit at a door.
  if (!from || !until) throw makeFieldError('deliveryTime', texts.hoursNeeded, texts.required);
  return { order_uuid, date, ...hours, to_location: toRecipientAddress(to, await findPlace(api, to, {}, context)) };
}

/** Sends an agreement, which replaces the one before, and waits until CDEK has checked it. */
async function agree(api: Cdek, json: CdekAgreementRequest, context: CdekContext): Promise<void> {
  const { entity, requests } = await api.createAgreement(context, { json });
  api.refuseInvalid(requests);
  const seen = await lookUntil(
    () => api.agreement(context, { id: entity.uuid }),
    (reply) => !reply.requests?.some(isPending),
    context,
  );
  const refused = seen?.requests?.find(isInvalid);
  if (refused) throw api.refuse(refused.errors);
  if (seen === undefined || seen.requests?.some(isPending)) throw makeError('unknown_outcome', texts.notAgreed);
}

/** Registers a return of the whole order from the buyer. Finds an earlier one by CDEK's links. */
async function returnFromClient(api: Cdek, order: CdekOrderReply, { related = [] }: ExistingDelivery, context: CdekContext): Promise<void> {
  const { uuid } = order.entity;
  const known = await readRelated(api, order, related, context);
  if (known.some(({ kind, state }) => kind === 'clientReturn' && state !== 'withdrawn')) return;
  const earlier = order.requests?.find((request) => request.type === 'CREATE_CLIENT_RETURN' && isPending(request));
  const { entity, requests = [] } = earlier ? { entity: { uuid }, requests: [earlier] } : await createReturn(api, uuid, context);
  // CDEK does not publish whether the reply has the id of the order or of its return.
  const isMade = ({ entity: made, related_entities: links = [] }: CdekOrderReply): boolean =>
    made.uuid === uuid
      ? links.some((link) => link.type === 'client_return_order' && !known.some(({ externalId }) => externalId === link.uuid))
      : made.cdek_number !== undefined;
  await awaitChange(api, { uuid: entity.uuid, requests }, isMade, context);
}

function createReturn(api: Cdek, id: string, context: CdekContext): Promise<CdekAccepted> {
  const { returnTariff: tariff_code } = context.settings;
  if (tariff_code === undefined) throw makeError('rejected', texts.noReturnTariff);
  return api.returnFromClient(context, { id, json: { tariff_code } });
}

/** `HH:MM` of a time with or without seconds. */
function cutSeconds(time: string): string {
  return time.slice(0, 5);
}
