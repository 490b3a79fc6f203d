import { randomUUID } from 'node:crypto';
import type * as wire from '#crm-client/wire';
import { type JsonObject, asList, asObject } from '../../../../lab/sandbox-crm/src/json.js';
import { Account, type ModuleHost, readResult } from './account.js';
import { listViolations } from './contract-check.js';
import type { Crm } from './crm.js';
import { type Reply, readReply } from './reply.js';

/** Scopes that a payment module needs. */
export const PAYMENT_SCOPES = ['integration_read', 'integration_write', 'notification_write', 'payments_read', 'payments_write'];

/** One call's update of an invoice in the CRM. */
export type InvoiceUpdate = wire.PaymentsApiUpdateInvoiceRequest;

/** The body of `create`, as the CRM sends it. */
export interface CreateBody {
  shopId: string;
  invoiceUuid: string;
  amount: number;
  currency: string;
  [field: string]: unknown;
}

/** The statuses that may follow each status of an invoice. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  pending: ['waitingForCapture', 'succeeded', 'canceled'],
  waitingForCapture: ['succeeded', 'canceled'],
  succeeded: ['refundSucceeded'],
  canceled: [],
  refundSucceeded: [],
};

/**
 * The CRM's side of the payments of one account: makes invoices, calls the module's callbacks, and records
 * the module's calls of `payment/check` and `payment/update-invoice`.
 */
export class PaymentDesk {
  private constructor(
    readonly crm: Crm,
    readonly account: Account,
  ) {}

  /** Connects a payment module to an account. */
  static async open(host: ModuleHost, crm: Crm, module = 'testpay'): Promise<PaymentDesk> {
    return new PaymentDesk(crm, await Account.connect(host, crm, module));
  }

  /** Questions of `payment/check`, in order. */
  get checks(): { invoiceUuid: string; amount: number; currency: string }[] {
    return this.crm
      .listCarriedOut<{ invoiceUuid: string; amount: number; currency: string }>('payments.check', 'check')
      .map(({ value }) => value);
  }

  /** Updates by invoice, in order. */
  get updates(): Map<string, InvoiceUpdate[]> {
    const all = this.crm.listCarriedOut<InvoiceUpdate>('payments.updateInvoice', 'updateInvoice').map(({ value }) => value);
    const updates = new Map<string, InvoiceUpdate[]>();
    for (const update of all) updates.set(String(update.invoiceUuid), [...(updates.get(String(update.invoiceUuid)) ?? []), update]);
    return updates;
  }

  /** Makes `payment/check` reject an invoice for this reason. */
  refuseChecks(invoiceUuid: string, reason: string): void {
    const invoice = this.find('invoiceUuid', invoiceUuid);
    if (invoice) invoice['desk'] = { ...asObject(invoice['desk']), checkRefusal: reason };
  }

  /** A body of `create` for 1,234.50 RUB in the first shop, with changes. */
  body(changes: Partial<CreateBody> = {}): CreateBody {
    return {
      shopId: 'main',
      invoiceUuid: randomUUID(),
      invoiceType: 'link',
      amount: 1234.5,
      currency: 'RUB',
      orderNumber: '5074A',
      orderId: 5074,
      siteUrl: 'https://shop.example',
      returnUrl: 'https://shop.example/thanks?order=5074',
      customer: { id: 12, firstName: 'Ольга', lastName: 'Иванова', email: 'olga@example.com', phones: [{ number: '+7 900 000-00-00' }] },
      items: [
        {
          name: 'Чайник <2 л>',
          price: 1000.5,
          quantity: 1,
          vat: 'vat20',
          paymentMethod: 'full_prepayment',
          paymentObject: 'commodity',
          measurementUnit: 'шт',
        },
        { name: 'Чай', price: 156, quantity: 1.5, vat: 'vat10' },
      ],
      ...changes,
    };
  }

  create(body: CreateBody): Promise<Reply> {
    this.addInvoice(body);
    return this.account.post('/payment/create', { create: body });
  }

  /** Registers an invoice and returns the payment that the module made. Throws if it made none. */
  async invoice(changes: Partial<CreateBody> = {}): Promise<{ invoiceUuid: string; paymentId: string; invoiceUrl: string }> {
    const body = this.body(changes);
    const { paymentId, invoiceUrl } = readResult<wire.CallbackPaymentCreateResult>(
      await this.create(body),
      'CallbackPaymentCreateResponse',
    );
    if (!paymentId || !invoiceUrl) throw new Error('create returned no paymentId or invoiceUrl');
    this.keepPaymentId(body.invoiceUuid, paymentId);
    return { invoiceUuid: body.invoiceUuid, paymentId, invoiceUrl };
  }

  /** Has the CRM keep what a `create` answered. */
  keepPaymentId(invoiceUuid: string, paymentId: string): void {
    const invoice = this.find('invoiceUuid', invoiceUuid);
    if (invoice) invoice['externalId'] = paymentId;
  }

