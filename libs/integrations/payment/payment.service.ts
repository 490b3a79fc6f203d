import { BadInputError, CallbackError, Clock, defineProblem, fillIn, isUuid, randomToken } from '#platform';
import { PaymentShops } from './payment-shops.js';
import { texts } from './payment.texts.js';
import type { PaymentProvider } from './port/index.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type * as wire from '#crm-client/wire';
import { type Connection, CrmClients } from '#connections';
import { CrmError } from '#crm-client';
import { type Money, ProviderError, readExactAmount, toMoney } from '#provider-kit';
import { RestoredGap } from '#reconciliation';
import { CaptureCheck } from './capture-check.js';
import { fetchCrmInvoice } from './crm-invoice.js';
import type { CreatePaymentDto, PaymentRequestDto } from './dto/callback.dto.js';
import type { PaymentEntity } from './payment.entity.js';
import { PaymentOperations } from './payment-operations.js';
import { PaymentReader } from './payment-reader.js';
import { toFacts, type StoredPayment } from './payment-rows.js';
import { findUnansweredRefund, isApproved } from './payment-rules.js';
import { isPaid } from './payment-facts.js';
import { PaymentStore } from './payment-store.js';
import { toCreateReply, toRefundReply, type StatusResult, toStatusReply, toWireStatus } from './reply-mapper.js';
import { type InvoiceRequest, toInvoiceRequest } from './request-mapper.js';

/** Milliseconds after which a reply that was not recorded as sent may be lost. */
const REPLY_MS = 2_000;
const REPLY_POLL_MS = 20;

const DIFFERS = defineProblem(texts.problems.differs);

/**
 * The payment callbacks. All methods throw BadInputError, CallbackError or ProviderError for problems that
 * the caller can fix.
 */
