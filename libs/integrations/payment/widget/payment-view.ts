import type { Connection } from '#connections';
import { fillIn, type Language, type LocalText, textFor } from '#platform';
import { countCurrencyDigits, type Money, toMoney } from '#provider-kit';
import {
  buildProviderSection,
  describeAge,
  type EmbedOrder,
  type EmbedRequest,
  formatMoney,
  formatWhen,
  listProviderActions,
  type WidgetTone,
  type WidgetAction,
  type WidgetAlert,
  type WidgetBadge,
  type WidgetRow,
  type WidgetSection,
  type WidgetView,
} from '#widgets';
import { type StoredPayment, toFacts } from '../payment-rows.js';
import { computeRefundable, getAmount, type InvoiceStatus, isPaid } from '../payment-facts.js';
import { texts as paymentTexts } from '../payment.texts.js';
import type { InvoiceItem } from '../port/index.js';

const texts = paymentTexts.widget;

/** Tones of the states. */
export const TONES: Readonly<Record<InvoiceStatus, WidgetTone>> = {
  pending: 'plain',
  waitingForCapture: 'warning',
  succeeded: 'good',
  canceled: 'plain',
  refundSucceeded: 'plain',
};

/** Milliseconds before the end of a hold from which it is a warning. */
const SOON_MS = 24 * 3_600_000;
/** A reading is overdue after this time, milliseconds. */
const OVERDUE_MS = 20 * 60_000;

/** A payment with its buyer's link. */
export interface ShownPayment {
  readonly stored: StoredPayment;
  readonly payUrl: string;
}

/** An order's payments and everything that the sidebar shows. */
export interface OpenedPayments {
  /** The latest first. Not empty. */
  readonly payments: readonly ShownPayment[];
  readonly connection: Connection;
  readonly able: { readonly cancel: boolean; readonly refund: boolean };
  /** Actions with an effect that the shop has switched on. */
  readonly allowed: ReadonlySet<string>;
  readonly now: Date;
}

/** Builds the button of an order's payments. Null: the order has no payment here. */
export function buildBadge(
  payments: readonly StoredPayment[],
  order: EmbedOrder | undefined,
  language: Language,
  now: Date,
): WidgetBadge | null {
  const main = findMain(payments);
  if (!main) return null;
  const say = (text: LocalText): string => textFor(text, language);
  const facts = toFacts(main);
  if (facts.disputes.some(({ status }) => status === 'open' || status === 'inquiry')) return { text: say(texts.disputed), tone: 'bad' };
  if (facts.receipts.some(({ status }) => status === 'failed')) return { text: say(texts.receiptFailed), tone: 'bad' };
  if (isEnding(main, now)) return { text: say(texts.holdEnds), tone: 'bad' };
  if (order && findOtherTotal(payments, order)) return { text: say(texts.totalDiffers), tone: 'warning' };
  return { text: say(paymentTexts.states[main.row.status]), tone: TONES[main.row.status] };
}

/** Builds the sidebar of an order's payments. */
export function buildView(opened: OpenedPayments, { order }: EmbedRequest, language: Language): WidgetView {
  const { payments, connection, now } = opened;
  const { timeZone } = connection.account;
  const stored = payments.map((one) => one.stored);
  const main = findMain(stored) ?? stored[0];
  const badge = buildBadge(stored, order, language, now);
  const say = (text: LocalText): string => textFor(text, language);
  return {
    title: say(texts.title),
    ...(main && { state: say(paymentTexts.states[main.row.status]), age: describeAge(main.row.statusAt, now, language, timeZone) }),
    tone: badge?.tone ?? 'plain',
    alerts: listAlerts(opened, order, language),
    sections: [
      ...payments.map((one) => buildSection(one, language, timeZone)),
      ...buildProviderSection(connection.module.manifest, main?.row.memory, language),
    ],
    actions: payments.flatMap((one) => listActions(one, opened, language)),
    things: stored.map(({ row }) => `payment:${row.id}`),
  };
}

/** Lists the actions that a payment's stored state allows. */
export function listActions(
  { stored, payUrl }: ShownPayment,
  { able, allowed, connection }: Pick<OpenedPayments, 'able' | 'allowed' | 'connection'>,
  language: Language,
): WidgetAction[] {
  const facts = toFacts(stored);
  const thing = `payment:${stored.row.id}`;
  const say = (text: LocalText): string => textFor(text, language);
  const amount = formatMoney(getAmount(facts), language);
  const left = computeRefundable(facts);
  const isFinal = facts.status === 'canceled' || facts.status === 'refundSucceeded';
  const isOpen = facts.status === 'pending' || facts.status === 'waitingForCapture';
  return [
    ...(facts.status === 'pending' ? [{ thing, action: 'copy', label: say(texts.actions.copy), copies: payUrl }] : []),
    { thing, action: 'check', label: say(texts.actions.check) },
    ...listProviderActions(connection.module.manifest, thing, { code: facts.status, isFinal }, allowed, language),
    ...(isOpen && able.cancel && allowed.has('cancel')
      ? [{ thing, action: 'cancel', label: say(texts.actions.cancel), confirm: say(fillIn(texts.actions.confirmCancel, { amount })) }]
      : []),
    ...(isPaid(facts.status) && left.minor > 0 && able.refund && allowed.has('refund')
      ? [
          {
            ...{ thing, action: 'refund', label: say(fillIn(texts.actions.refund, { amount: formatMoney(left, language) })) },
            confirm: say(fillIn(texts.actions.confirmRefund, { amount: formatMoney(left, language) })),
          },
        ]
      : []),
  ];
}

/** The payment that the button shows: the latest that is not cancelled, else the latest. */
function findMain(payments: readonly StoredPayment[]): StoredPayment | undefined {
  return payments.find(({ row }) => row.status !== 'canceled') ?? payments[0];
}

