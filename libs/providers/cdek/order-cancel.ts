import type { ExistingDelivery } from '#delivery/port';
import { ProviderError } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { explain, explainRefusal, isNotFound, throwIfInvalid, toRefusal, unlessMissing } from './cdek.errors.js';
import { CdekAcceptedReply, type CdekRequest, isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { hasMoved } from './cdek.statuses.js';
import { makeError, texts } from './cdek.texts.js';
import { type CdekOrderReply, findAcceptedRequest, findDeliveryOrder, getStatus, isRefused, readOrder } from './order.js';
import { lookUntil } from './waiting.js';

/**
 * Deletes an order that CDEK does not have yet, or refuses it so that the parcel returns. Succeeds if it is
 * gone.
 * @throws ProviderError `rejected` once the parcel is handed over
 */
export async function cancelOrder(client: CdekClient, delivery: ExistingDelivery, context: CdekContext): Promise<void> {
  const reply = await findDeliveryOrder(client, delivery, context);
  // CDEK refused or deleted it: there is nothing to withdraw.
  if (reply === undefined || isRefused(reply)) return;
  const status = getStatus(reply, context);
  if (status === 'cancelled' || status === 'not-delivered') return;
  if (status === 'delivered' || status === 'collected') throw makeError('rejected', texts.handedOver, context);
  const { uuid } = reply.entity;
  if (hasMoved(status)) return refuseParcel(client, reply, context);
  try {
    await deleteOrder(client, uuid, context);
  } catch (error) {
    // CDEK took the parcel in meanwhile.
    const isRejected = error instanceof ProviderError && error.kind === 'rejected';
    const now = isRejected ? await unlessMissing(readOrder(client, uuid, context)) : undefined;
    if (now === undefined || !hasMoved(getStatus(now, context))) throw error;
    await refuseParcel(client, now, context);
  }
}

/** Deletes an order and waits for it. Throws ProviderError `unknown_outcome` if it is not gone in time. */
async function deleteOrder(client: CdekClient, uuid: string, context: CdekContext): Promise<void> {
  let requests: readonly CdekRequest[];
  try {
    const call = { method: 'DELETE', path: `/orders/${encodeURIComponent(uuid)}`, effect: true } as const;
    ({ requests = [] } = await client.read(CdekAcceptedReply, call, context));
  } catch (error) {
    if (isNotFound(error)) return;
    throw explain(error);
  }
  throwIfInvalid(requests);
  const seen = await lookUntil(
    async () => ({ reply: await unlessMissing(readOrder(client, uuid, context)) }),
    ({ reply }) =>
      reply === undefined ||
      !isPending(findAcceptedRequest(reply, requests, 'DELETE') ?? { state: 'WAITING' }) ||
      getStatus(reply, context) === 'cancelled',
    context,
  );
  if (seen === undefined) throw makeError('unknown_outcome', texts.notDeleted, context);
  const { reply } = seen;
  if (reply === undefined || getStatus(reply, context) === 'cancelled') return;
  const request = findAcceptedRequest(reply, requests, 'DELETE');
  if (isInvalid(request)) throw explain(toRefusal(request));
  throw makeError('unknown_outcome', texts.notDeleted, context);
}

/** Sends the parcel back to the shop; once is enough. */
async function refuseParcel(client: CdekClient, reply: CdekOrderReply, context: CdekContext): Promise<void> {
  if (isComingBack(reply)) return;
  const call = { method: 'POST', path: `/orders/${encodeURIComponent(reply.entity.uuid)}/refusal`, effect: true } as const;
  const { requests = [] } = await explainRefusal(client.read(CdekAcceptedReply, call, context));
  throwIfInvalid(requests);
}

/** Whether the shop has asked for the parcel back and CDEK has not said no. */
function isComingBack({ requests = [] }: CdekOrderReply): boolean {
  return requests.some((request) => request.type?.includes('REFUS') === true && !isInvalid(request));
}
