import { Controller, Get, NotFoundException, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../http/pages.js';

/** The operators' console: one page, which routes the rest of the path itself. */
@ApiExcludeController()
@Controller('operator')
export class ConsoleController {
  @Get(['', '*'])
  async openConsole(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (/^\/operator\/api(\/|\?|$)/.test(request.url)) throw new NotFoundException(`Cannot GET ${request.url.split('?')[0]}`);
    return sendPage(request, reply, { page: 'operator', language: 'en', title: 'Crossdock' });
  }
}
