import {
  type CarrierReport,
  type DeliveryWebhook,
  type ExistingDelivery,
  type RelatedParcel,
  reportGone,
  type WebhookEvent,
} from '#delivery/port';
import { fillIn, sha256Hex } from '#platform';
import {
  cutText,
  keepFulfilled,
  list,
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
import { getLifeIndex, hasMoved, isFinal, readReason, readStatus, type StatusCode } from './cdek.statuses.js';
import { texts } from './cdek.texts.js';
import { chooseCurrency, MOST_CHARACTERS } from './cdek.units.js';
import { readOutcome } from './outcome.js';
import { findDeliveryOrder, findLastRequest, getStatus, readCost, readHistory, toMillis } from './order.js';

/** A webhook of CDEK's; `uuid`: of the order, for ORDER_STATUS; `code`: the status by name. */
const hook = shape({
  ...{ type: text, uuid: text, date_time: maybe(text) },
  attributes: maybe(
    shape({
      ...{ code: maybe(text), status_date_time: maybe(text), deleted: maybe(truth) },
      ...{ is_return: maybe(truth), is_reverse: maybe(truth), is_client_return: maybe(truth) },
      related_entities: maybe(list(shape({ uuid: text, type: text }))),
    }),
  ),
});

/** How many orders are read at a time. */
const MOST_AT_ONCE = 8;

/**
 * CDEK signs nothing and anyone who knows the address may post, so an event only makes us read its order
 * again (`unsigned`). An event of a return is about its order. Other kinds are acknowledged and report
 * nothing.
 */
export class CdekWebhook implements DeliveryWebhook<CdekSettings> {
  readonly unsigned = true;

  verify(): boolean {
    return true;
  }

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse(request: WebhookRequest, context: CdekContext): WebhookEvent[] {
    const { type, uuid, date_time, attributes = {} } = readWebhook(request, hook);
    const { code, status_date_time, deleted, is_return, is_reverse, is_client_return, related_entities = [] } = attributes;
    const isBack = is_return === true || is_reverse === true || is_client_return === true;
    const direct = related_entities.find((one) => one.type === 'direct_order' || one.type === 'client_direct_order');
    const externalId = isBack ? direct?.uuid : uuid;
    if (type !== 'ORDER_STATUS' || externalId === undefined) return [];
    const updatedAt = new Date(status_date_time ?? date_time ?? '');
    if (code === undefined || Number.isNaN(updatedAt.getTime()))
      throw new ProviderError('invalid', 'The webhook names no status or no time');
    // CDEK's events have no id. The same event posted again has the same text.
    const id = sha256Hex([uuid, code, status_date_time, deleted === true, date_time].join(' '));
    return [{ id, reports: [{ externalId, code: readStatus(code, context.settings.statusRules), updatedAt }] }];
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
  if (reply !== undefined) {
    const outcome = await readOutcome(api, reply, delivery, context);
    const reports = toReports(reply, delivery, outcome.related, context);
    // Any report carries it. Without one, the known status does, which changes nothing else.
    const carrier =
      reports.length > 0 ? reports : [{ externalId: delivery.externalId, code: delivery.status, updatedAt: delivery.statusAt }];
    return Object.keys(outcome).length > 0 ? carrier.map((report) => ({ ...report, ...outcome })) : reports;
  }
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
function toReports(
  reply: CdekOrderReply,
  delivery: ExistingDelivery,
  related: readonly RelatedParcel[] | undefined,
  context: CdekContext,
): CarrierReport[] {
  const { externalId } = delivery;
  const main = listTold(reply, context);
  const back = context.settings.followsReturns ? listToldBack(related, main.at(-1)?.at ?? 0, context) : [];
  const told = [...main, ...back];
  const code = back.at(-1)?.code ?? getStatus(reply, context);
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
    code: readReason(cdek, reason, context.settings.statusRules),
    at,
    comment: buildComment(name ?? cdek, city, reason, context),
  }));
  const refusal = findRefusal(reply, context);
  // The request contains the reason for CDEK's rejection, the status does not.
  const told = refusal ? [...history.filter((moment) => moment.code !== refusal.code), refusal] : history;
  return told.sort((left, right) => left.at - right.at || getLifeIndex(left.code) - getLifeIndex(right.code));
}

/** The statuses of parcels that come back, after the order's last status. Going ones count as the latest. */
function listToldBack(related: readonly RelatedParcel[] = [], after: number, context: CdekContext): Told[] {
  const back = related.filter(({ kind, state, at }) => kind !== 'reverse' && state !== 'withdrawn' && at !== undefined);
  return back
    .map(({ state, at, trackNumber, externalId }): Told => {
      const code = state === 'back' ? 'returned' : 'returning';
      return {
        code,
        at: Math.max(Number(at), after + 1_000),
        comment: say(fillIn(texts.returnNumber, { number: trackNumber ?? externalId }), context),
      };
    })
    .sort((left, right) => Number(left.code === 'returning') - Number(right.code === 'returning') || left.at - right.at);
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
 * sure of a final status only, because nothing else would follow that, and of a return that was withdrawn.
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
    ({ deleted, code, reason_code, date_time }) =>
      deleted === true && isSame(readReason(code, reason_code, settings.statusRules), toMillis(date_time)),
  );
  return isMarked || ((isFinal(status) || status === 'returning') && !told.some((moment) => moment.code === status));
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
