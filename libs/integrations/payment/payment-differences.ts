import { toList, toLoose, toNumber, toText } from '#onboarding';
import { type Money, readMoney, toMoney } from '#provider-kit';
import type { FoundDifference } from '#reconciliation';
import { formatAmount } from './payment-rules.js';
import { computeRefundable, getAmount, isPaid, type PaymentFacts } from './payment-facts.js';
import { advance } from './payment-state.js';
import type { PaymentState } from './port/index.js';

/** Kinds of differences of a payment, each with the effect of its repair. */
export const PAYMENT_DIFFERENCES = {
  'payment.status': "Stores the gateway's state, as a reading does, and updates the CRM",
  'payment.crm-status': 'Sends the invoice to the CRM again',
  'payment.paid-twice': 'Refunds the stated amount at the gateway',
  'payment.amount': null,
  'payment.contradiction': null,
  'payment.unknown': null,
  'payment.lost': null,
  'payment.crm-missing': null,
} as const satisfies Record<string, string | null>;

/** An invoice in the CRM (reference: ApiGetInvoiceResponse). */
export interface CrmInvoice {
  status?: string;
  amount?: number;
  /** Our id of the payment. */
  externalId?: string;
  /** Id of the order's payment in the CRM. Missing if `paymentId` is not one of the CRM's numbers. */
  orderPayment?: string;
  /** Statuses of refunds by our refund ids. */
  refunds: ReadonlyMap<string, string>;
}

/** A stored payment, with the state that the CRM should have. */
export interface HeldPayment {
  readonly id: string;
  readonly name: string;
  readonly facts: PaymentFacts;
  /** Ids of refunds that the CRM has under other ids. Default: none. */
  readonly refundsOfBefore?: readonly string[];
  /** Invoice status and amount to send to the CRM. */
  readonly status: string;
  readonly amount: number;
}

/** Another paid invoice for the same payment of an order. */
export interface EarlierPayment {
  readonly id: string;
  readonly paidAt: Date | undefined;
}

/** State of a payment in the CRM and at the gateway. */
export interface PaymentSides {
  /** Null: the CRM has no such invoice. Missing: the CRM is not compared. */
  readonly crm?: CrmInvoice | null;
  /** A text is the gateway's error message for an unknown payment. */
  readonly gateway: PaymentState | string;
  /** Other paid invoices for the same payment of the order. */
  readonly others: readonly EarlierPayment[];
  /** Whether a restore lost the gateway's id and the gateway cannot search. */
  readonly isLost?: boolean;
  readonly now: Date;
}

/** Reads an invoice from the CRM. Unknown and malformed fields are ignored. */
export function readCrmInvoice(invoice: unknown): CrmInvoice {
  const { status, amount, paymentId, externalId: ours, refunds } = toLoose(invoice);
  const [told, sum, payment, own] = [toText(status), toNumber(amount), toText(paymentId), toText(ours)];
  return {
    ...(own !== undefined && { externalId: own }),
    ...(told !== undefined && { status: told }),
    ...(sum !== undefined && { amount: sum }),
    // The contract has this field without a description. Our own ids are not numbers.
    ...(payment !== undefined && /^\d+$/.test(payment) && { orderPayment: payment }),
    refunds: new Map(
      toList(refunds).flatMap((one) => {
        const { id, externalId, status: refundStatus } = toLoose(one);
        const state = toText(refundStatus);
        return [toText(externalId), toText(id)].flatMap((name) =>
          name === undefined || state === undefined ? [] : [[name, state] as const],
        );
      }),
    ),
  };
}

/** Compares a stored payment with its state in the CRM and at the gateway. Pure. */
export function findPaymentDifferences(held: HeldPayment, { crm, gateway, others, isLost = false, now }: PaymentSides): FoundDifference[] {
  const { facts, name } = held;
  const find = (kind: keyof typeof PAYMENT_DIFFERENCES, text: string, said: object): FoundDifference => ({
    ...{ kind, subject: held.id, text: `Payment ${name}: ${text}`, facts: said },
  });
  if (isLost)
    return [
      find(
        'payment.lost',
        `the database was restored, and the gateway cannot search by our reference ${held.id}. Look there: if it was paid, cancel the invoice in the CRM. Its link opens no page until you dismiss this.`,
        { held: show(facts) },
      ),
    ];
  if (typeof gateway === 'string')
    return [find('payment.unknown', `the gateway does not have it (${gateway}), but here it is ${facts.status}.`, { held: show(facts) })];
  const found: FoundDifference[] = [];
  const { facts: told, happenings } = advance(facts, { state: gateway, effect: false, now, newId: () => 'new' });
  if (!isSameMoney(facts, told))
    found.push(
      find('payment.status', `the gateway reports ${describe(told)}, but here it is ${describe(facts)}.`, {
        held: show(facts),
        gateway: show(told),
      }),
    );
  const against = happenings.find(({ moved, code }) => !moved && !code.startsWith('dispute.'));
  if (against)
    found.push(
      find('payment.contradiction', `the gateway reports ${against.code}, but here it is ${describe(facts)}, which is final.`, {
        held: show(facts),
        gateway: against.code,
      }),
    );
  if (crm === null) {
    if (facts.status !== 'canceled')
      found.push(find('payment.crm-missing', `the CRM has no such invoice, but here it is ${describe(facts)}.`, { held: show(facts) }));
  } else if (crm) found.push(...compareCrm(held, crm, find));
  found.push(...compareSums(told, gateway, others, find));
  return found;
}

