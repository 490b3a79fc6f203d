import { Controller, Get, HttpCode, Ip, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type HostedModule, JsonField } from '#connections';
import { RegisterDto, SimpleConnectionService } from '#onboarding';
import { LANGUAGES, notFound, RequestNumber, textFor } from '#platform';
import { CurrentModule, ModuleGuard } from './module.guard.js';

/** Simple connection (docs/contract/simple-connection.md) and the module's logos. */
@ApiTags('simple connection')
@Controller(':module')
@UseGuards(ModuleGuard)
export class SimpleConnectionController {
  constructor(private readonly simpleConnection: SimpleConnectionService) {}

  /** Returns the data that the CRM requests before it connects the module. */
  @Get('config')
  readConfig(@CurrentModule() module: HostedModule): ReturnType<SimpleConnectionService['config']> {
    return this.simpleConnection.config(module);
  }

  /**
   * Connects an account.
   * @throws 401 for a wrong token
   */
  @Post('register')
  @HttpCode(200)
  registerAccount(
    @CurrentModule() module: HostedModule,
    @JsonField('register') dto: RegisterDto,
    @Ip() address: string,
    @RequestNumber() request: string,
  ): ReturnType<SimpleConnectionService['register']> {
    return this.simpleConnection.register(module, dto, { address, request });
  }

  /** Returns the module's logo. */
  @Get('logo.svg')
  @ApiProduces('image/svg+xml')
  readLogo(@CurrentModule() module: HostedModule, @Res({ passthrough: true }) reply: FastifyReply): string {
    return markSvg(reply, module.logo);
  }

  /** Returns the module's logo in a language. */
  @Get('logo-:language.svg')
  @ApiProduces('image/svg+xml')
  readLogoIn(
    @CurrentModule() module: HostedModule,
    @Param('language') code: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const language = LANGUAGES.find((one) => one === code);
    if (!language) throw notFound('logo', code);
    return markSvg(reply, textFor(module.logos, language));
  }
}

/** Prevents scripts in an SVG from running when it is opened as a page. */
function markSvg(reply: FastifyReply, svg: string): string {
  void reply
    .type('image/svg+xml')
    .header('cache-control', 'public, max-age=86400')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  return svg;
}
