import { isRefusal, lookUntil, makeError } from '#provider-kit';
import type { Cdek, CdekMethod, CdekOrderReply } from './cdek.api.js';
import { type CdekRequest, isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { hasMoved } from './cdek.statuses.js';
import { texts } from './cdek.texts.js';
import { findAcceptedRequest, findDeliveryOrder, getStatus, isRefused } from './order.js';

/**
 * Deletes an order that CDEK does not have yet, or refuses it so that the parcel returns. Succeeds if it is
 * gone.
 * @throws ProviderError `rejected` once the parcel is handed over
 */
export const cancelOrder: CdekMethod<'cancel'> = async (api, delivery, context) => {
  const reply = await findDeliveryOrder(api, delivery, context);
  // CDEK refused or deleted it: there is nothing to withdraw.
  if (reply === undefined || isRefused(reply)) return;
  const status = getStatus(reply, context);
  if (status === 'cancelled' || status === 'not-delivered') return;
  if (status === 'delivered' || status === 'partly-delivered' || status === 'collected') throw makeError('rejected', texts.handedOver);
  const { uuid } = reply.entity;
  if (hasMoved(status)) return refuseParcel(api, reply, context);
  try {
    await deleteOrder(api, uuid, context);
  } catch (error) {
    // CDEK took the parcel in meanwhile.
    const now = isRefusal(error) ? await api.unlessMissing(api.order(context, { id: uuid })) : undefined;
    if (now === undefined || !hasMoved(getStatus(now, context))) throw error;
    await refuseParcel(api, now, context);
  }
};

/** Deletes an order and waits for it. Throws ProviderError `unknown_outcome` if it is not gone in time. */
async function deleteOrder(api: Cdek, uuid: string, context: CdekContext): Promise<void> {
  const deleted = await api.unlessMissing(api.deleteOrder(context, { id: uuid }));
  if (!deleted) return;
  const { requests = [] } = deleted;
  api.refuseInvalid(requests);
  const seen = await lookUntil(
    async () => ({ reply: await api.unlessMissing(api.order(context, { id: uuid })) }),
    ({ reply }) =>
      reply === undefined ||
      !isPending(findAcceptedRequest(reply, requests, 'DELETE') ?? { state: 'WAITING' }) ||
      getStatus(reply, context) === 'cancelled',
    context,
  );
  if (seen === undefined) throw makeError('unknown_outcome', texts.notDeleted);
  const { reply } = seen;
  if (reply === undefined || getStatus(reply, context) === 'cancelled') return;
  const request = findAcceptedRequest(reply, requests, 'DELETE');
  if (isInvalid(request)) throw api.refuse(request?.errors);
  throw makeError('unknown_outcome', texts.notDeleted);
}

/**
 * Sends the parcel back to the shop, once.
 * @throws ProviderError `rejected` if CDEK rejects it, `unknown_outcome` if it has not checked it in time
 */
export async function refuseParcel(api: Cdek, reply: CdekOrderReply, context: CdekContext): Promise<void> {
  const { uuid } = reply.entity;
  // An earlier call has requested it, and CDEK has not rejected that.
  const known = reply.requests?.find((request) => request.type?.includes('REFUS') === true && !isInvalid(request));
  const { requests = [] } = known ? { requests: [known] } : await api.refuseParcel(context, { id: uuid });
  await awaitChange(api, { uuid, requests }, (now) => getStatus(now, context) === 'not-delivered', context);
}

/**
 * Waits until CDEK has checked accepted requests about an order, or the order shows their effect.
 * @throws ProviderError `rejected` if CDEK rejects them, `unknown_outcome` if it has not checked them in time
 */
export async function awaitChange(
  api: Cdek,
  { uuid, requests }: { uuid: string; requests: readonly CdekRequest[] },
  isDone: (reply: CdekOrderReply) => boolean,
  context: CdekContext,
): Promise<void> {
  api.refuseInvalid(requests);
  const ids = requests.flatMap(({ request_uuid }) => request_uuid ?? []);
  const findOwn = ({ requests: all = [] }: CdekOrderReply): CdekRequest | undefined =>
    all.find(({ request_uuid }) => request_uuid !== undefined && ids.includes(request_uuid));
  const seen = await lookUntil(
    () => api.order(context, { id: uuid }),
    (reply) => isDone(reply) || !isPending(findOwn(reply) ?? { state: 'WAITING' }),
    context,
  );
  const own = seen && findOwn(seen);
  if (isInvalid(own)) throw api.refuse(own?.errors);
  if (seen === undefined || (!isDone(seen) && isPending(own ?? { state: 'WAITING' }))) throw makeError('unknown_outcome', texts.notChecked);
}
