import { randomUUID } from 'node:crypto';
import { addPayment, countLeft, editPayment } from '../groups/order-record.js';
import { keepRefund, noteInvoice } from '../groups/invoice-record.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, written } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account } from '../store/state.js';
import { Desk, type Encoding } from './desk.js';
import { type Exchanged, type Outcome, explain } from './exchange.js';
import { SandboxError } from './module-error.js';
import { judgePayment } from './payment-check.js';
import { createBody, toDigits } from './payment-payloads.js';
import type { PaymentAction } from './registration.js';

/** Options of an invoice in addition to its order. */
export interface InvoiceOptions {
  /** In the order's currency. Default: the unpaid rest. */
  readonly amount?: number;
  /** A shop of the module. Default: its first active one. */
  readonly shop?: string;
  /** The buyer's next page after paying. Default: a page of the order's site. */
  readonly returnUrl?: string;
}

/**
 * The CRM's payment screens. Each method is a click that calls the module. Amounts are in the invoice's
 * currency.
 */
export class PaymentDesk extends Desk {
  /** Throws `SandboxError` if the module is not connected or does not support payments. */
  constructor(sandbox: Sandbox, account: Account, code: string, encoding?: Encoding) {
    super(sandbox, account, code, 'payment', 'payments', encoding);
  }

  /** Creates an invoice for the order's open payment (or a new one) and requests its link from the module. */
  async create(order: JsonObject, options: InvoiceOptions = {}): Promise<{ readonly outcome: Outcome; readonly invoice: JsonObject }> {
    const currency = asText(order['currency']) ?? this.crm.currency;
    const currencies = Array.isArray(this.registered['currencies']) ? this.registered['currencies'].map(String) : [];
    if (!currencies.includes(currency))
      throw new SandboxError(`Module "${this.code}" does not accept ${currency}; it accepts ${currencies.join(', ') || 'nothing'}`);
    return this.createFor(order, this.paymentFor(order, options.amount, currency), options);
  }

  /**
   * Creates an invoice for this payment of the order, with its whole amount, and requests its link.
   */
  async createFor(
    order: JsonObject,
    payment: JsonObject,
    options: Omit<InvoiceOptions, 'amount'> = {},
  ): Promise<{ readonly outcome: Outcome; readonly invoice: JsonObject }> {
    const currency = asText(order['currency']) ?? this.crm.currency;
    const invoice = this.crm.insert('invoices', {
      invoiceUuid: randomUUID(),
      createdAt: this.crm.now(),
      customerId: asObject(order['customer'])['id'],
      orderId: order['id'],
      paymentId: payment['id'],
      amount: payment['amount'],
      currency,
      email: order['email'],
      phone: order['phone'],
      status: 'pending',
      invoiceType: 'link',
      refundable: false,
      cancellable: false,
      refunds: [],
    });
    const body = createBody(this.crm, order, invoice, this.shop(options.shop), options.returnUrl);
    invoice['desk'] = { module: this.code, shop: body['shopId'], made: body, timeline: [] };
    editPayment(this.crm, order, payment, { status: 'invoice' });
    return { outcome: await this.sendCreate(invoice), invoice };
  }

  /** Repeats the `create` of an invoice, like a CRM that lost the reply. */
  async repeat(invoice: JsonObject): Promise<Outcome> {
    return this.sendCreate(invoice);
  }

  /** Captures the held money, or a part of it. */
  async approve(invoice: JsonObject, amount?: number): Promise<Outcome> {
    // While it approves, the module calls `payment/check`, which must accept this amount.
    const desk = asObject(invoice['desk']);
    const asked = amount ?? invoice['amount'] ?? null;
    desk['approving'] = [...asList(desk['approving']), asked];
    const outcome = await this.about('approve', invoice, amount);
    if (outcome.outcome.refusal !== undefined) {
      const noted = asObject(invoice['desk']);
      noted['approving'] = asList(noted['approving']).filter((one) => one !== asked);
    }
    this.crm.changed();
    return outcome.outcome;
  }

  /** Cancels an unpaid invoice, or releases its hold. */
  async cancel(invoice: JsonObject): Promise<Outcome> {
    return (await this.about('cancel', invoice)).outcome;
  }

  /** Refunds this amount, or the rest. Stores the module's refund. */
  async refund(invoice: JsonObject, amount?: number): Promise<Outcome> {
    const { outcome, reply } = await this.about('refund', invoice, amount);
    const result = asObject(asObject(reply.json)['result']);
    if (outcome.status === 200 && asText(result['id']) !== undefined) {
      keepRefund(this.crm, invoice, result);
      this.crm.changed();
    }
    return outcome;
  }

  /** Reads the payment's status at the module. Does not change the invoice. */
  async status(invoice: JsonObject): Promise<Outcome> {
    const paymentId = readPaymentId(invoice);
    return (await this.call('status', 'GET', { paymentId }, { paymentId })).outcome;
  }

