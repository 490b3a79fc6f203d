import type { TypeName } from '#crm-client/wire';
import { type JsonObject, asNumber, asObject, asText } from '../json.js';
import type { ModuleReply } from './module-http.js';
import type { PaymentAction } from './registration.js';
import { type Judgement, judge } from './reply-check.js';

/** Statuses of an invoice (docs/contract/payment.md). */
export const INVOICE_STATUSES = ['pending', 'waitingForCapture', 'succeeded', 'canceled', 'refundSucceeded'];
/** Statuses of a refund. */
export const REFUND_STATUSES = ['pending', 'succeeded', 'canceled'];
/** Format of an invoice's times: `Y-m-d H:i:s` in the account's zone. */
export const INVOICE_MOMENT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** Reply types by callback. `status` returns an invoice update in `result`, which has no contract type. */
const REPLIES: { readonly [action in Exclude<PaymentAction, 'status'>]: TypeName } = {
  create: 'CallbackPaymentCreateResponse',
  approve: 'SuccessResponse',
  cancel: 'SuccessResponse',
  refund: 'CallbackPaymentRefundResponse',
};

/** Fields of a `status` reply's result, and their JSON types. */
const STATUS_FIELDS: { readonly [field: string]: 'string' | 'number' | 'boolean' } = {
  status: 'string',
  amount: 'number',
  cancellationDetails: 'string',
  expiredAt: 'string',
  paidAt: 'string',
  paymentId: 'string',
  invoiceUrl: 'string',
  refundable: 'boolean',
};

/**
 * Checks a payment callback's reply by type and the contract's further rules. Amounts are in the invoice's
 * currency.
 */
export function judgePayment(
  action: PaymentAction,
  reply: ModuleReply,
  asked: { readonly paymentId?: string; readonly amount?: number },
): Judgement {
  const judgement = action === 'status' ? judgeStatus(reply) : judge(reply, REPLIES[action]);
  if (!judgement.done) return judgement;
  const body = asObject(reply.json);
  const violations: string[] = [];
  // The base type has error fields. Together with a success they contradict it.
  for (const field of ['errorMsg', 'errors', 'combinedTo', 'failedCustomers'])
    if (body[field] !== undefined) violations.push(`${field}: must not be present with "success": true`);
  if (action === 'create' || action === 'refund' || action === 'status') violations.push(...checkResult(action, body, asked));
  return { done: violations.length === 0, violations };
}

function judgeStatus(reply: ModuleReply): Judgement {
  const { result, ...rest } = asObject(reply.json);
  const judgement = judge(
    reply.status === 200 ? { ...reply, json: reply.json === undefined ? undefined : rest } : reply,
    'SuccessResponse',
  );
  if (reply.status !== 200 || reply.json === undefined) return judgement;
  const violations = [...judgement.violations];
  for (const [field, value] of Object.entries(asObject(result))) {
    const type = STATUS_FIELDS[field];
    if (type === undefined) violations.push(`result.${field}: is not a field of the contract`);
    else if (typeof value !== type) violations.push(`result.${field}: must be a ${type}, not ${JSON.stringify(value)}`);
  }
  return { done: judgement.done && violations.length === 0, violations };
}

function checkResult(
  action: 'create' | 'refund' | 'status',
  body: JsonObject,
  asked: { readonly paymentId?: string; readonly amount?: number },
): string[] {
  const result = asObject(body['result']);
  const violations: string[] = [];
  const required = { create: ['paymentId', 'invoiceUrl'], refund: ['id', 'status', 'amount'], status: ['paymentId', 'status', 'amount'] }[
    action
  ];
  for (const field of required) if (asText(result[field]) === undefined) violations.push(`result.${field}: is required`);
  const url = asText(result['invoiceUrl']);
  if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    violations.push('result.invoiceUrl: must be an http or https URL');
  const statuses = action === 'refund' ? REFUND_STATUSES : INVOICE_STATUSES;
  const status = asText(result['status']);
  if (status !== undefined && !statuses.includes(status))
    violations.push(`result.status: must be one of ${statuses.join(', ')}, not ${JSON.stringify(status)}`);
  for (const field of ['paidAt', 'expiredAt'])
    if (result[field] !== undefined && !INVOICE_MOMENT.test(String(result[field])))
      violations.push(`result.${field}: must be YYYY-MM-DD HH:MM:SS`);
  if (action === 'status' && asked.paymentId !== undefined && result['paymentId'] !== asked.paymentId)
    violations.push(`result.paymentId: must be the one asked for, "${asked.paymentId}"`);
  if (action === 'refund' && asked.amount !== undefined && asNumber(result['amount']) !== asked.amount)
    violations.push(`result.amount: must be what was asked for, ${asked.amount}`);
  if ((asNumber(result['amount']) ?? 0) < 0) violations.push('result.amount: is negative');
  return violations;
}
