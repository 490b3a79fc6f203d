import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range.js';
import { RecordLinks } from './record-links.js';
import { RECORDS_PATH } from './telephony.paths.js';

/** Recordings for the CRM's player (`recordUrl` in docs/contract/telephony.md), whole or by byte range. */
@ApiTags('telephony records')
@Controller(`:module${RECORDS_PATH}`)
export class RecordController {
  constructor(private readonly links: RecordLinks) {}

  @Get(':token/:name')
  async record(
    @Param('module') module: string,
    @Param('token') token: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Headers('range') asked: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.links.open(module, token, name);
    const range = parseRange(asked, file.size);
    void reply.headers({
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=3600',
      'content-disposition': `inline; filename="${file.name.replace(/[^\w.-]/g, '_')}"`,
    });
    if (range === 'unsatisfiable') {
      await reply
        .status(416)
        .header('content-range', `bytes */${file.size}`)
        .type('application/json; charset=utf-8')
        .send({ success: false, errorMsg: `The recording has ${file.size} bytes; this range lies outside.` });
      return;
    }
    if (range) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`);
    void reply.type(file.type).header('content-length', range ? range.end - range.start + 1 : file.size);
    // A HEAD request does not open the file; an empty stream keeps the announced length.
    await reply.send(request.method === 'HEAD' ? Readable.from([]) : await file.open(range));
  }
}
