import type { Connection } from '#connections';
import type { LatestOperation } from '#operations';
import { fillIn, type Language, type LocalText, repeatText, textFor } from '#platform';
import { toMoney } from '#provider-kit';
import {
  buildProviderSection,
  describeAge,
  type EmbedRequest,
  formatMoney,
  formatWhen,
  listProviderActions,
  type WidgetTone,
  type WidgetAction,
  type WidgetAlert,
  type WidgetBadge,
  type WidgetRow,
  type WidgetView,
} from '#widgets';
import type { DeliveryEntity, DeliveryStatusEntity } from '../delivery.entity.js';
import type { ShownColumns } from '../delivery-store.js';
import { texts as deliveryTexts } from '../delivery.texts.js';
import type { DeliveredItem, DeliveryManifest, DeliveryStatus, Parcel } from '../port/index.js';
import { readStoredRequest } from '../stored-request.js';
import { isOtherAddress } from './address-difference.js';

const texts = deliveryTexts.widget;

/** A poll is overdue after this time, milliseconds. A delivery on its way is polled every ten minutes. */
const OVERDUE_MS = 20 * 60_000;

/** The stored facts that a widget shows. */
export interface ShownDelivery {
  /** Undefined: the order has no delivery, and only an operation. */
  readonly row: ShownColumns | undefined;
  /** The latest operation about the order or its delivery. */
  readonly operation: Pick<LatestOperation, 'state' | 'error'> | undefined;
}

/** The same with everything that the sidebar shows. */
export interface OpenedDelivery extends ShownDelivery {
  readonly row: DeliveryEntity;
  /** The last received ones. */
  readonly history: readonly DeliveryStatusEntity[];
  readonly connection: Connection;
  readonly manifest: DeliveryManifest<object>;
  /** Methods that the provider has. */
  readonly able: { readonly track: boolean; readonly print: boolean; readonly cancel: boolean };
  /** Actions with an effect that the shop has switched on. */
  readonly allowed: ReadonlySet<string>;
  readonly now: Date;
}

/** Builds the button of a delivery. Null: the order has no delivery here. */
export function buildBadge({ row, operation }: ShownDelivery, manifest: DeliveryManifest<object>, language: Language): WidgetBadge | null {
  if (operation?.state === 'unknown') return { text: textFor(texts.checking, language), tone: 'warning' };
  if (operation?.state === 'refused') return { text: textFor(texts.declined, language), tone: 'bad' };
  if (!row) return operation?.state === 'running' ? { text: textFor(texts.registering, language), tone: 'plain' } : null;
  if (row.unansweredAt) return { text: textFor(texts.notInCrm, language), tone: 'bad' };
  const { name, tone } = describeStatus(row.status, manifest);
  return { text: textFor(name, language), tone };
}

/** Builds the sidebar of a delivery. */
export function buildView(opened: OpenedDelivery, request: EmbedRequest, language: Language): WidgetView {
  const { row, connection, manifest, history, now } = opened;
  const { timeZone } = connection.account;
  const say = (text: LocalText): string => textFor(text, language);
  const when = (at: Date): string => formatWhen(at, language, timeZone);
  const badge = buildBadge(opened, manifest, language);
  const { parcels, extraData } = readStoredRequest(row.request);
  const { delivered, parcels: numbers = [] } = row.details ?? {};
  return {
    title: say(fillIn(deliveryTexts.ofOrder, { of: row.orderNumber ?? row.order })),
    state: say(describeStatus(row.status, manifest).name),
    tone: badge?.tone ?? 'plain',
    age: describeAge(row.statusAt, now, language, timeZone),
    alerts: listAlerts(opened, request, language),
    sections: [
      { title: say(texts.shipment), rows: listShipmentRows(opened, language), empty: say(texts.nothingKnown) },
      ...buildProviderSection(manifest, { ...extraData, ...row.extraData }, language),
      {
        title: say(texts.history),
        rows: history
          .toSorted((one, other) => getTime(other).getTime() - getTime(one).getTime())
          .map((entry) => {
            const { code, comment } = entry;
            const { name, tone } = describeStatus(code, manifest);
            return { label: when(getTime(entry)), text: [say(name), comment].filter(Boolean).join('. '), tone };
          }),
        empty: say(texts.noHistory),
      },
      {
        title: say(texts.parcels),
        rows: (parcels ?? []).slice(0, 50).map((parcel, index) => ({
          label: say(fillIn(texts.parcel, { number: index + 1 })),
          text: [
            describeParcel(parcel, language),
            ...(delivered
              ? [
                  describeTaken(
                    parcel,
                    delivered.filter((one) => one.parcel === index),
                    language,
                  ),
                ]
              : []),
            ...Object.values(numbers[index] ?? {}),
          ].join(', '),
        })),
        empty: say(texts.noParcels),
      },
    ],
    actions: listActions(opened, language),
    things: [`delivery:${row.id}`],
  };
}

/** Lists the actions that the stored state allows. */
export function listActions(opened: Omit<OpenedDelivery, 'history' | 'operation'>, language: Language): WidgetAction[] {
  const { row, manifest, able, allowed } = opened;
  if (row.deletedAt) return [];
  const say = (text: LocalText): string => textFor(text, language);
  const thing = `delivery:${row.id}`;
  const status = manifest.statuses.find(({ code }) => code === row.status);
  const isMoving = !status?.isFinal;
  const forms = able.print && !status?.isPreprocessing ? manifest.forms.filter(({ entity }) => entity === 'order') : [];
  return [
    ...(able.track && row.outside && isMoving ? [{ thing, action: 'check', label: say(texts.actions.check) }] : []),
    ...forms.map(({ code, label }) => ({
      thing,
      action: `print.${code}`,
      label: say(fillIn(texts.actions.open, { document: label })),
      opens: true,
    })),
    ...listProviderActions(manifest, thing, { code: row.status, isFinal: status?.isFinal }, allowed, language),
    ...(able.cancel && isMoving && allowed.has('cancel')
      ? [{ thing, action: 'cancel', label: say(texts.actions.cancel), confirm: say(texts.actions.confirmCancel) }]
      : []),
  ];
}

