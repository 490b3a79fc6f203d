import { Body, Controller, Get, Header, HttpCode, Ip, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type HostedModule, HostedModules } from '#connections';
import { RegisterDto, SimpleConnectionService } from '#onboarding';
import { BadInputError, notFound, getParser, RequestNumber } from '#platform';

/** Simple connection (docs/contract/simple-connection.md) and the module's logo. */
@ApiTags('simple connection')
@Controller(':module')
export class SimpleConnectionController {
  private readonly parser = getParser(RegisterDto);

  constructor(
    private readonly modules: HostedModules,
    private readonly simpleConnection: SimpleConnectionService,
  ) {}

  @Get('config')
  config(@Param('module') code: string): ReturnType<SimpleConnectionService['config']> {
    return this.simpleConnection.config(this.getModule(code));
  }

  @Post('register')
  @HttpCode(200)
  register(
    @Param('module') code: string,
    @Body() body: Record<string, unknown> | undefined,
    @Ip() address: string,
    @RequestNumber() request: string,
  ): ReturnType<SimpleConnectionService['register']> {
    const module = this.getModule(code);
    const text = body?.register;
    if (typeof text !== 'string') throw new BadInputError({ register: 'is required' });
    return this.simpleConnection.register(module, this.parser.parseJson(text, 'register'), { address, request });
  }

  @Get('logo.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=86400')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  logo(@Param('module') code: string): string {
    return this.getModule(code).logo;
  }

  private getModule(code: string): HostedModule {
    const module = this.modules.get(code);
    if (!module) throw notFound('module', code);
    return module;
  }
}
