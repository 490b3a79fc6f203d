import { randomUUID } from 'node:crypto';
import { invalid, notFound } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type JsonObject, asNumber, asObject, asObjects, asText, copy } from '../json.js';
import { editPayment, round } from './order-record.js';
import { findPayment } from './orders.group.js';

/** What an invoice's status means for the payment of its order. */
const PAYMENT_STATUS: { readonly [status: string]: string } = {
  pending: 'invoice',
  waitingForCapture: 'invoice',
  succeeded: 'paid',
  canceled: 'fail',
  refundSucceeded: 'returned',
};
const REFUND_STATUSES = ['pending', 'succeeded', 'canceled'];

/** `payment/*`: invoices of payments. */
export function paymentHandlers(): Handlers {
  return {
    'payments.createInvoice': (call) => {
      const given = asObject(call.input['createInvoice']);
      const found = paymentOf(call, given, 'createInvoice');
      const invoiceUuid = randomUUID();
      const invoice: JsonObject = {
        invoiceUuid,
        createdAt: call.crm.now(),
        ...invoiceOf(found.order, found.payment),
        status: 'pending',
        invoiceType: 'link',
        link: `${call.crm.url}/sandbox/pay/${invoiceUuid}`,
        refundable: false,
        cancellable: true,
        refunds: [],
      };
      call.crm.insert('invoices', invoice);
      editPayment(call.crm, found.order, found.payment, { status: 'invoice' });
      return { result: { link: invoice['link'] } };
    },

    'payments.getInvoice': (call) => ({ invoice: show(invoiceAt(call, call.path['invoiceUuid'])) }),

    'payments.check': (call) => {
      const check = asObject(call.input['check']);
      required(check, 'check', ['invoiceUuid', 'amount', 'currency']);
      const invoice = call.crm.find('invoices', 'invoiceUuid', asText(check['invoiceUuid']));
      const reason = !invoice
        ? 'The invoice is not known'
        : !['pending', 'waitingForCapture'].includes(String(invoice['status']))
          ? `The invoice is ${String(invoice['status'])}`
          : round(asNumber(check['amount']) ?? 0) !== round(asNumber(invoice['amount']) ?? 0)
            ? `The amount differs: the invoice is for ${String(invoice['amount'])}`
            : String(check['currency']).toUpperCase() !== String(invoice['currency']).toUpperCase()
              ? `The currency differs: the invoice is in ${String(invoice['currency'])}`
              : undefined;
      return { result: reason === undefined ? { success: true } : { success: false, errorMsg: reason } };
    },

    'payments.updateInvoice': (call) => {
      const given = asObject(call.input['updateInvoice']);
      required(given, 'updateInvoice', ['invoiceUuid']);
      const invoice = invoiceAt(call, asText(given['invoiceUuid']), 'updateInvoice.invoiceUuid');
      check(given);
      const { refund, paymentId, invoiceUrl, invoiceUuid: _uuid, ...fields } = given;
      Object.assign(invoice, fields);
      if (paymentId !== undefined) invoice['externalId'] = paymentId;
      if (invoiceUrl !== undefined) invoice['link'] = invoiceUrl;
      if (refund !== undefined) keepRefund(call, invoice, asObject(refund));
      const found = findPayment(call.crm, asText(invoice['paymentId']) ?? '', 'id');
      const status = PAYMENT_STATUS[String(given['status'])];
      if (found && status !== undefined) {
        editPayment(call.crm, found.order, found.payment, {
          status,
          paidAt: given['paidAt'],
          amount: given['amount'],
        });
      }
      call.crm.changed();
      return {};
    },

    'payments.importInvoice': (call) => {
      const given = asObject(call.input['invoice']);
      const found = paymentOf(call, given, 'invoice');
      required(given, 'invoice', ['externalId', 'amount', 'currency', 'status']);
      if (given['status'] !== 'succeeded') throw invalid({ 'invoice.status': 'must be succeeded' });
      asObjects(given['refunds']).forEach((refund, index) => {
        required(refund, `invoice.refunds[${index}]`, ['id', 'status', 'amount', 'externalId', 'createdAt']);
        if (refund['status'] !== 'succeeded') throw invalid({ [`invoice.refunds[${index}].status`]: 'must be succeeded' });
      });
      const invoiceUuid = randomUUID();
      call.crm.insert('invoices', {
        refundable: true,
        cancellable: false,
        refunds: [],
        ...invoiceOf(found.order, found.payment),
        createdAt: call.crm.now(),
        invoiceType: 'link',
        ...copy(given),
        paymentId: found.payment['id'],
        invoiceUuid,
      });
      editPayment(call.crm, found.order, found.payment, {
        status: 'paid',
        paidAt: given['paidAt'],
      });
      return { invoice: { invoiceUuid } };
    },
  };
}

