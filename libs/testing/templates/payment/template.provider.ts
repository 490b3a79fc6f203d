import {
  type Checkout,
  type CreateRequest,
  type DisputeStatus,
  type ExistingPayment,
  type KeyedRequest,
  type PaymentProvider,
  type PaymentState,
  type PaymentStatus,
  readDisputeStatus,
  readStatus,
} from '#payment/port';
import { type CheckReport, list, maybe, type Money, shape, type Shaped, text, toMoney, whole } from '#provider-kit';
import { declareCheck } from '../common/check.js';
import { openService } from '../common/template.api.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';

const service = openService();
const check = declareCheck(service);

/** `page`: the address where the buyer pays. Missing if nothing remains to be paid. */
const invoice = shape({
  ...{ id: text, state: text, page: maybe(text) },
  disputes: list(shape({ id: text, state: text, amount: whole, reason: text })),
});
type Invoice = Shaped<typeof invoice>;

/** An invoice put again under our reference is the same invoice. */
const putInvoice = service.act('PUT /invoices/:reference', invoice);
const readInvoice = service.read('/invoices/:reference', invoice);

const STATUSES: Readonly<Record<string, PaymentStatus>> = { open: 'pending', paid: 'succeeded', void: 'canceled' };
const DISPUTES: Readonly<Record<string, DisputeStatus>> = { open: 'open', won: 'won', lost: 'lost' };

/** Our status for a state of the service. An unknown one is pending, so that it is read again. */
export function readState(state: string): PaymentStatus {
  return readStatus(STATUSES, state);
}

/** The service as a payment provider: an invoice there is found by our reference. */
export class TemplateProvider implements PaymentProvider<TemplateSettings> {
  readonly manifest = manifest;

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return check(context);
  }

  async create(request: CreateRequest, context: TemplateContext): Promise<PaymentState> {
    const { reference, amount, orderNumber, payUrl, doneUrl } = request;
    const json = { amount: amount.minor, currency: amount.currency, title: orderNumber, back: payUrl, done: doneUrl };
    return toState(await putInvoice(context, { reference, json }), amount);
  }

  async get(payment: ExistingPayment, context: TemplateContext): Promise<PaymentState> {
    return toState(await readInvoice(context, { reference: payment.id }), payment.request.amount);
  }

  /** The service made the page with the invoice, so that it is only found here. */
  async openCheckout(payment: ExistingPayment, _request: KeyedRequest, context: TemplateContext): Promise<Checkout> {
    const found = await readInvoice(context, { reference: payment.id });
    return { state: toState(found, payment.request.amount), ...(found.page && { url: found.page }) };
  }
}

function toState({ id, state, disputes }: Invoice, { currency }: Money): PaymentState {
  return {
    externalId: id,
    status: readState(state),
    disputes: disputes.map((dispute) => ({
      externalId: dispute.id,
      status: readDisputeStatus(DISPUTES, dispute.state),
      amount: toMoney(dispute.amount, currency),
      reason: dispute.reason,
    })),
  };
}
