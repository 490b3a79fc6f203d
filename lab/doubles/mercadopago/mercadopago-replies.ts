import { randomInt } from 'node:crypto';
import type { Attempt, MercadoPagoAccount, MercadoPagoOrder } from './mercadopago-account.js';
import { writeAmount } from './mercadopago-sites.js';

const writeTime = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const applicationOf = ({ userId }: MercadoPagoAccount): string => String(userId).padEnd(16, '0');
/** Undefined, which JSON leaves out, if it is not positive. */
const writePositive = (minor: number, { site }: MercadoPagoAccount): string | undefined =>
  minor > 0 ? writeAmount(minor, site) : undefined;
const keepFilled = <T>(items: readonly T[], least = 1): readonly T[] | undefined => (items.length >= least ? items : undefined);

/** An order in the API's format. `isNew`: in the reply to its creation. */
export function writeOrder(order: MercadoPagoOrder, account: MercadoPagoAccount, isNew = false): object {
  const { site, modes, userId } = account;
  const { marketplace_fee: _fee, additional_info: _info, ...request } = order.request;
  return {
    ...request,
    ...{ id: order.id, status: order.status, status_detail: order.detail, capture_mode: request.capture_mode ?? 'automatic_async' },
    ...{ country_code: site.country[1], currency: site.currency, user_id: String(userId), total_paid_amount: writePaid(order, account) },
    ...{ created_date: writeTime(order.createdAt), last_updated_date: writeTime(order.updatedAt) },
    integration_data: { application_id: applicationOf(account) },
    client_token: isNew ? order.clientToken : undefined,
    checkout_url: isNew || modes.checkoutUrls === 'everywhere' ? account.toCheckoutUrl(order.id) : undefined,
    transactions: order.payments.length + order.refunds.length > 0 ? writeTransactions(order, account) : undefined,
  };
}

/** The reply to a refund: all refunds so far, and no payments. */
export function writeRefunds(order: MercadoPagoOrder, account: MercadoPagoAccount): object {
  const { refunds } = writeTransactions(order, account);
  return { id: order.id, status: order.status, status_detail: order.detail, transactions: { refunds } };
}

/** The body of a webhook about an order. It has the present state, and is not signed. */
export function writeNotice(action: string, order: MercadoPagoOrder, account: MercadoPagoAccount): object {
  const { id, status, detail: status_detail, version, request } = order;
  const { external_reference, total_amount, type } = request;
  return {
    ...{ action, api_version: 'v1', application_id: applicationOf(account), date_created: writeTime(order.updatedAt) },
    ...{ id: account.modes.eventIds ? String(randomInt(1e11, 2e11)) : undefined, live_mode: !account.isTest },
    ...{ type: 'order', user_id: String(account.userId) },
    data: {
      ...{ id, external_reference, status, status_detail, total_amount, total_paid_amount: writePaid(order, account), type, version },
      transactions: writeTransactions(order, account),
    },
  };
}

/** A dispute of `GET /v1/chargebacks/{id}`. */
export function writeChargeback(order: MercadoPagoOrder, id: string, { site }: MercadoPagoAccount): object {
  const { amount = 0, status, transactionId } = order.chargebacks.find((one) => one.id === id) ?? {};
  const numbers = order.payments.filter((one) => one.id === transactionId).map(({ number }) => number);
  return {
    ...{ id, payments: numbers, amount: amount / 10 ** site.digits, currency: site.currency, coverage_elegible: true },
    ...{ coverage_applied: status === 'in_process' ? null : status === 'reimbursed', documentation_required: status === 'in_process' },
    ...{ documentation_status: 'not_supplied', date_documentation_deadline: writeTime(order.updatedAt + 7 * 86_400) },
  };
}

function writeTransactions(order: MercadoPagoOrder, account: MercadoPagoAccount) {
  const { site, modes } = account;
  const writeAttempt = ({ id, status, status_detail, payment_method }: Attempt) => ({ id, status, status_detail, payment_method });
  return {
    payments: order.payments.map((payment) => ({
      ...writeAttempt(payment),
      ...{ reference_id: modes.paymentNumbers ? String(payment.number) : undefined, amount: writeAmount(payment.amount, site) },
      ...{ paid_amount: writePositive(payment.paid, account), refunded_amount: writePositive(payment.refunded, account) },
      date_of_expiration: payment.expiresAt === undefined ? undefined : writeTime(payment.expiresAt),
      attempts: keepFilled(payment.attempts.map(writeAttempt), 2),
    })),
    refunds: keepFilled(
      order.refunds.map(({ id, transactionId, amount, status }) => ({
        ...{ id, transaction_id: transactionId, amount: writeAmount(amount, site), status },
      })),
    ),
    chargebacks: keepFilled(
      order.chargebacks.map(({ id, transactionId, caseId, status }) => ({ id, transaction_id: transactionId, case_id: caseId, status })),
    ),
  };
}

function writePaid(order: MercadoPagoOrder, account: MercadoPagoAccount): string | undefined {
  const paid = order.payments.reduce((sum, payment) => sum + payment.paid, 0);
  return account.modes.totalPaid ? writePositive(paid, account) : undefined;
}