type Find = (kind: keyof typeof PAYMENT_DIFFERENCES, text: string, said: object) => FoundDifference;

function compareCrm({ facts, status, amount, refundsOfBefore = [] }: HeldPayment, crm: CrmInvoice, find: Find): FoundDifference[] {
  const { currency } = facts.amount;
  const refunds = listMissingRefunds(facts, crm).filter((id) => !refundsOfBefore.includes(id));
  const differs = crm.amount !== undefined && readMoney(crm.amount, currency).minor !== readMoney(amount, currency).minor;
  if (crm.status === status && !differs && refunds.length === 0) return [];
  const shown = [crm.status ?? 'no status', ...(differs ? [`${crm.amount} ${currency}`] : [])].join(' of ');
  const lacking = refunds.length > 0 ? ` It lacks the status of ${refunds.length === 1 ? 'a refund' : `${refunds.length} refunds`}.` : '';
  return [
    find('payment.crm-status', `the CRM shows ${shown}, here it is ${status}${differs ? ` of ${amount} ${currency}` : ''}.${lacking}`, {
      ...{ held: { status, amount }, crm: { status: crm.status, amount: crm.amount } },
      ...(refunds.length > 0 && { refunds }),
    }),
  ];
}

/** Returns ids of refunds whose status differs in the CRM. */
export function listMissingRefunds({ refunds }: Pick<PaymentFacts, 'refunds'>, crm: CrmInvoice): string[] {
  return refunds.filter(({ id, status }) => crm.refunds.get(id) !== status).map(({ id }) => id);
}

/**
 * Compares the captured amount with the sums of the invoice and its order. `facts`: the gateway's version.
 */
function compareSums(facts: PaymentFacts, gateway: PaymentState, others: readonly EarlierPayment[], find: Find): FoundDifference[] {
  if (!isPaid(facts.status) || !facts.captured) return [];
  const { currency } = facts.amount;
  const left = computeRefundable(facts).minor;
  const payable = getAmount({ ...facts, status: 'pending' }).minor;
  const over = Math.min(
    left,
    facts.captured.minor - facts.refunds.reduce((sum, one) => (one.status === 'canceled' ? sum : sum + one.amount.minor), 0) - payable,
  );
  const taken = formatAmount(facts.captured);
  const sums = { invoice: formatAmount(toMoney(payable, currency)), taken };
  if (payable > 0 && over >= payable) {
    const refund = toMoney(over, currency);
    return [
      find(
        'payment.paid-twice',
        `the invoice of ${sums.invoice} was paid twice: ${taken} was captured. To be refunded: ${formatAmount(refund)}.`,
        { ...sums, refund },
      ),
    ];
  }
  const [earlier] = others;
  if (earlier && left > 0) {
    const refund = toMoney(left, currency);
    const text = `the order's payment was already paid with another invoice (${earlier.id}). To be refunded: ${formatAmount(refund)}.`;
    return [find('payment.paid-twice', text, { ...sums, earlier: earlier.id, refund })];
  }
  const isLess = gateway.captured !== undefined && gateway.captured.minor < facts.captured.minor;
  if (over <= 0 && !isLess) return [];
  const says = gateway.captured ? formatAmount(gateway.captured) : taken;
  return [
    find('payment.amount', `${says} was captured by the gateway, but here it is ${taken} for an invoice of ${sums.invoice}.`, {
      ...sums,
      gateway: says,
    }),
  ];
}

/**
 * Returns the invoices paid before this one. If two were paid at the same time, the one registered first
 * comes first.
 */
export function listEarlier<One extends EarlierPayment>(own: EarlierPayment, others: readonly One[]): One[] {
  const place = ({ paidAt, id }: EarlierPayment): readonly [number, string] => [paidAt?.getTime() ?? Infinity, id];
  const [paidAt, id] = place(own);
  return others.filter((one) => {
    const [otherPaidAt, otherId] = place(one);
    return otherPaidAt < paidAt || (otherPaidAt === paidAt && otherId < id);
  });
}

function isSameMoney(left: PaymentFacts, right: PaymentFacts): boolean {
  return JSON.stringify(show(left)) === JSON.stringify(show(right));
}

function show({ status, held, captured, refunds }: PaymentFacts): object {
  return {
    status,
    ...(held && { held: formatAmount(held) }),
    ...(captured && { captured: formatAmount(captured) }),
    refunds: refunds.map((refund) => `${formatAmount(refund.amount)} ${refund.status}`),
  };
}

function describe({ status, captured, refunds }: PaymentFacts): string {
  const given = sum(refunds.filter((refund) => refund.status === 'succeeded').map(({ amount }) => amount));
  return [
    status,
    ...(captured ? [`with ${formatAmount(captured)} taken`] : []),
    ...(given ? [`and ${formatAmount(given)} refunded`] : []),
  ].join(' ');
}

function sum(amounts: readonly Money[]): Money | undefined {
  const [first] = amounts;
  return (
    first &&
    toMoney(
      amounts.reduce((total, { minor }) => total + minor, 0),
      first.currency,
    )
  );
}
