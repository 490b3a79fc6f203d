import { randomUUID } from 'node:crypto';
import type { AccountContext } from '../store/account-context.js';
import { ApiError, invalid, notFound } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { PaymentDesk } from '../module/payment-desk.js';
import { INVOICE_MOMENT, INVOICE_STATUSES, REFUND_STATUSES } from '../module/payment-check.js';
import { type JsonObject, asList, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import { explain } from '../module/exchange.js';
import { SandboxError } from '../module/module-error.js';
import type { Sandbox } from '../sandbox.js';
import { keepRefund, noteInvoice } from './invoice-record.js';
import { editPayment } from './order-record.js';
import { findPayment } from './orders.group.js';
import { needFields } from './records.js';

/** The status of an order's payment for each status of its invoice. */
const PAYMENT_STATUS: { readonly [status: string]: string } = {
  pending: 'invoice',
  waitingForCapture: 'invoice',
  succeeded: 'paid',
  canceled: 'fail',
  refundSucceeded: 'returned',
};
/** The order of statuses. An invoice only moves forward, and a final status stays. */
const PROGRESS: { readonly [status: string]: number } = { pending: 0, waitingForCapture: 1, canceled: 2, succeeded: 2, refundSucceeded: 3 };

/**
 * `payment/*`: invoices, made by the first connected payment module with their currency, otherwise by the
 * sandbox.
 */
export function paymentHandlers(sandbox: Sandbox): Handlers {
  return { ...invoiceCreation(sandbox), ...invoiceImport(), ...invoiceUpdates() };
}

/** Invoices that the account requests of a module. */
function invoiceCreation(sandbox: Sandbox): Handlers {
  return {
    'payments.createInvoice': async (call) => {
      const given = asObject(call.input['createInvoice']);
      const found = readPayment(call, given, 'createInvoice');
      const module = paymentModule(call.crm, found.order);
      if (module !== undefined) {
        const desk = new PaymentDesk(sandbox, call.crm.account, module);
        const { outcome, invoice } = await desk
          .createFor(found.order, found.payment, { returnUrl: asText(given['returnUrl']) })
          .catch((error: unknown) => {
            throw error instanceof SandboxError ? new ApiError(400, error.message) : error;
          });
        if (!outcome.ok) throw new ApiError(400, `Module "${module}" did not create an invoice: ${explain(outcome)}`);
        return { result: { link: invoice['link'] } };
      }
      const invoiceUuid = randomUUID();
      const invoice: JsonObject = {
        invoiceUuid,
        createdAt: call.crm.now(),
        ...buildInvoice(found.order, found.payment),
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
  };
}

/** Invoices that a module imports. */
function invoiceImport(): Handlers {
  return {
    'payments.importInvoice': (call) => {
      const given = asObject(call.input['invoice']);
      const found = readPayment(call, given, 'invoice');
      needFields(given, 'invoice', ['externalId', 'amount', 'currency', 'status']);
      if (given['status'] !== 'succeeded') throw invalid({ 'invoice.status': 'must be succeeded' });
      asObjects(given['refunds']).forEach((refund, index) => {
        needFields(refund, `invoice.refunds[${index}]`, ['id', 'status', 'amount', 'externalId', 'createdAt']);
        if (refund['status'] !== 'succeeded') throw invalid({ [`invoice.refunds[${index}].status`]: 'must be succeeded' });
      });
      const invoiceUuid = randomUUID();
      call.crm.insert('invoices', {
        refundable: true,
        cancellable: false,
        refunds: [],
        ...buildInvoice(found.order, found.payment),
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

/** Invoices that a module reads, checks and updates. */
function invoiceUpdates(): Handlers {
  return {
    'payments.getInvoice': (call) => ({ invoice: show(invoiceAt(call, call.path['invoiceUuid'])) }),

    'payments.check': (call) => {
      const check = asObject(call.input['check']);
      needFields(check, 'check', ['invoiceUuid', 'amount', 'currency']);
      const invoice = call.crm.find('invoices', 'invoiceUuid', asText(check['invoiceUuid']));
      const reason = invoice ? findRefusal(call.crm, invoice, check) : 'The invoice is not known';
      if (invoice)
        noteInvoice(call.crm, invoice, {
          event: 'check',
          amount: check['amount'],
          result: reason === undefined ? 'yes' : `no: ${reason}`,
          call: call.exchangeId,
        });
      return { result: reason === undefined ? { success: true } : { success: false, errorMsg: reason } };
    },

    'payments.updateInvoice': (call) => {
      const given = asObject(call.input['updateInvoice']);
      needFields(given, 'updateInvoice', ['invoiceUuid']);
      const invoice = invoiceAt(call, asText(given['invoiceUuid']), 'updateInvoice.invoiceUuid');
      check(given);
      remarkOn(call, invoice, given);
      const backward = (PROGRESS[String(given['status'])] ?? 9) < (PROGRESS[String(invoice['status'])] ?? 0);
      noteInvoice(call.crm, invoice, {
        event: 'update',
        ...pick(given, ['status', 'amount', 'paidAt', 'expiredAt', 'cancellationDetails', 'refund', 'refundable', 'cancellable']),
        ...(backward ? { backward } : {}),
        call: call.exchangeId,
      });
      const { refund, paymentId, invoiceUrl, invoiceUuid: _uuid, ...fields } = given;
      Object.assign(invoice, fields);
      if (paymentId !== undefined) invoice['externalId'] = paymentId;
      if (invoiceUrl !== undefined) invoice['link'] = invoiceUrl;
      if (refund !== undefined) keepRefund(call.crm, invoice, asObject(refund));
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
  };
}

/** Returns the code of the first payment module that works and accepts the order's currency. */
function paymentModule(crm: AccountContext, order: JsonObject): string | undefined {
  const currency = asText(order['currency']) ?? crm.currency;
  return Object.values(crm.account.modules).find(
    ({ active, freeze, registration }) =>
      active && !freeze && asList(asObject(asObject(registration['integrations'])['payment'])['currencies']).includes(currency),
  )?.code;
}

function readPayment(call: Call, given: JsonObject, path: string): { readonly order: JsonObject; readonly payment: JsonObject } {
  needFields(given, path, ['paymentId']);
  const found = findPayment(call.crm, asText(given['paymentId']) ?? '', 'id');
  if (!found) throw invalid({ [`${path}.paymentId`]: 'is not known' });
  return found;
}

function buildInvoice(order: JsonObject, payment: JsonObject): JsonObject {
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

/** Shows an `ApiGetInvoiceResponse`, in which amounts and the payment's id are text. */
function show(invoice: JsonObject): JsonObject {
  const { id: _id, desk: _desk, ...fields } = copy(invoice);
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
    if (date !== undefined && !INVOICE_MOMENT.test(date)) errors[`updateInvoice.${field}`] = 'must be YYYY-MM-DD HH:MM:SS';
  }
  if (
    given['discountAmount'] !== undefined &&
    given['amount'] !== undefined &&
    !['waitingForCapture', 'succeeded'].includes(String(given['status']))
  ) {
    errors['updateInvoice.discountAmount'] =
      'the amount changes with a discount only when the status becomes waitingForCapture or succeeded';
  }
  const status = asText(given['status']);
  if (status !== undefined && !INVOICE_STATUSES.includes(status))
    errors['updateInvoice.status'] = `must be one of ${INVOICE_STATUSES.join(', ')}`;
  const refund = asObject(given['refund']);
  for (const field of ['id', 'amount'])
    if (given['refund'] !== undefined && asText(refund[field]) === undefined) errors[`updateInvoice.refund.${field}`] = 'is required';
  if (given['refund'] !== undefined && !REFUND_STATUSES.includes(String(refund['status'])))
    errors['updateInvoice.refund.status'] = `must be one of ${REFUND_STATUSES.join(', ')}`;
  if (Object.keys(errors).length > 0) throw invalid(errors);
}

/**
 * Returns why an invoice must not be captured: `checkRefusal`, its status, order, amount or currency.
 * Undefined if it may. The amount is the invoice's, or the one being approved.
 */
function findRefusal(crm: AccountContext, invoice: JsonObject, check: JsonObject): string | undefined {
  const desk = asObject(invoice['desk']);
  const order = crm.find('orders', 'id', asText(invoice['orderId']));
  const approving = asList(desk['approving']);
  const amounts = approving.length > 0 ? approving : [invoice['amount'] ?? 0];
  const refusal = asText(desk['checkRefusal']);
  if (refusal !== undefined) return refusal;
  if (!['pending', 'waitingForCapture'].includes(String(invoice['status']))) return `The invoice is ${String(invoice['status'])}`;
  if (!order) return 'The order is not there any more';
  if (crm.find('statuses', 'code', asText(order['status']))?.['group'] === 'cancel') return 'The order is cancelled';
  if (!asObjects(order['payments']).some((payment) => payment['id'] === invoice['paymentId'])) return 'The payment was taken off the order';
  if (!amounts.some((amount) => asNumber(amount) === asNumber(check['amount'])))
    return `The amount differs: it should be ${amounts.join(' or ')}`;
  if (String(check['currency']).toUpperCase() !== String(invoice['currency']).toUpperCase())
    return `The currency differs: the invoice is in ${String(invoice['currency'])}`;
  return undefined;
}

/** Adds remarks about values that an update allows but that look like mistakes. */
function remarkOn(call: Call, invoice: JsonObject, given: JsonObject): void {
  const known = asText(invoice['externalId']);
  const status = String(given['status']);
  if ((PROGRESS[status] ?? 9) < (PROGRESS[String(invoice['status'])] ?? 0))
    call.remark(`invoice ${String(invoice['id'])} goes back from ${String(invoice['status'])} to ${status}`);
  if (known !== undefined && given['paymentId'] !== undefined && given['paymentId'] !== known)
    call.remark(`invoice ${String(invoice['id'])} is payment ${known}, not ${String(given['paymentId'])}`);
  if (['succeeded', 'refundSucceeded'].includes(status) && given['paidAt'] === undefined && invoice['paidAt'] === undefined)
    call.remark(`invoice ${String(invoice['id'])} is paid and has no paidAt`);
}
