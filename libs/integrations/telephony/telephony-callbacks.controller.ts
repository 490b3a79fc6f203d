import { Controller, Get, Header, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type * as wire from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, PlainFields } from '#connections';
import { MakeCallDto, UserStatusDto } from './dto/callback.dto.js';
import { PersonalPageService } from './page/personal-page.service.js';
import { TelephonyService } from './telephony.service.js';

/** The telephony callbacks (docs/contract/telephony.md); their paths are what the registration names. */
@ApiTags('telephony callbacks')
@Controller(':module/callbacks/telephony')
@UseGuards(CallbackGuard)
export class TelephonyCallbacksController {
  constructor(
    private readonly telephony: TelephonyService,
    private readonly page: PersonalPageService,
  ) {}

  @Get('make-call')
  async makeCall(@CurrentConnection() connection: Connection, @PlainFields() dto: MakeCallDto): Promise<wire.SuccessResponse> {
    await this.telephony.makeCall(connection, dto);
    return { success: true };
  }

  @Get('user-status')
  async changeUserStatus(@CurrentConnection() connection: Connection, @PlainFields() dto: UserStatusDto): Promise<wire.SuccessResponse> {
    await this.telephony.changeUserStatus(connection, dto);
    return { success: true };
  }

  /** A browser's: the CRM sends the user here with `clientId`. */
  @Post('account')
  @HttpCode(200)
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  async account(@CurrentConnection() connection: Connection, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { html, policy } = await this.page.render(connection);
    void reply.header('content-security-policy', policy);
    return html;
  }
}