function paymentOf(call: Call, given: JsonObject, path: string): { readonly order: JsonObject; readonly payment: JsonObject } {
  required(given, path, ['paymentId']);
  const found = findPayment(call.crm, asText(given['paymentId']) ?? '', 'id');
  if (!found) throw invalid({ [`${path}.paymentId`]: 'is not known' });
  return found;
}

function invoiceOf(order: JsonObject, payment: JsonObject): JsonObject {
  return {
    customerId: asObject(order['customer'])['id'],
    orderId: order['id'],
    paymentId: payment['id'],
    amount: payment['amount'],
    currency: order['currency'],
    email: order['email'],
    phone: order['phone'],
  };
}

function invoiceAt(call: Call, uuid: string | undefined, field?: string): JsonObject {
  const invoice = call.crm.find('invoices', 'invoiceUuid', uuid);
  if (invoice) return invoice;
  throw field === undefined ? notFound() : invalid({ [field]: 'is not known' });
}

/** `ApiGetInvoiceResponse`: amounts and the payment's id are text there. */
function show(invoice: JsonObject): JsonObject {
  const { id: _id, ...fields } = copy(invoice);
  return { ...fields, paymentId: asText(fields['paymentId']), amount: asText(fields['amount']), refunds: asObjects(fields['refunds']) };
}

function check(given: JsonObject): void {
  const errors: { [field: string]: string } = {};
  const longest: { readonly [field: string]: number } = { paymentId: 255, status: 50, cancellationDetails: 255 };
  for (const [field, length] of Object.entries(longest)) {
    if ((asText(given[field]) ?? '').length > length) errors[`updateInvoice.${field}`] = `must have at most ${length} characters`;
  }
  const url = asText(given['invoiceUrl']);
  if (url !== undefined && !URL.canParse(url)) errors['updateInvoice.invoiceUrl'] = 'is not a URL';
  for (const field of ['paidAt', 'expiredAt']) {
    const date = asText(given[field]);
    if (date !== undefined && !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(date))
      errors[`updateInvoice.${field}`] = 'must be YYYY-MM-DD HH:MM:SS';
  }
  if (
    given['discountAmount'] !== undefined &&
    given['amount'] !== undefined &&
    !['waitingForCapture', 'succeeded'].includes(String(given['status']))
  ) {
    errors['updateInvoice.discountAmount'] =
      'the amount changes with a discount only when the status becomes waitingForCapture or succeeded';
  }
  const refund = asObject(given['refund']);
  if (given['refund'] !== undefined && !REFUND_STATUSES.includes(String(refund['status'])))
    errors['updateInvoice.refund.status'] = `must be one of ${REFUND_STATUSES.join(', ')}`;
  if (Object.keys(errors).length > 0) throw invalid(errors);
}

function keepRefund(call: Call, invoice: JsonObject, refund: JsonObject): void {
  const refunds = asObjects(invoice['refunds']);
  const known = refunds.find((one) => one['externalId'] === refund['id'] || one['id'] === refund['id']);
  if (known) Object.assign(known, refund);
  else refunds.push({ ...refund, externalId: refund['id'], createdAt: call.crm.now() });
  invoice['refunds'] = refunds;
}

function required(given: JsonObject, path: string, fields: readonly string[]): void {
  const lacking = fields.filter((field) => asText(given[field]) === undefined);
  if (lacking.length > 0) throw invalid(Object.fromEntries(lacking.map((field) => [`${path}.${field}`, 'is required'])));
}
