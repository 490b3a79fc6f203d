import { Injectable } from '@nestjs/common';
import type {
  ApproveRequest,
  CreateRequest,
  ExistingPayment,
  FormView,
  KeyedRequest,
  PaymentEvent,
  PaymentForm,
  PaymentManifest,
  PaymentProvider,
  PaymentState,
  RefundRequest,
} from '#payment/port';
import { type LocalText, SecretBox, textFor, type Transaction } from '#platform';
import { toMoney, type ProviderContext, type ProviderWebhook } from '#provider-kit';
import { toFormView } from './testpay.form.js';
import { TestpayGateway, type TestpayPayment } from './testpay.gateway.js';
import { testpayManifest } from './testpay.manifest.js';
import type { TestpaySettings } from './testpay.settings.js';
import { STATUSES } from './testpay.statuses.js';
import { texts } from './testpay.texts.js';
import { buildWebhook } from './testpay.webhook.js';

type Context = ProviderContext<TestpaySettings, Transaction>;

const HOUR_MS = 3_600_000;
/** Hours of a hold in a shop that is no longer in the settings. */
const HOLD_HOURS = 168;

const CANCELLATIONS: Readonly<Record<'shop' | 'expired', LocalText>> = texts.cancellations;

/**
 * A built-in gateway for development and tests, which accepts only test cards. It always holds first, and the
 * integration captures one-stage payments. State changes in the call's transaction. Webhooks are sent over
 * HTTP.
 */
@Injectable()
export class TestpayProvider implements PaymentProvider<TestpaySettings> {
  readonly manifest: PaymentManifest<TestpaySettings> = testpayManifest;

  readonly webhook: ProviderWebhook<TestpaySettings, PaymentEvent> = buildWebhook((connectionId, settings) =>
    this.getWebhookKey(connectionId, settings),
  );

  readonly form: PaymentForm<TestpaySettings> = {
    show: (payment, context: Context) => this.show(payment, context),
    submit: async (payment, values, context: Context) => {
      const tx = getTransaction(context);
      const holdMs = (context.settings.shops.find((shop) => shop.code === payment.request.shop)?.holdHours ?? HOLD_HOURS) * HOUR_MS;
      if (values.confirm !== undefined) await this.gateway.confirm(tx, payment.id, values.confirm === 'yes', holdMs, context.now);
      else await this.gateway.enterCard(tx, payment.id, values.card ?? '', holdMs, context.now);
      return this.show(payment, context, tx);
    },
  };

  constructor(
    private readonly gateway: TestpayGateway,
    private readonly box: SecretBox,
  ) {}

  async create(request: CreateRequest, context: Context): Promise<PaymentState> {
    const { reference: id, shop, amount } = request;
    const tx = getTransaction(context);
    await this.gateway.open(tx, { id, connectionId: context.connectionId, shop, amount, now: context.now });
    return this.readState(id, context, tx);
  }

  get(payment: ExistingPayment, context: Context): Promise<PaymentState> {
    return this.readState(payment.id, context);
  }

  async approve(payment: ExistingPayment, request: ApproveRequest, context: Context): Promise<PaymentState> {
    await this.gateway.capture(getTransaction(context), payment.id, request.amount, context.now);
    return this.readState(payment.id, context, context.transaction);
  }

  async cancel(payment: ExistingPayment, _request: KeyedRequest, context: Context): Promise<PaymentState> {
    await this.gateway.cancel(getTransaction(context), payment.id, context.now);
    return this.readState(payment.id, context, context.transaction);
  }

  async refund(payment: ExistingPayment, request: RefundRequest, context: Context): Promise<PaymentState> {
    await this.gateway.refund(getTransaction(context), payment.id, request.key, request.amount, context.now);
    return this.readState(payment.id, context, context.transaction);
  }

  /**
   * Returns the signing key of a connection's webhooks: from its settings, or derived from the server's key.
   */
  getWebhookKey(connectionId: string, settings: TestpaySettings): string {
    return settings.webhookSecret ?? this.box.sign(connectionId, 'testpay webhooks');
  }

  private async show(payment: ExistingPayment, context: Context, tx?: Transaction): Promise<FormView> {
    const { payment: present } = await this.gateway.read(context.connectionId, payment.id, context.now, tx);
    return toFormView(present, payment.request.capture === 'automatic');
  }

  private async readState(id: string, context: Context, tx?: Transaction): Promise<PaymentState> {
    return toPaymentState(await this.gateway.read(context.connectionId, id, context.now, tx), context.account.language);
  }
}

/** Returns a payment's state in the port's format. */
function toPaymentState({ payment, refunds }: TestpayPayment, language: string): PaymentState {
  const amount = (minor: string): ReturnType<typeof toMoney> => toMoney(Number(minor), payment.currency);
  return {
    externalId: `tp_${payment.id.replaceAll('-', '')}`,
    status: STATUSES[payment.state],
    ...(payment.state === 'held' && { held: amount(payment.amountMinor) }),
    ...(payment.heldUntil && { expiresAt: payment.heldUntil }),
    ...(payment.capturedMinor !== null && { captured: amount(payment.capturedMinor) }),
    ...(payment.capturedAt && { paidAt: payment.capturedAt }),
    ...(payment.cancellation && { cancellation: textFor(CANCELLATIONS[payment.cancellation], language) }),
    refunds: refunds.map((refund) => ({
      externalId: `tr_${refund.id.replaceAll('-', '')}`,
      reference: refund.id,
      amount: amount(refund.amountMinor),
      status: refund.status,
      ...(refund.status === 'canceled' && { comment: textFor(texts.refundFailed, language) }),
    })),
  };
}

function getTransaction(context: Context): Transaction {
  if (!context.transaction) throw new Error('calls of the test gateway with an effect need a transaction');
  return context.transaction;
}
