import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type * as wire from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, JsonField, PlainFields } from '#connections';
import { CreatePaymentDto, PaymentIdDto, PaymentRequestDto } from './dto/callback.dto.js';
import { CALLBACK_PATHS } from './payment.paths.js';
import { PaymentService } from './payment.service.js';
import type { StatusResult } from './reply-mapper.js';

/** The payment callbacks (docs/contract/payment.md). */
@ApiTags('payment callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
export class PaymentCallbacksController {
  constructor(private readonly payments: PaymentService) {}

  @Post(CALLBACK_PATHS.create)
  @HttpCode(200)
  async create(
    @CurrentConnection() connection: Connection,
    @JsonField('create') dto: CreatePaymentDto,
  ): Promise<wire.CallbackPaymentCreateResponse> {
    return { success: true, result: await this.payments.create(connection, dto) };
  }

  @Post(CALLBACK_PATHS.approve)
  @HttpCode(200)
  async approve(@CurrentConnection() connection: Connection, @JsonField('approve') dto: PaymentRequestDto): Promise<wire.SuccessResponse> {
    await this.payments.approve(connection, dto);
    return { success: true };
  }

  @Post(CALLBACK_PATHS.cancel)
  @HttpCode(200)
  async cancel(@CurrentConnection() connection: Connection, @JsonField('cancel') dto: PaymentRequestDto): Promise<wire.SuccessResponse> {
    await this.payments.cancel(connection, dto);
    return { success: true };
  }

  @Post(CALLBACK_PATHS.refund)
  @HttpCode(200)
  async refund(
    @CurrentConnection() connection: Connection,
    @JsonField('refund') dto: PaymentRequestDto,
  ): Promise<wire.CallbackPaymentRefundResponse> {
    return { success: true, result: await this.payments.refund(connection, dto) };
  }

  @Get(CALLBACK_PATHS.status)
  async status(
    @CurrentConnection() connection: Connection,
    @PlainFields() dto: PaymentIdDto,
  ): Promise<{ success: true; result: StatusResult }> {
    return { success: true, result: await this.payments.status(connection, dto.paymentId) };
  }
}