/** Whether a hold that a person has to approve ends soon. */
function isEnding({ row }: StoredPayment, now: Date): boolean {
  return (
    row.status === 'waitingForCapture' &&
    row.details.capturing === undefined &&
    row.expiresAt !== null &&
    row.expiresAt.getTime() - now.getTime() < SOON_MS
  );
}

/**
 * Returns the amounts of invoice and order if they differ. The form shows no services, such as the delivery,
 * and an invoice may be for a part of its items. Undefined if the amounts are equal or cannot be compared.
 */
function findOtherTotal(
  payments: readonly StoredPayment[],
  { total, currency }: EmbedOrder,
): { invoiced: Money; ordered: Money } | undefined {
  const [live, ...others] = payments.filter(({ row }) => row.status !== 'canceled' && row.status !== 'refundSucceeded');
  // With several invoices each is for a part of the order.
  if (total === undefined || !live || others.length > 0) return undefined;
  const { currency: unit, amountMinor, request } = live.row;
  if (currency !== undefined && currency !== unit) return undefined;
  const ordered = toMoney(Math.round(total * 10 ** countCurrencyDigits(unit)), unit);
  const items = request.items ?? [];
  const add = (some: readonly InvoiceItem[]): number => some.reduce((sum, { sent, total: share }) => sum + (sent ?? share).minor, 0);
  const equal = [Number(amountMinor), add(items), add(items.filter(({ paymentObject }) => paymentObject !== 'service'))];
  return equal.includes(ordered.minor) ? undefined : { invoiced: toMoney(Number(amountMinor), unit), ordered };
}

function listAlerts({ payments, connection, now }: OpenedPayments, order: EmbedOrder | undefined, language: Language): WidgetAlert[] {
  const say = (text: LocalText): string => textFor(text, language);
  const when = (at: Date): string => formatWhen(at, language, connection.account.timeZone);
  const stored = payments.map((one) => one.stored);
  const other = order && findOtherTotal(stored, order);
  const alerts: WidgetAlert[] = [];
  if (other)
    alerts.push({
      tone: 'warning',
      text: say(
        fillIn(texts.otherTotal, { invoiced: formatMoney(other.invoiced, language), ordered: formatMoney(other.ordered, language) }),
      ),
      advice: say(texts.newInvoice),
    });
  for (const one of stored) {
    const { status, disputes, receipts, expiresAt, cancellation } = toFacts(one);
    if (disputes.some((dispute) => dispute.status === 'open' || dispute.status === 'inquiry'))
      alerts.push({ tone: 'bad', text: say(texts.disputeOpen), advice: say(texts.answerDispute) });
    if (receipts.some((receipt) => receipt.status === 'failed'))
      alerts.push({ tone: 'bad', text: say(texts.receiptLost), advice: say(texts.checkReceipt) });
    if (isEnding(one, now) && expiresAt)
      alerts.push({ tone: 'bad', text: say(fillIn(texts.holdUntil, { time: when(expiresAt) })), advice: say(texts.approve) });
    if (status === 'canceled' && cancellation) alerts.push({ tone: 'plain', text: say(fillIn(texts.canceled, { reason: cancellation })) });
    if (one.row.readAt && now.getTime() - one.row.readAt.getTime() > OVERDUE_MS)
      alerts.push({ tone: 'warning', text: say(fillIn(texts.overdue, { since: when(one.row.readAt) })) });
  }
  return alerts;
}

function buildSection({ stored, payUrl }: ShownPayment, language: Language, timeZone: string): WidgetSection {
  const facts = toFacts(stored);
  const say = (text: LocalText): string => textFor(text, language);
  const when = (at: Date): string => formatWhen(at, language, timeZone);
  const money = (value: Money): string => formatMoney(value, language);
  const refunded = facts.refunds.filter(({ status }) => status === 'succeeded').reduce((sum, { amount }) => sum + amount.minor, 0);
  const rows: WidgetRow[] = [
    { label: say(texts.state), text: say(paymentTexts.states[facts.status]), tone: TONES[facts.status] },
    ...(facts.status === 'pending' ? [{ label: say(texts.link), text: payUrl, href: payUrl, copy: true }] : []),
    ...(facts.captured ? [{ label: say(texts.paid), text: money(facts.captured) }] : []),
    ...(facts.paidAt ? [{ label: say(texts.paidAt), text: when(facts.paidAt) }] : []),
    ...(facts.status === 'waitingForCapture' && facts.held ? [{ label: say(texts.held), text: money(facts.held) }] : []),
    ...(facts.status === 'waitingForCapture' && facts.expiresAt ? [{ label: say(texts.deadline), text: when(facts.expiresAt) }] : []),
    ...(facts.discount ? [{ label: say(texts.discount), text: money(facts.discount) }] : []),
    ...(refunded > 0 ? [{ label: say(texts.refunded), text: money(toMoney(refunded, facts.amount.currency)) }] : []),
    ...facts.refunds.slice(-20).map(({ amount, status, createdAt }) => ({
      label: say(fillIn(texts.refundOf, { time: when(createdAt) })),
      text: `${money(amount)}, ${say(texts.refundStates[status])}`,
      tone: (status === 'canceled' ? 'bad' : 'plain') as WidgetTone,
    })),
    ...facts.receipts.slice(-20).map(({ status }, index) => ({
      label: say(fillIn(texts.receipt, { number: index + 1 })),
      text: say(texts.receiptStates[status]),
      tone: (status === 'failed' ? 'bad' : 'plain') as WidgetTone,
    })),
  ];
  return { title: say(fillIn(paymentTexts.paymentOf, { amount: money(facts.amount) })), rows };
}