/** When a status began at the carrier. A report that comes late is older than the one before it. */
function getTime({ reportedAt, updatedAt }: DeliveryStatusEntity): Date {
  return reportedAt ?? updatedAt;
}

function describeStatus(code: string, { statuses }: DeliveryManifest<object>): { name: LocalText; tone: WidgetTone } {
  const status: DeliveryStatus | undefined = statuses.find((one) => one.code === code);
  const tone: WidgetTone = status?.isError ? 'bad' : status?.isFinal ? 'good' : 'plain';
  return { name: status?.name ?? repeatText(code), tone };
}

function listAlerts({ row, operation, connection, now, able }: OpenedDelivery, { order }: EmbedRequest, language: Language): WidgetAlert[] {
  const say = (text: LocalText): string => textFor(text, language);
  const { timeZone } = connection.account;
  const alerts: WidgetAlert[] = [];
  if (operation?.state === 'refused')
    alerts.push({ tone: 'bad', text: say(fillIn(texts.lastError, { reason: operation.error ?? '' })), advice: say(texts.correct) });
  if (operation?.state === 'unknown') alerts.push({ tone: 'warning', text: say(texts.unknownOutcome), advice: say(texts.wait) });
  if (row.unansweredAt) alerts.push({ tone: 'bad', text: say(texts.unanswered), advice: say(texts.saveAgain) });
  const { to } = readStoredRequest(row.request);
  // An address of a pickup point is not the buyer's.
  if (order?.address && to && to.terminal === undefined && isOtherAddress(order.address, to))
    alerts.push({ tone: 'warning', text: say(texts.otherAddress), advice: say(texts.saveOrder) });
  if (row.stock?.problem) alerts.push({ tone: 'warning', text: say(fillIn(texts.stock.problem, { reason: row.stock.problem.reason })) });
  for (const warning of row.details?.warnings ?? []) alerts.push({ tone: 'warning', text: say(warning) });
  const away = findOutage(connection);
  if (away) alerts.push({ tone: 'warning', text: say(fillIn(texts.away, { since: formatWhen(away, language, timeZone) })) });
  else if (able.track && row.pollAt && now.getTime() - row.pollAt.getTime() > OVERDUE_MS)
    alerts.push({ tone: 'warning', text: say(fillIn(texts.overdue, { since: formatWhen(row.pollAt, language, timeZone) })) });
  return alerts;
}

/** Since when the provider's service does not answer. */
function findOutage({ problems, module }: Connection): Date | undefined {
  const code = module.manifest.code;
  const key = Object.keys(problems).find((one) => /^service-away(?=[:#]|$)/.test(one) && (!one.includes(':') || one.includes(`:${code}`)));
  const since = key === undefined ? undefined : problems[key]?.since;
  return since === undefined ? undefined : new Date(since);
}

function listShipmentRows({ row, manifest }: OpenedDelivery, language: Language): WidgetRow[] {
  const say = (text: LocalText): string => textFor(text, language);
  const { trackNumber, costMinor, costCurrency } = row;
  const { trackUrl, collected, related = [] } = row.details ?? {};
  const { to, deliveryDate } = readStoredRequest(row.request);
  const href = trackNumber === null ? undefined : (trackUrl ?? manifest.trackUrl?.replace('{track}', encodeURIComponent(trackNumber)));
  const address =
    to?.terminalData?.address ?? to?.text ?? [to?.city, to?.street, to?.building, to?.house, to?.flat].filter(Boolean).join(', ');
  return [
    ...(trackNumber === null ? [] : [{ label: say(texts.track), text: trackNumber, copy: true, ...(href && { href }) }]),
    ...(costMinor === null || costCurrency === null
      ? []
      : [{ label: say(texts.cost), text: formatMoney(toMoney(Number(costMinor), costCurrency), language) }]),
    ...(collected ? [{ label: say(texts.collected), text: formatMoney(toMoney(collected.total, collected.currency), language) }] : []),
    ...related.map(({ kind, state, externalId, trackNumber = externalId }) => ({
      label: say(texts.related[kind]),
      text: `${trackNumber}, ${say(texts.relatedState[state])}`,
    })),
    ...(['writeOff', 'takeBack'] as const).flatMap((move) =>
      (row.stock?.moved?.[move] ?? []).map(({ id, number = id, url: link }) => ({
        label: say(texts.stock[move]),
        text: number,
        ...(link && { href: link }),
      })),
    ),
    ...(deliveryDate ? [{ label: say(texts.date), text: deliveryDate }] : []),
    ...(address ? [{ label: say(texts.address), text: address }] : []),
  ];
}

function describeTaken({ items }: Parcel, delivered: readonly DeliveredItem[], language: Language): string {
  const sum = (list: readonly { quantity: number }[]): number => list.reduce((all, { quantity }) => all + quantity, 0);
  return textFor(fillIn(texts.takenOf, { taken: sum(delivered), all: sum(items) }), language);
}

/** Grams and millimetres, as kilograms and centimetres. */
function describeParcel({ weight, length, width, height, items }: Parcel, language: Language): string {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const sides = [length, width, height].filter((side) => side !== undefined).map((side) => number.format(side / 10));
  return textFor(
    fillIn(sides.length === 3 ? texts.sizedParcel : texts.weighedParcel, {
      weight: number.format(weight / 1000),
      size: sides.join(' × '),
      items: items.length,
    }),
    language,
  );
}
