import {
  checkAll,
  checkAnyText,
  checkFlag,
  checkList,
  checkMap,
  checkMoment,
  checkMoney,
  checkObject,
  checkOneOf,
  checkOptional,
  checkShape,
  checkText,
  checkWebAddress,
  type MethodCheck,
  type ReplyCheck,
  type ReplyChecks,
} from '#integration-kit';
import type {
  Checkout,
  DisputeState,
  ExistingPayment,
  FormView,
  PaymentEvent,
  PaymentManifest,
  PaymentProvider,
  PaymentState,
  ReceiptState,
  RefundState,
} from './port/index.js';

const checkStatus = checkOneOf('pending', 'waitingForCapture', 'succeeded', 'canceled');

const checkState: ReplyCheck = checkShape<PaymentState>({
  externalId: checkOptional(checkText),
  status: checkStatus,
  discount: checkOptional(checkMoney),
  held: checkOptional(checkMoney),
  captured: checkOptional(checkMoney),
  paidAt: checkOptional(checkMoment),
  expiresAt: checkOptional(checkMoment),
  cancellation: checkOptional(checkAnyText),
  refunds: checkOptional(
    checkList(
      checkShape<RefundState>({
        externalId: checkText,
        reference: checkOptional(checkText),
        amount: checkMoney,
        status: checkOneOf('pending', 'succeeded', 'canceled'),
        comment: checkOptional(checkAnyText),
      }),
    ),
  ),
  followUp: checkOptional(checkFlag),
  disputes: checkOptional(
    checkList(
      checkShape<DisputeState>({
        externalId: checkText,
        status: checkOneOf('inquiry', 'open', 'won', 'lost'),
        amount: checkOptional(checkMoney),
        reason: checkOptional(checkAnyText),
      }),
    ),
  ),
  receipts: checkOptional(
    checkList(
      checkShape<ReceiptState>({ externalId: checkText, status: checkOneOf('pending', 'failed', 'registered'), amount: checkMoney }),
    ),
  ),
  memory: checkOptional(checkMap(checkAnyText)),
});

/** The refund that was asked for, by its reference. */
const checkRefundMade: ReplyCheck = (value, _field, found, { reference }) => {
  const { refunds = [] } = value as PaymentState;
  if (!refunds.some((refund) => refund.reference === reference))
    found.push({ field: 'refunds', problem: 'must contain the refund with the reference of the request' });
};

type OnPayment<Request extends readonly unknown[]> = MethodCheck<
  readonly [payment: ExistingPayment, ...rest: Request],
  PaymentManifest<object>
>;

const ofPayment = {
  check: checkState,
  readFacts: ([payment]) => ({ currency: payment.request.amount.currency }),
} satisfies OnPayment<readonly unknown[]>;

/** Checks the replies of gateways against the port. */
export const paymentReplies: ReplyChecks<PaymentProvider> = {
  create: { check: checkState, failsAs: 'unknown_outcome', readFacts: ([{ amount }]) => ({ currency: amount.currency }) },
  get: ofPayment,
  find: { check: checkOptional(checkState) },
  openCheckout: {
    ...ofPayment,
    check: checkShape<Checkout>({ url: checkOptional(checkWebAddress), state: checkState }),
    failsAs: 'unknown_outcome',
  },
  form: { check: checkShape<Pick<FormView, 'status' | 'forms'>>({ status: checkStatus, forms: checkList(checkObject) }) },
  approve: { ...ofPayment, failsAs: 'unknown_outcome' },
  cancel: { ...ofPayment, failsAs: 'unknown_outcome' },
  refund: {
    check: checkAll(checkState, checkRefundMade),
    failsAs: 'unknown_outcome',
    readFacts: ([payment, { key }]) => ({ ...ofPayment.readFacts([payment]), reference: key }),
  },
  webhook: {
    of: 'parse',
    check: checkList(
      checkShape<PaymentEvent>({
        id: checkText,
        reference: checkOptional(checkAnyText),
        externalId: checkOptional(checkAnyText),
        warning: checkOptional(checkMap(checkText)),
      }),
    ),
    failsAs: 'invalid',
  },
  followUp: { ...ofPayment, failsAs: 'unknown_outcome' },
};
