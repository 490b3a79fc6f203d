import { Controller, Get, Header, HttpCode, Ip, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type HostedModule, JsonField } from '#connections';
import { RegisterDto, SimpleConnectionService } from '#onboarding';
import { RequestNumber } from '#platform';
import { CurrentModule, ModuleGuard } from './module.guard.js';

/** Simple connection (docs/contract/simple-connection.md) and the module's logo. */
@ApiTags('simple connection')
@Controller(':module')
@UseGuards(ModuleGuard)
export class SimpleConnectionController {
  constructor(private readonly simpleConnection: SimpleConnectionService) {}

  @Get('config')
  config(@CurrentModule() module: HostedModule): ReturnType<SimpleConnectionService['config']> {
    return this.simpleConnection.config(module);
  }

  @Post('register')
  @HttpCode(200)
  register(
    @CurrentModule() module: HostedModule,
    @JsonField('register') dto: RegisterDto,
    @Ip() address: string,
    @RequestNumber() request: string,
  ): ReturnType<SimpleConnectionService['register']> {
    return this.simpleConnection.register(module, dto, { address, request });
  }

  @Get('logo.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=86400')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  logo(@CurrentModule() module: HostedModule): string {
    return module.logo;
  }
}
