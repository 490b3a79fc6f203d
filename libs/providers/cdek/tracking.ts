import { type CarrierReport, type DeliveryWebhook, type ExistingDelivery, reportGone, type WebhookEvent } from '#delivery/port';
import { fillIn, sha256Hex } from '#platform';
import {
  cutText,
  keepFulfilled,
  maybe,
  ProviderError,
  readWebhook,
  runInTurns,
  say,
  shape,
  text,
  truth,
  type WebhookRequest,
} from '#provider-kit';
import type { Cdek, CdekMethod, CdekOrderReply } from './cdek.api.js';
import { describeProblems } from './cdek.requests.js';
import { type CdekRequest, isInvalid } from './cdek.requests.js';
import type { CdekContext, CdekSettings } from './cdek.settings.js';
import { getLifeIndex, hasMoved, isFinal, readStatus, type StatusCode } from './cdek.statuses.js';
import { texts } from './cdek.texts.js';
import { chooseCurrency, MOST_CHARACTERS } from './cdek.units.js';
import { findDeliveryOrder, findLastRequest, getStatus, readCost, readHistory, toMillis } from './order.js';

/** A webhook of CDEK's; `uuid`: of the order, for ORDER_STATUS; `code`: the status by name. */
const hook = shape({
  ...{ type: text, uuid: text, date_time: maybe(text) },
  attributes: maybe(shape({ is_return: maybe(truth), code: maybe(text), status_date_time: maybe(text), deleted: maybe(truth) })),
});

/** How many orders are read at a time. */
const MOST_AT_ONCE = 8;

/**
 * CDEK signs nothing and anyone who knows the address may post, so an event only makes us read its order
 * again (`unsigned`). Returns and other kinds of event are acknowledged and report nothing.
 */
export class CdekWebhook implements DeliveryWebhook<CdekSettings> {
  readonly unsigned = true;

  verify(): boolean {
    return true;
  }

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse(request: WebhookRequest, context: CdekContext): WebhookEvent[] {
    const { type, uuid, date_time, attributes = {} } = readWebhook(request, hook);
    const { code, status_date_time, is_return, deleted } = attributes;
    if (type !== 'ORDER_STATUS' || is_return === true) return [];
    const updatedAt = new Date(status_date_time ?? date_time ?? '');
    if (code === undefined || Number.isNaN(updatedAt.getTime()))
      throw new ProviderError('invalid', 'The webhook names no status or no time');
    // CDEK's events have no id. The same event posted again has the same text.
    const id = sha256Hex([uuid, code, status_date_time, deleted === true, date_time].join(' '));
    return [{ id, reports: [{ externalId: uuid, code: readStatus(code, context.settings.statusRules), updatedAt }] }];
  }
}

/**
 * Reads orders and reports their updates. Skips an order that cannot be read. Throws the first reason if none
 * can.
 */
export const trackOrders: CdekMethod<'track'> = async (api, deliveries, context) => {
  const answers = await runInTurns(deliveries, MOST_AT_ONCE, (delivery) => trackOrder(api, delivery, context));
  return keepFulfilled(answers).flat();
};

async function trackOrder(api: Cdek, delivery: ExistingDelivery, context: CdekContext): Promise<CarrierReport[]> {
  const reply = await findDeliveryOrder(api, delivery, context);
  if (reply !== undefined) return toReports(reply, delivery, context);
  return reportGone(delivery, 'cancelled', say(texts.gone, context), context);
}

/** A status with the time from CDEK, milliseconds since 1970. */
interface Told {
  code: StatusCode;
  at: number;
  comment: string;
}

/**
 * Maps an order's past and present statuses, the present one dated so that it counts. If CDEK withdrew a
 * status that we have, the previous one is reported with the present time. Known ones change nothing.
 */
function toReports(reply: CdekOrderReply, delivery: ExistingDelivery, context: CdekContext): CarrierReport[] {
  const { externalId } = delivery;
  const told = listTold(reply, context);
  const code = getStatus(reply, context);
  const last = told.findLast((moment) => moment.code === code) ?? told.at(-1);
  const reports: CarrierReport[] = told
    .filter((moment) => moment !== last)
    .map((moment) => ({ externalId, code: moment.code, updatedAt: new Date(moment.at), comment: moment.comment }));
  const changes = findChanges(reply, delivery, context);
  const present = datePresentStatus(code, last, told, Object.keys(changes).length > 0, reply, delivery, context);
  if (present) reports.push({ externalId, ...present, ...changes });
  return reports;
}

