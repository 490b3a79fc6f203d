import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ConsentChoiceDto, type ConsentProgress, Consents, type ConsentStart, type ConsentView, ProviderChoiceDto } from '#onboarding';
import { ApiBodyOf, ApiQueryOf } from '#platform';
import { PageCallers } from './page-callers.js';

/** The account's consent at a service, for its page. Every route throws 404 if the deployment offers none. */
@ApiTags('account page')
@Controller(':module/account/api/consent')
export class ConsentController {
  constructor(
    private readonly callers: PageCallers,
    private readonly consents: Consents,
  ) {}

  /** Returns whether the account consented at the service of a provider. */
  @Get()
  @ApiQueryOf(ProviderChoiceDto)
  async readConsent(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() choice: ProviderChoiceDto,
  ): Promise<ConsentView> {
    return this.consents.view(await this.callers.find(code, request, choice));
  }

  /** Starts an attempt, and ends an earlier one. The user opens `url`, once within five minutes. */
  @Post()
  @HttpCode(200)
  @ApiQueryOf(ProviderChoiceDto)
  async startConsent(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() choice: ProviderChoiceDto,
  ): Promise<ConsentStart> {
    return this.consents.start(await this.callers.find(code, request, choice));
  }

  /**
   * Returns the state of an attempt.
   * @throws 404 if it is unknown, or a newer one was started
   */
  @Get(':id')
  @ApiQueryOf(ProviderChoiceDto)
  async followConsent(
    @Param('module') code: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Query() choice: ProviderChoiceDto,
  ): Promise<ConsentProgress> {
    return this.consents.follow(await this.callers.find(code, request, choice), id);
  }

  /**
   * Chooses between the connected account and the other one of an attempt. Returns the connected one.
   * @throws 404 if there is no longer anything to choose
   */
  @Post(':id')
  @HttpCode(200)
  @ApiBodyOf(ConsentChoiceDto)
  @ApiQueryOf(ProviderChoiceDto)
  async chooseConsent(
    @Param('module') code: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Query() choice: ProviderChoiceDto,
    @Body() body: unknown,
  ): Promise<ConsentView> {
    return this.consents.choose(await this.callers.find(code, request, choice), id, body);
  }
}
