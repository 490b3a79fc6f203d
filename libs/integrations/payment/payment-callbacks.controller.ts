import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type * as wire from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, JsonField, PlainFields } from '#connections';
import { parserOf } from '#platform';
import { CreatePaymentDto, PaymentIdDto, PaymentRequestDto } from './dto/callback.dto.js';
import { PaymentService } from './payment.service.js';
import type { StatusResult } from './reply-mapper.js';

/** The payment callbacks (docs/contract/payment.md); their paths are what the registration names. */
@ApiTags('payment callbacks')
@Controller(':module/callbacks/payment')
@UseGuards(CallbackGuard)
export class PaymentCallbacksController {
  constructor(private readonly payments: PaymentService) {}

  @Post('create')
  @HttpCode(200)
  async create(
    @CurrentConnection() connection: Connection,
    @JsonField({ field: 'create', parser: parserOf(CreatePaymentDto) }) dto: CreatePaymentDto,
  ): Promise<wire.CallbackPaymentCreateResponse> {
    return { success: true, result: await this.payments.create(connection, dto) };
  }

  @Post('approve')
  @HttpCode(200)
  async approve(
    @CurrentConnection() connection: Connection,
    @JsonField({ field: 'approve', parser: parserOf(PaymentRequestDto) }) dto: PaymentRequestDto,
  ): Promise<wire.SuccessResponse> {
    await this.payments.approve(connection, dto);
    return { success: true };
  }

  @Post('cancel')
  @HttpCode(200)
  async cancel(
    @CurrentConnection() connection: Connection,
    @JsonField({ field: 'cancel', parser: parserOf(PaymentRequestDto) }) dto: PaymentRequestDto,
  ): Promise<wire.SuccessResponse> {
    await this.payments.cancel(connection, dto);
    return { success: true };
  }

  @Post('refund')
  @HttpCode(200)
  async refund(
    @CurrentConnection() connection: Connection,
    @JsonField({ field: 'refund', parser: parserOf(PaymentRequestDto) }) dto: PaymentRequestDto,
  ): Promise<wire.CallbackPaymentRefundResponse> {
    return { success: true, result: await this.payments.refund(connection, dto) };
  }

  @Get('status')
  async status(
    @CurrentConnection() connection: Connection,
    @PlainFields(parserOf(PaymentIdDto)) dto: PaymentIdDto,
  ): Promise<{ success: true; result: StatusResult }> {
    return { success: true, result: await this.payments.status(connection, dto.paymentId) };
  }
}
