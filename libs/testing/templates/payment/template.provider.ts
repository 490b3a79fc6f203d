import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
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
import { type CheckReport, type Money, toMoney } from '#provider-kit';
import { checkAccount } from '../common/check.js';
import { TemplateClient } from '../common/template.client.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';

class WireDispute {
  @IsString() id!: string;
  @IsString() state!: string;
  @IsInt() amount!: number;
  @IsString() reason!: string;
}

class WireInvoice {
  @IsString() id!: string;
  @IsString() state!: string;
  /** Where the buyer pays; missing when there is nothing to pay any more. */
  @IsOptional() @IsString() page?: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireDispute) disputes!: WireDispute[];
}

const STATUSES: Readonly<Record<string, PaymentStatus>> = { open: 'pending', paid: 'succeeded', void: 'canceled' };
const DISPUTES: Readonly<Record<string, DisputeStatus>> = { open: 'open', won: 'won', lost: 'lost' };

/** Our status for a state of the service; an unknown one is pending, so that it is asked again. */
export function readState(state: string): PaymentStatus {
  return readStatus(STATUSES, state);
}

/** The service as a payment provider: an invoice there is found by our reference. */
export class TemplateProvider implements PaymentProvider<TemplateSettings> {
  readonly manifest = manifest;
  private readonly client = new TemplateClient();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return checkAccount(this.client, context);
  }

  async create(request: CreateRequest, context: TemplateContext): Promise<PaymentState> {
    const { reference, amount, orderNumber, payUrl, doneUrl } = request;
    const json = { amount: amount.minor, currency: amount.currency, title: orderNumber, back: payUrl, done: doneUrl };
    const call = { method: 'PUT', path: toPath(reference), json, effect: true } as const;
    return toState(await this.client.read(WireInvoice, call, context), amount);
  }

  async get(payment: ExistingPayment, context: TemplateContext): Promise<PaymentState> {
    return toState(await this.readInvoice(payment, context), payment.request.amount);
  }

  /** The service made the page with the invoice, so that it is only found here. */
  async openCheckout(payment: ExistingPayment, _request: KeyedRequest, context: TemplateContext): Promise<Checkout> {
    const invoice = await this.readInvoice(payment, context);
    return { state: toState(invoice, payment.request.amount), ...(invoice.page && { url: invoice.page }) };
  }

  private readInvoice(payment: ExistingPayment, context: TemplateContext): Promise<WireInvoice> {
    return this.client.read(WireInvoice, { method: 'GET', path: toPath(payment.id), effect: false }, context);
  }
}

function toPath(reference: string): string {
  return `/invoices/${encodeURIComponent(reference)}`;
}

function toState({ id, state, disputes }: WireInvoice, { currency }: Money): PaymentState {
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