/** The statuses CDEK reports, oldest first. A rejection has its reason. */
function listTold(reply: CdekOrderReply, context: CdekContext): Told[] {
  const history = readHistory(reply).map(({ cdek, at, name, city, reason }) => ({
    code: readStatus(cdek, context.settings.statusRules),
    at,
    comment: buildComment(name ?? cdek, city, reason, context),
  }));
  const refusal = findRefusal(reply, context);
  // The request contains the reason for CDEK's rejection, the status does not.
  const told = refusal ? [...history.filter((moment) => moment.code !== refusal.code), refusal] : history;
  return told.sort((left, right) => left.at - right.at || getLifeIndex(left.code) - getLifeIndex(right.code));
}

/** The present status with the time it counts from. Undefined when there is nothing to report. */
function datePresentStatus(
  code: StatusCode,
  last: Told | undefined,
  told: readonly Told[],
  hasChanges: boolean,
  reply: CdekOrderReply,
  delivery: ExistingDelivery,
  context: CdekContext,
): { code: StatusCode; updatedAt: Date; comment?: string } | undefined {
  const at = last?.code === code ? last.at : undefined;
  const own = delivery.statusAt.getTime();
  const comment = last?.code === code ? last.comment : undefined;
  const report = (time: number, words = comment): { code: StatusCode; updatedAt: Date; comment?: string } => ({
    code,
    updatedAt: new Date(time),
    ...(words && { comment: words }),
  });
  if (code === delivery.status) return hasChanges ? report(Math.max(at ?? own, own)) : at === undefined ? undefined : report(at);
  if (at !== undefined && toSeconds(at) > toSeconds(own)) return report(at);
  // Our status was set by our own clock at the save, or before CDEK had the parcel: CDEK's word follows it.
  if (!hasMoved(delivery.status)) return report(own);
  if (wasTakenBack(told, reply, delivery, context))
    return report(Math.max(context.now.getTime(), own + 1_000), describeTakenBack(comment, context));
  return at === undefined ? undefined : report(at);
}

/**
 * Whether CDEK took back the status we have: it marks such a status, or no longer lists it. The latter is
 * sure of a final status only, because nothing else would follow that.
 */
function wasTakenBack(
  told: readonly Told[],
  { entity }: CdekOrderReply,
  { status, statusAt }: ExistingDelivery,
  { settings }: CdekContext,
): boolean {
  const isSame = (code: string, at: number): boolean => code === status && toSeconds(at) === toSeconds(statusAt.getTime());
  if (told.some((moment) => isSame(moment.code, moment.at))) return false;
  const isMarked = (entity.statuses ?? []).some(
    ({ deleted, code, date_time }) => deleted === true && isSame(readStatus(code, settings.statusRules), toMillis(date_time)),
  );
  return isMarked || (isFinal(status) && !told.some((moment) => moment.code === status));
}

function describeTakenBack(comment: string | undefined, context: CdekContext): string {
  return [say(texts.takenBack, context), comment].filter(Boolean).join('; ');
}

/** The refusal of the order, or of its last change, as a status. */
function findRefusal(reply: CdekOrderReply, context: CdekContext): Told | undefined {
  const creation = findLastRequest(reply, 'CREATE');
  // Without a time it counts as the oldest one, and by the delivery's previous state.
  const at = (request: CdekRequest | undefined): number => toMillis(request?.date_time) || 0;
  if (isInvalid(creation)) return { code: 'refused', at: at(creation), comment: describeProblems(creation?.errors, context) };
  const change = findLastRequest(reply, 'UPDATE');
  return isInvalid(change) ? { code: 'change-refused', at: at(change), comment: describeProblems(change?.errors, context) } : undefined;
}

/** Track number and price if they differ from ours: otherwise each poll would report an update. */
function findChanges({ entity }: CdekOrderReply, delivery: ExistingDelivery, context: CdekContext): Partial<CarrierReport> {
  const cost = readCost(entity, chooseCurrency(delivery.request, context), context);
  return {
    ...(entity.cdek_number && entity.cdek_number !== delivery.trackNumber && { trackNumber: entity.cdek_number }),
    ...(cost && (cost.minor !== delivery.cost?.minor || cost.currency !== delivery.cost.currency) && { cost }),
  };
}

function buildComment(name: string, city: string | undefined, reason: string | undefined, context: CdekContext): string {
  return cutText([name, city, reason && say(fillIn(texts.reason, { code: reason }), context)].filter(Boolean).join(', '), MOST_CHARACTERS);
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
