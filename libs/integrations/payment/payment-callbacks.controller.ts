import { Controller, Get, HttpCode, Logger, Post, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type * as wire from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, JsonField, PlainFields } from '#connections';
import { errorText, onReplySent, toLogLine } from '#platform';
import { CreatePaymentDto, PaymentIdDto, PaymentRequestDto } from './dto/callback.dto.js';
import { CALLBACK_PATHS } from './payment.paths.js';
import { PaymentService } from './payment.service.js';
import type { StatusResult } from './reply-mapper.js';

/** The payment callbacks (docs/contract/payment.md). */
@ApiTags('payment callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
export class PaymentCallbacksController {
  private readonly logger = new Logger(PaymentCallbacksController.name);

  constructor(private readonly payments: PaymentService) {}

  /** Creates a payment for an invoice, with a link for the buyer. A repeated request gets the first reply. */
  @Post(CALLBACK_PATHS.create)
  @HttpCode(200)
  async createPayment(
    @CurrentConnection() connection: Connection,
    @JsonField('create') dto: CreatePaymentDto,
  ): Promise<wire.CallbackPaymentCreateResponse> {
    return { success: true, result: await this.payments.create(connection, dto) };
  }

  /** Captures a held payment. */
  @Post(CALLBACK_PATHS.approve)
  @HttpCode(200)
  async approvePayment(
    @CurrentConnection() connection: Connection,
    @JsonField('approve') dto: PaymentRequestDto,
  ): Promise<wire.SuccessResponse> {
    await this.payments.approve(connection, dto);
    return { success: true };
  }

  /** Cancels a payment that was not captured. */
  @Post(CALLBACK_PATHS.cancel)
  @HttpCode(200)
  async cancelPayment(
    @CurrentConnection() connection: Connection,
    @JsonField('cancel') dto: PaymentRequestDto,
  ): Promise<wire.SuccessResponse> {
    await this.payments.cancel(connection, dto);
    return { success: true };
  }

  /**
   * Refunds at most the captured amount. The fields do not distinguish a repeat from a second refund, so the
   * service records whether the CRM received the reply.
   */
  @Post(CALLBACK_PATHS.refund)
  @HttpCode(200)
  async refundPayment(
    @CurrentConnection() connection: Connection,
    @JsonField('refund') dto: PaymentRequestDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<wire.CallbackPaymentRefundResponse> {
    const result = await this.payments.refund(connection, dto);
    onReplySent(reply, () => {
      this.payments.noteReply(connection, result.id).catch((error: unknown) => {
        this.logger.warn(toLogLine(`the reply with refund ${result.id} is not recorded as sent: ${errorText(error)}`, connection.request));
      });
    });
    return { success: true, result };
  }

  /** Returns a payment's state. */
  @Get(CALLBACK_PATHS.status)
  async getPaymentStatus(
    @CurrentConnection() connection: Connection,
    @PlainFields() dto: PaymentIdDto,
  ): Promise<{ success: true; result: StatusResult }> {
    return { success: true, result: await this.payments.status(connection, dto.paymentId) };
  }
}
