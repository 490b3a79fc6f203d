import { Type } from 'class-transformer';
import { IsArray, IsInt, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { Checkout, CreateRequest, ExistingPayment, PaymentState } from '#payment/port';
import { type Money, toMoney } from '#provider-kit';
import { type FakeGatewayClient, GatewayRefusal } from './fake-gateway.client.js';
import type { FakeGatewayContext } from './fake-gateway.settings.js';
import { toDisputeStatus, toRefundStatus, toStatus } from './fake-gateway.statuses.js';

class WireRefund {
  @IsString() id!: string;
  @IsString() key!: string;
  @IsInt() amount!: number;
  @IsString() state!: string;
}

class WireDispute {
  @IsString() id!: string;
  @IsInt() amount!: number;
  @IsString() state!: string;
  @IsString() reason!: string;
}

/** A payment as the gateway tells it; amounts in minor units. */
export class WirePayment {
  @IsString() id!: string;
  @IsString() currency!: string;
  @IsString() state!: string;
  @IsOptional() @IsISO8601() heldUntil?: string;
  @IsOptional() @IsInt() taken?: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireRefund) refunds!: WireRefund[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireDispute) disputes!: WireDispute[];
}

class WirePage {
  @ValidateNested() @Type(() => WirePayment) payment!: WirePayment;
  /** Missing: there is nothing to pay any more. */
  @IsOptional() @IsString() page?: string;
}

/** Makes a payment; again with the same reference it is the same one. */
export async function createPayment(client: FakeGatewayClient, request: CreateRequest, context: FakeGatewayContext): Promise<PaymentState> {
  const { reference, amount, capture, orderNumber, payUrl, doneUrl } = request;
  const json = {
    ...{ reference, amount: amount.minor, currency: amount.currency, mode: capture === 'manual' ? 'hold' : 'sale' },
    ...{ title: orderNumber, back: payUrl, done: doneUrl },
  };
  return toState(await client.read(WirePayment, { method: 'POST', path: '/payments', json, key: reference, effect: true }, context));
}

/** How the payment with our reference stands; undefined when there is none. */
export async function findPayment(
  client: FakeGatewayClient,
  reference: string,
  context: FakeGatewayContext,
): Promise<PaymentState | undefined> {
  try {
    return await getPayment(client, reference, context);
  } catch (error) {
    if (error instanceof GatewayRefusal && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** How the payment with our reference stands. */
export async function getPayment(client: FakeGatewayClient, reference: string, context: FakeGatewayContext): Promise<PaymentState> {
  return toState(await client.read(WirePayment, { method: 'GET', path: toPath(reference), effect: false }, context));
}

/** The page on which an open payment is paid: there is only one. */
export async function openPage(client: FakeGatewayClient, { id }: ExistingPayment, context: FakeGatewayContext): Promise<Checkout> {
  const { page, payment } = await client.read(WirePage, { method: 'GET', path: `${toPath(id)}/page`, effect: false }, context);
  return { state: toState(payment), ...(page !== undefined && { url: page }) };
}

/** Takes a hold, releases it or gives back what was taken; again with the same key nothing more is done. */
export async function changePayment(
  client: FakeGatewayClient,
  { id }: ExistingPayment,
  change: { name: 'capture' | 'void' | 'refunds'; key: string; amount?: Money },
  context: FakeGatewayContext,
): Promise<PaymentState> {
  const { name, key, amount } = change;
  const call = { method: 'POST', path: `${toPath(id)}/${name}`, key, effect: true } as const;
  return toState(await client.read(WirePayment, { ...call, ...(amount && { json: { amount: amount.minor } }) }, context));
}

function toPath(reference: string): string {
  return `/payments/${encodeURIComponent(reference)}`;
}

function toState({ id, currency, state, heldUntil, taken, refunds, disputes }: WirePayment): PaymentState {
  return {
    ...{ externalId: id, status: toStatus(state) },
    ...(taken !== undefined && { captured: toMoney(taken, currency) }),
    ...(heldUntil !== undefined && { expiresAt: new Date(heldUntil) }),
    refunds: refunds.map((refund) => ({
      ...{ externalId: refund.id, reference: refund.key, status: toRefundStatus(refund.state) },
      amount: toMoney(refund.amount, currency),
    })),
    disputes: disputes.map((dispute) => ({
      ...{ externalId: dispute.id, status: toDisputeStatus(dispute.state), reason: dispute.reason },
      amount: toMoney(dispute.amount, currency),
    })),
  };
}