  /** Approves the payment: `payment/check` allows this amount, by default the whole. */
  approve(paymentId: string, amount?: number): Promise<Reply> {
    const invoice = this.find('externalId', paymentId);
    if (invoice) {
      const desk = asObject(invoice['desk']);
      invoice['desk'] = { ...desk, approving: [...asList(desk['approving']), amount ?? invoice['amount'] ?? null] };
    }
    return this.account.post('/payment/approve', { approve: { paymentId, ...(amount !== undefined && { amount }) } });
  }

  cancel(paymentId: string): Promise<Reply> {
    return this.account.post('/payment/cancel', { cancel: { paymentId } });
  }

  refund(paymentId: string, amount?: number): Promise<Reply> {
    return this.account.post('/payment/refund', { refund: { paymentId, ...(amount !== undefined && { amount }) } });
  }

  /** Requests a refund and hangs up once the request was sent, without the reply. */
  refundAndLeave(paymentId: string, amount: number): Promise<void> {
    return this.account.postAndLeave('/payment/refund', { refund: { paymentId, amount } });
  }

  /** The result of `status`. */
  async status(paymentId: string): Promise<InvoiceUpdate> {
    const reply = await this.account.get('/payment/status', { paymentId });
    if (reply.status !== 200) throw new Error(`status answered ${reply.status}: ${reply.bytes.toString()}`);
    const { success, result } = reply.json as { success: boolean; result: InvoiceUpdate };
    const problems = listViolations(result, 'PaymentsApiUpdateInvoiceRequest');
    if (success !== true || problems.length > 0) throw new Error(`not as the contract says: ${problems.join('; ')}`);
    return result;
  }

  /** An invoice's statuses in the CRM, in order, without immediate repeats. */
  listStatuses(invoiceUuid: string): string[] {
    const statuses = (this.updates.get(invoiceUuid) ?? []).map((update) => String(update.status));
    return statuses.filter((status, index) => status !== statuses[index - 1]);
  }

  /** The invoice's last update in the CRM. */
  findLast(invoiceUuid: string): InvoiceUpdate | undefined {
    return this.updates.get(invoiceUuid)?.at(-1);
  }

  /** Refunds of an invoice by id, as last reported. */
  mapRefunds(invoiceUuid: string): Map<string, NonNullable<InvoiceUpdate['refund']>> {
    const told = (this.updates.get(invoiceUuid) ?? []).flatMap(({ refund }) => (refund ? [[String(refund.id), refund] as const] : []));
    return new Map(told);
  }

  /** Invoices whose status went back or left a final one. */
  wentBack(): string[] {
    return [...this.updates.keys()].flatMap((uuid) => {
      const statuses = this.listStatuses(uuid);
      const wrong = statuses.some(
        (status, index) => index > 0 && !FOLLOWS[statuses[index - 1] ?? '']?.includes(status) && !isReachable(statuses[index - 1], status),
      );
      return wrong ? [`${uuid}: ${statuses.join(', ')}`] : [];
    });
  }

  /** The CRM's invoice. */
  private find(field: 'invoiceUuid' | 'externalId', value: string): JsonObject | undefined {
    return this.crm.context.find('invoices', field, value);
  }

  /** Adds the order, its payment and the invoice of a `create`, unless they exist. */
  private addInvoice({ invoiceUuid, orderId, amount, currency }: CreateBody): void {
    const { context } = this.crm;
    if (this.find('invoiceUuid', invoiceUuid)) return;
    let order = context.find('orders', 'id', Number(orderId));
    if (!order) context.rows('orders').push((order = { id: Number(orderId), status: 'new', payments: [] }));
    const payment = { id: context.nextId('payments'), amount, status: 'invoice', type: 'bank-card' };
    order['payments'] = [...asList(order['payments']), payment];
    context.insert('invoices', { invoiceUuid, orderId: Number(orderId), paymentId: payment.id, amount, currency, status: 'pending' });
  }
}

/** Whether a status can follow another directly, or after some that need not be sent to the CRM. */
function isReachable(from: string | undefined, to: string): boolean {
  const next = FOLLOWS[from ?? ''] ?? [];
  return next.includes(to) || next.some((one) => isReachable(one, to));
}

/** The buyer at a link: no scripts, no cookies. */
export class BuyerPage {
  constructor(
    readonly url: string,
    private readonly language = 'en',
  ) {}

  open(path = ''): Promise<Reply> {
    return this.ask(this.url + path, {});
  }

  /** Posts a form to the page's own address, without following where it leads. */
  submit(values: Readonly<Record<string, string>>): Promise<Reply> {
    return this.ask(this.url, { method: 'POST', body: new URLSearchParams(values) });
  }

  /** Enters a card and returns the page that the answer leads to. */
  async pay(card: string): Promise<string> {
    const reply = await this.submit({ card });
    if (reply.status !== 303) throw new Error(`the page answered ${reply.status}: ${reply.bytes.toString()}`);
    return (await this.ask(new URL(reply.headers.get('location') ?? '', this.url).href, {})).bytes.toString('utf8');
  }

  private async ask(url: string, init: RequestInit): Promise<Reply> {
    return readReply(await fetch(url, { redirect: 'manual', headers: { 'accept-language': this.language }, ...init }));
  }
}
