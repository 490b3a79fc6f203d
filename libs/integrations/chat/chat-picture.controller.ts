import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChatPictures } from './chat-pictures.js';
import { PICTURES_PATH } from './chat.paths.js';

/** Types that a page displays as a picture. Other types are not served under their own type. */
const TYPES: ReadonlySet<string | undefined> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Customers' pictures for the CRM's dialogues. They are fetched from the messenger on each view. */
@ApiTags('chat pictures')
@Controller(`:module${PICTURES_PATH}`)
export class ChatPictureController {
  constructor(private readonly pictures: ChatPictures) {}

  /** Returns the picture of a customer. */
  @Get(':token')
  async showPicture(
    @Param('module') module: string,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { body, type, size } = await this.pictures.open(module, token);
    if (request.method === 'HEAD') body.destroy();
    void reply.headers({
      ...{ 'cache-control': 'private, max-age=86400', 'content-disposition': 'inline', 'x-content-type-options': 'nosniff' },
      ...(size !== undefined && { 'content-length': String(size) }),
    });
    await reply.type(type !== undefined && TYPES.has(type) ? type : 'image/jpeg').send(request.method === 'HEAD' ? null : body);
  }
}
