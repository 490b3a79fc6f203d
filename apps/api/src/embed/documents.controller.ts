import { Controller, Get, Header, Param, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallbackError, Guesses, preferredLanguage } from '#platform';
import { Widgets } from '#widgets';
import { sendClosedPage } from '../account/closed-page.js';
import { texts } from '../api.texts.js';

/** Documents that a widget opens in a new window, each by a one-time address. */
@ApiTags('widgets')
@Controller(':module/documents')
export class DocumentsController {
  constructor(
    private readonly widgets: Widgets,
    private readonly guesses: Guesses,
  ) {}

  /** Returns the document of a one-time address, once and within five minutes. Later, it returns a page. */
  @Get(':token')
  @ApiProduces('application/pdf', 'application/zpl')
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  async openDocument(
    @Param('module') module: string,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | string> {
    Object.assign(request, { pageLanguage: preferredLanguage(request.headers['accept-language']) });
    const found = await this.widgets.openDocument(module, token);
    if (!found) {
      const { title, text } = texts.spentPage;
      const refusal = this.guesses.wrong('one-time tokens', request.ip, new CallbackError(404, text));
      return sendClosedPage(request, reply, refusal, { title, text, icon: '../logo.svg' });
    }
    const { bytes, name, mediaType } = found;
    return new StreamableFile(bytes, { type: mediaType, disposition: `inline; filename="${name}"`, length: bytes.length });
  }
}
