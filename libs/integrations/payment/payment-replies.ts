import {
  checkAll,
  checkAnyText,
  checkFlag,
  checkId,
  checkList,
  checkMap,
  checkMoment,
  checkMoney,
  checkObject,
  checkOneOf,
  checkOptional,
  checkRegister,
  checkShape,
  checkText,
  checkWebAddress,
  type MethodCheck,
  type ReplyCheck,
  type ReplyChecks,
  type ReplyProblem,
} from '#integration-kit';
import {
  type Checkout,
  type DisputeState,
  type ExistingPayment,
  type FormView,
  PAYMENT_STATUSES,
  type PaymentEvent,
  type PaymentManifest,
  type PaymentProvider,
  type PaymentState,
  type ReceiptState,
  type RefundState,
} from './port/index.js';

const checkStatus = checkOneOf(...PAYMENT_STATUSES);

/**
 * Checks that refunds of one payment have different ids, and that a refund that we requested keeps its id.
 */
const checkRefundIds: ReplyCheck = (value, field, found, { refunds: known }) => {
  const seen = new Set<string>();
  for (const [index, { externalId, reference }] of ((value as PaymentState).refunds ?? []).entries()) {
    const owner = known?.get(externalId);
    if (seen.has(externalId) || (reference !== undefined && owner !== undefined && owner !== reference))
      found.push({ field: `${field && `${field}.`}refunds[${index}].externalId`, problem: 'is the id of another refund' });
    seen.add(externalId);
  }
};

const checkState: ReplyCheck = checkAll(
  checkShape<PaymentState>({
    externalId: checkOptional(checkId),
    status: checkStatus,
    discount: checkOptional(checkMoney),
    held: checkOptional(checkMoney),
    captured: checkOptional(checkMoney),
    paidAt: checkOptional(checkMoment),
    fee: checkOptional(checkMoney),
    expiresAt: checkOptional(checkMoment),
    cancellation: checkOptional(checkAnyText),
    capturing: checkOptional(checkMoney),
    declined: checkOptional(checkAnyText),
    refunds: checkOptional(
      checkList(
        checkShape<RefundState>({
          externalId: checkId,
          reference: checkOptional(checkText),
          amount: checkMoney,
          status: checkOneOf('pending', 'succeeded', 'canceled'),
          comment: checkOptional(checkAnyText),
        }),
      ),
    ),
    followUp: checkOptional(checkFlag),
    toAuthorize: checkOptional(checkFlag),
    disputes: checkOptional(
      checkList(
        checkShape<DisputeState>({
          externalId: checkId,
          status: checkOneOf('inquiry', 'open', 'won', 'lost'),
          amount: checkOptional(checkMoney),
          reason: checkOptional(checkAnyText),
        }),
      ),
    ),
    receipts: checkOptional(
      checkList(
        checkShape<ReceiptState>({ externalId: checkId, status: checkOneOf('pending', 'failed', 'registered'), amount: checkMoney }),
      ),
    ),
    notes: checkOptional(checkList(checkAnyText)),
    memory: checkOptional(checkMap(checkAnyText)),
  }),
  checkRefundIds,
);

/** Checks that the reply contains the requested refund by its reference. */
const checkRefundMade: ReplyCheck = (value, _field, found, { reference }) => {
  const { refunds = [] } = value as PaymentState;
  if (!refunds.some((refund) => refund.reference === reference))
    found.push({ field: 'refunds', problem: 'must contain the refund with the reference of the request' });
};

/** Returns the amounts that are not in the payment's currency. */
export function findForeignAmounts(state: PaymentState, currency: string): ReplyProblem[] {
  const found: ReplyProblem[] = [];
  checkState(state, '', found, { currency });
  return found;
}

type OnPayment<Request extends readonly unknown[]> = MethodCheck<
  readonly [payment: ExistingPayment, ...rest: Request],
  PaymentManifest<object>
>;

const ofPayment = {
  check: checkState,
  readFacts: ([{ request, refunds }]) => ({
    currency: request.amount.currency,
    refunds: new Map(
      refunds.flatMap(({ id, externalId, goods }) => (externalId !== undefined && goods ? [[externalId, id] as const] : [])),
    ),
  }),
} satisfies OnPayment<readonly unknown[]>;

/** Checks the replies of gateways against the port. */
export const paymentReplies: ReplyChecks<PaymentProvider> = {
  create: { check: checkState, failsAs: 'unknown_outcome', readFacts: ([{ amount }]) => ({ currency: amount.currency }) },
  get: ofPayment,
  find: { check: checkOptional(checkState) },
  openCheckout: {
    ...ofPayment,
    check: checkShape<Checkout>({ url: checkOptional(checkWebAddress), fields: checkOptional(checkMap(checkAnyText)), state: checkState }),
    failsAs: 'unknown_outcome',
  },
  form: { check: checkShape<Pick<FormView, 'status' | 'forms'>>({ status: checkStatus, forms: checkList(checkObject) }) },
  authorize: { ...ofPayment, failsAs: 'unknown_outcome' },
  approve: { ...ofPayment, failsAs: 'unknown_outcome' },
  cancel: { ...ofPayment, failsAs: 'unknown_outcome' },
  refund: {
    check: checkAll(checkState, checkRefundMade),
    failsAs: 'unknown_outcome',
    readFacts: ([payment, { key }]) => ({ ...ofPayment.readFacts([payment]), reference: key }),
  },
  webhook: {
    of: 'parse',
    isSync: true,
    check: checkList(
      checkShape<PaymentEvent>({
        id: checkId,
        reference: checkOptional(checkAnyText),
        externalId: checkOptional(checkAnyText),
        warning: checkOptional(checkMap(checkText)),
      }),
    ),
    failsAs: 'invalid',
  },
  followUp: { ...ofPayment, failsAs: 'unknown_outcome' },
  listPayouts: { check: checkList(checkRegister) },
};
