import { Controller, Get, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type * as wire from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, PlainFields } from '#connections';
import { sendHtmlPage } from '#platform';
import { MakeCallDto, UserStatusDto } from './dto/callback.dto.js';
import { PersonalPageService } from './page/personal-page.service.js';
import { CALLBACK_PATHS } from './telephony.paths.js';
import { TelephonyService } from './telephony.service.js';

/** The telephony callbacks (docs/contract/telephony.md). */
@ApiTags('telephony callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
export class TelephonyCallbacksController {
  constructor(
    private readonly telephony: TelephonyService,
    private readonly page: PersonalPageService,
  ) {}

  /** Calls a customer from a user's phone. */
  @Get(CALLBACK_PATHS.makeCallUrl)
  async makeCall(@CurrentConnection() connection: Connection, @PlainFields() dto: MakeCallDto): Promise<wire.SuccessResponse> {
    await this.telephony.makeCall(connection, dto);
    return { success: true };
  }

  /** Turns a user's calls on or off. */
  @Get(CALLBACK_PATHS.changeUserStatusUrl)
  async changeUserStatus(@CurrentConnection() connection: Connection, @PlainFields() dto: UserStatusDto): Promise<wire.SuccessResponse> {
    await this.telephony.changeUserStatus(connection, dto);
    return { success: true };
  }

  /** Shows the module's page in a browser, to which the CRM sends its user. */
  @Post(CALLBACK_PATHS.personalAccountUrl)
  @ApiProduces('text/html')
  @HttpCode(200)
  async openTelephonyPage(@CurrentConnection() connection: Connection, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return sendHtmlPage(reply, await this.page.render(connection));
  }
}