  /** Sends this body unchanged. Does not store the reply. */
  async raw(action: PaymentAction, body: Json): Promise<Outcome> {
    if (action !== 'status') return (await this.call(action, 'POST', { [action]: JSON.stringify(body) }, {})).outcome;
    const query = Object.entries(asObject(body)).map(([name, value]): [string, string] => [name, String(value)]);
    return (await this.call(action, 'GET', Object.fromEntries(query), {})).outcome;
  }

  private async sendCreate(invoice: JsonObject): Promise<Outcome> {
    const desk = asObject(invoice['desk']);
    const { outcome, reply } = await this.call('create', 'POST', { create: JSON.stringify(written(desk['made'] ?? null)) }, {});
    const result = asObject(asObject(reply.json)['result']);
    const paymentId = asText(result['paymentId']);
    if (outcome.status === 200 && paymentId !== undefined) {
      const known = asText(invoice['externalId']);
      if (known !== undefined && known !== paymentId)
        throw new SandboxError(`The module made another payment for the same invoice: ${known}, then ${paymentId}`, 409);
      invoice['externalId'] = paymentId;
      invoice['link'] = result['invoiceUrl'];
      if (invoice['status'] === 'pending') invoice['cancellable'] = result['cancellable'] === true;
    } else if (known(invoice) === undefined) invoice['errorMsg'] = explain(outcome);
    noteInvoice(this.crm, invoice, { event: 'create', result: outcome.ok ? 'ok' : explain(outcome), call: outcome.exchangeId });
    return outcome;
  }

  private async about(action: 'approve' | 'cancel' | 'refund', invoice: JsonObject, amount?: number): Promise<Exchanged> {
    const paymentId = readPaymentId(invoice);
    const body = { paymentId, ...(amount === undefined ? {} : { amount }) };
    const exchanged = await this.call(action, 'POST', { [action]: JSON.stringify(body) }, body);
    const { outcome } = exchanged;
    noteInvoice(this.crm, invoice, {
      event: action,
      ...(amount === undefined ? {} : { amount }),
      result: outcome.ok ? 'ok' : explain(outcome),
      call: outcome.exchangeId,
    });
    return exchanged;
  }

  private call(
    action: PaymentAction,
    verb: 'GET' | 'POST',
    fields: { readonly [name: string]: string },
    asked: { readonly paymentId?: string; readonly amount?: number },
  ): Promise<Exchanged> {
    return this.send(`payment ${action}`, verb, this.path(action), fields, (reply) => judgePayment(action, reply, asked));
  }

  private shop(wanted: string | undefined): string {
    const shops = asObjects(this.registered['shops']);
    const shop = wanted === undefined ? shops.find((one) => one['active'] !== false) : shops.find((one) => one['code'] === wanted);
    const code = asText(shop?.['code']);
    if (code !== undefined) return code;
    const codes = shops.map((one) => String(one['code'])).join(', ');
    throw new SandboxError(
      wanted === undefined
        ? `Module "${this.code}" has no active shop; it has: ${codes || 'none'}`
        : `Module "${this.code}" has no shop "${wanted}"; it has: ${codes || 'none'}`,
    );
  }

  /** Returns the order's open payment with the given amount, otherwise a new payment. */
  private paymentFor(order: JsonObject, amount: number | undefined, currency: string): JsonObject {
    if (amount !== undefined && (amount <= 0 || toDigits(amount, currency) !== amount))
      throw new SandboxError(`${amount} is not an amount of ${currency}`);
    const open = asObjects(order['payments']).find((one) => one['status'] === 'not-paid');
    // The order may have changed since its payment was added.
    if (open) open['amount'] = amount ?? countLeft(order, open);
    const payment = open ?? addPayment(this.crm, order, { type: 'bank-card', ...(amount === undefined ? {} : { amount }) });
    if ((asNumber(payment['amount']) ?? 0) <= 0) throw new SandboxError(`Nothing is left to pay of order ${String(order['number'])}`);
    return payment;
  }
}

/** Returns the invoice with this uuid, module's payment id, or number. Throws `SandboxError` 404. */
export function invoiceNamed(crm: AccountContext, name: string): JsonObject {
  const invoice = crm.find('invoices', 'invoiceUuid', name) ?? crm.find('invoices', 'externalId', name) ?? crm.find('invoices', 'id', name);
  if (!invoice) throw new SandboxError(`There is no invoice "${name}" (by number, invoiceUuid or the module's payment id)`, 404);
  return invoice;
}

function known(invoice: JsonObject): string | undefined {
  return asText(invoice['externalId']);
}

function readPaymentId(invoice: JsonObject): string {
  const id = known(invoice);
  if (id === undefined)
    throw new SandboxError(`The module knows no payment of invoice ${String(invoice['id'])}: its create did not work`, 409);
  return id;
}
