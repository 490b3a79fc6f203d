import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { findView } from '#connections';
import { AccountSessions } from '#onboarding';
import { CallbackError, Guesses, readBearer } from '#platform';
import { PersonalPageService } from './personal-page.service.js';

/** The API of an open telephony page. */
@ApiTags('account page')
@Controller(':module/account/api')
export class PersonalPageController {
  constructor(
    private readonly page: PersonalPageService,
    private readonly sessions: AccountSessions,
    private readonly guesses: Guesses,
  ) {}

  /**
   * Returns the changing part of the telephony page as HTML, for the token of the page.
   * @throws 401 once the token has ended
   */
  @Get('telephony')
  @ApiProduces('text/html')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  async readTelephonyState(@Param('module') module: string, @Req() request: FastifyRequest): Promise<string> {
    const token = readBearer(request);
    const found = token === undefined ? undefined : await this.sessions.find(module, token, request.id);
    const connection = found && findView(found, 'telephony');
    if (connection) return this.page.renderState(connection);
    const refusal = new CallbackError(401, 'The page was open too long. Open the module from the CRM again.');
    throw token === undefined ? refusal : this.guesses.wrong('page tokens', request.ip, refusal);
  }
}