@Injectable()
export class PaymentService {
  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly shops: PaymentShops,
    private readonly store: PaymentStore,
    private readonly operations: PaymentOperations,
    private readonly reader: PaymentReader,
    private readonly check: CaptureCheck,
    private readonly clock: Clock,
    private readonly crmClients: CrmClients,
    private readonly gap: RestoredGap,
  ) {}

  /** Registers an invoice once. A repeat returns the existing payment. Different content is rejected. */
  async create(connection: Connection, dto: CreatePaymentDto): Promise<wire.CallbackPaymentCreateResult> {
    const known = await this.store.findByInvoice(connection, dto.invoiceUuid);
    const { currencies, invoiceTypes } = this.providers.getManifest(connection);
    // The settings may have changed since. Differences from the stored payment are rejected below.
    const taken = known
      ? { currencies: [...currencies, known.currency], invoiceTypes: [...invoiceTypes, dto.invoiceType ?? ''] }
      : { currencies, invoiceTypes };
    const request = toInvoiceRequest(dto, taken);
    if (known) return this.answer(connection, known.id, request);
    const shop = this.shops.find(connection, request.shop);
    if (!shop?.active) throw new BadInputError({ shopId: shop ? 'is not active' : `must be one of: ${this.listShopCodes(connection)}` });
    const earlier = await this.findBeforeRestore(connection, dto.invoiceUuid);
    const paymentId = await this.operations.register(connection, {
      request: { ...request, reference: earlier ?? uuidv7(), capture: shop.capture },
      token: randomToken(24),
      ...(earlier !== undefined && { mayExist: true }),
    });
    return this.answer(connection, paymentId, request);
  }

  /**
   * Captures a hold, or a part of it, once the CRM confirms that the invoice is still valid. If the CRM
   * declines, the hold is released and the call rejected. If the CRM cannot be reached, nothing is captured
   * and the hold stays. A payment that is not known to be paid is read at the gateway first.
   */
  async approve(connection: Connection, dto: PaymentRequestDto): Promise<void> {
    this.providers.assertHas(connection, 'approve');
    const known = await this.store.load(connection, dto.paymentId);
    // The event of the payment may not have arrived yet.
    const stored = known.row.status === 'pending' ? await this.reader.read(connection, known.row.id) : known;
    const amount = this.readAskedAmount(stored, dto.amount) ?? findHeld(stored);
    if (isApproved(stored, amount)) return;
    const reason = await this.capture(connection, stored, amount);
    if (reason !== undefined) throw new CallbackError(400, fillIn(texts.released, { reason }));
    const after = await this.store.load(connection, stored.row.id);
    if (after.row.status === 'pending') isApproved(after, amount);
  }

  /**
   * Checks with the CRM, then captures the hold or releases it. Returns the CRM's reason if it was released.
   */
  async capture(connection: Connection, stored: StoredPayment, amount: Money): Promise<string | undefined> {
    const { row } = stored;
    const verdict = await this.check.ask(connection, row.invoiceUuid, computeInvoiced(stored, amount));
    if (verdict.allowed) {
      await this.operations.change(this.operations.approve, connection, { paymentId: row.id, amount });
      return undefined;
    }
    // Another call may have captured the hold since, and the CRM does not confirm a paid invoice.
    const present = await this.store.load(connection, row.id);
    if (isPaid(present.row.status) && isApproved(present, amount)) return undefined;
    await this.operations.change(this.operations.cancel, connection, { paymentId: row.id, reason: verdict.reason });
    return verdict.reason;
  }

  /**
   * Makes an unpaid invoice impossible to pay, or releases a hold. Succeeds if the payment is already
   * cancelled.
   */
  async cancel(connection: Connection, dto: PaymentRequestDto): Promise<void> {
    this.providers.assertHas(connection, 'cancel');
    const stored = await this.store.load(connection, dto.paymentId);
    const amount = this.readAskedAmount(stored, dto.amount);
    await this.operations.change(this.operations.cancel, connection, { paymentId: stored.row.id, ...(amount && { amount }) });
  }

  /**
   * Refunds a part, or the remainder. A request equal to a refund whose reply may not have reached the CRM
   * returns that refund. A request equal to a refund that was answered less than a minute ago is rejected. A
   * payment that is not known to be paid, and every payment after a restore, is read at the gateway first.
   */
  async refund(connection: Connection, dto: PaymentRequestDto): Promise<wire.CallbackPaymentsModuleRefund & { id: string }> {
    this.providers.assertHas(connection, 'refund');
    const known = await this.store.load(connection, dto.paymentId);
    const isTaken = isPaid(known.row.status) || known.row.status === 'canceled';
    const isCertain = isTaken && !(await this.gap.isOpen(connection));
    const stored = isCertain ? known : await this.reader.read(connection, known.row.id);
    const amount = this.readAskedAmount(stored, dto.amount);
    await this.awaitReply(connection, stored, amount);
    const asked = uuidv7();
    const { refundId = asked } = await this.operations.change(this.operations.refund, connection, {
      paymentId: stored.row.id,
      refundId: asked,
      awaitsReply: true,
      ...(amount && { amount }),
    });
    const refund = toFacts(await this.store.load(connection, stored.row.id)).refunds.find((one) => one.id === refundId);
    if (!refund) throw new Error(`the provider's reply to refund ${refundId} does not contain it`);
    return toRefundReply(refund);
  }

  /**
   * Records that the reply with a refund was sent completely. From now on an equal request is another refund.
   */
  noteReply(connection: Connection, refundId: string): Promise<void> {
    return this.store.noteReply(connection, refundId, this.clock.now());
  }

  /** Waits until the reply that is being sent with an equal refund is recorded as sent, or has failed. */
  private async awaitReply(connection: Connection, stored: StoredPayment, amount: Money | undefined): Promise<void> {
    let present = stored;
    for (;;) {
      const id = findUnansweredRefund(present, amount);
      const startedAt = present.refunds.find((refund) => refund.id === id)?.replyAt?.getTime();
      if (startedAt === undefined || this.clock.now().getTime() - startedAt >= REPLY_MS) return;
      await new Promise((resolve) => setTimeout(resolve, REPLY_POLL_MS));
      present = await this.store.load(connection, stored.row.id);
    }
  }

  /**
   * Returns the payment's current state at the provider, or the stored state if the provider cannot be
   * reached.
   */
  async status(connection: Connection, paymentId: string): Promise<StatusResult> {
    const known = await this.store.load(connection, paymentId);
    const stored = await this.reader.read(connection, known.row.id).catch((error: unknown) => {
      if (error instanceof ProviderError) return known;
      throw error;
    });
    return toStatusReply(stored, this.store.buildView(connection, stored));
  }

  /**
   * Returns our reference of a payment that is in the CRM but not in the restored database.
   * @throws ProviderError `unavailable` if the CRM cannot be reached
   */
  private async findBeforeRestore(connection: Connection, invoiceUuid: string): Promise<string | undefined> {
    if (!(await this.gap.isOpen(connection))) return undefined;
    const crm = await this.crmClients.crmFor(connection.id, 'interactive', connection);
    try {
      const { externalId } = (await fetchCrmInvoice(crm, invoiceUuid)) ?? {};
      return externalId !== undefined && isUuid(externalId) ? externalId : undefined;
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      throw new ProviderError(
        'unavailable',
        'Could not check with the CRM whether this invoice has a payment from before the restore. Try again.',
        {
          cause: error,
        },
      );
    }
  }

  private async answer(connection: Connection, paymentId: string, request: InvoiceRequest): Promise<wire.CallbackPaymentCreateResult> {
    const stored = await this.store.load(connection, paymentId);
    this.refuseIfOther(stored.row, request);
    return toCreateReply(stored, this.store.buildView(connection, stored));
  }

  private refuseIfOther(row: PaymentEntity, request: InvoiceRequest): void {
    const differs = {
      ...(Number(row.amountMinor) !== request.amount.minor && { amount: DIFFERS }),
      ...(row.currency !== request.amount.currency && { currency: DIFFERS }),
      ...(row.shop !== request.shop && { shopId: DIFFERS }),
    };
    if (Object.keys(differs).length > 0) throw new CallbackError(400, texts.registeredAlready, differs);
  }

  private readAskedAmount({ row }: StoredPayment, amount: number | undefined): Money | undefined {
    return amount === undefined ? undefined : readExactAmount(amount, row.currency, 'amount');
  }

  private listShopCodes(connection: Connection): string {
    return this.shops
      .list(connection)
      .filter((shop) => shop.active)
      .map((shop) => shop.code)
      .join(', ');
  }
}

/**
 * Returns the amount of the CRM's invoice at capture. If the CRM has not seen the hold, that is the whole
 * amount.
 */
function computeInvoiced(stored: StoredPayment, amount: Money): Money {
  const { discount } = toFacts(stored);
  return discount && toWireStatus(stored) === 'pending' ? toMoney(amount.minor + discount.minor, amount.currency) : amount;
}

/** Returns the amount of an approval without one: the hold, or the captured amount after a capture. */
function findHeld(stored: StoredPayment): Money {
  const { captured, held, amount } = toFacts(stored);
  return captured ?? held ?? amount;
}
