import { IsString } from 'class-validator';
import type {
  ApproveRequest,
  Checkout,
  CreateRequest,
  ExistingPayment,
  KeyedRequest,
  PaymentProvider,
  PaymentState,
  RefundRequest,
} from '#payment/port';
import { type CheckReport, ProviderError } from '#provider-kit';
import { FakeGatewayClient } from './fake-gateway.client.js';
import { manifest } from './fake-gateway.manifest.js';
import type { FakeGatewayContext, FakeGatewaySettings } from './fake-gateway.settings.js';
import { FakeGatewayWebhook } from './fake-gateway.webhook.js';
import { changePayment, createPayment, findPayment, getPayment, openPage } from './payment.js';

class WireAccount {
  @IsString() name!: string;
}

/** The stateless payment provider: one function for each port method. */
export class FakeGatewayProvider implements PaymentProvider<FakeGatewaySettings> {
  readonly manifest = manifest;
  readonly webhook = new FakeGatewayWebhook();
  private readonly client = new FakeGatewayClient();

  async check(_settings: FakeGatewaySettings, context: FakeGatewayContext): Promise<CheckReport> {
    try {
      const { name } = await this.client.read(WireAccount, { method: 'GET', path: '/account', effect: false }, context);
      return { account: name };
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'auth') return { errors: { token: error.message } };
      throw error;
    }
  }

  create(request: CreateRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return createPayment(this.client, request, context);
  }

  get(payment: ExistingPayment, context: FakeGatewayContext): Promise<PaymentState> {
    return getPayment(this.client, payment.id, context);
  }

  find(reference: string, context: FakeGatewayContext): Promise<PaymentState | undefined> {
    return findPayment(this.client, reference, context);
  }

  openCheckout(payment: ExistingPayment, _request: KeyedRequest, context: FakeGatewayContext): Promise<Checkout> {
    return openPage(this.client, payment, context);
  }

  approve(payment: ExistingPayment, request: ApproveRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return changePayment(this.client, payment, { name: 'capture', ...request }, context);
  }

  cancel(payment: ExistingPayment, { key }: KeyedRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return changePayment(this.client, payment, { name: 'void', key }, context);
  }

  refund(payment: ExistingPayment, request: RefundRequest, context: FakeGatewayContext): Promise<PaymentState> {
    return changePayment(this.client, payment, { name: 'refunds', ...request }, context);
  }
}
