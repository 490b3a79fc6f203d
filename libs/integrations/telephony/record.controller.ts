import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProviderError } from '#provider-kit';
import { parseRange } from './byte-range.js';
import { type OpenedRecord, RecordLinks } from './record-links.js';
import { RECORDS_PATH } from './telephony.paths.js';

/** Milliseconds that a player has to wait if the PBX limits calls without a time. */
const PAUSE_MS = 60_000;

/**
 * Recordings for the CRM's player (`recordUrl` in docs/contract/telephony.md), whole or by byte range. They
 * are fetched when a user listens.
 */
@ApiTags('telephony records')
@Controller(`:module${RECORDS_PATH}`)
export class RecordController {
  constructor(private readonly links: RecordLinks) {}

  /**
   * Returns a recording, whole or by byte range.
   * @throws 416 for a range outside of it
   */
  @Get(':token/:name')
  async playRecord(
    @Param('module') module: string,
    @Param('token') token: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Headers('range') asked: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    try {
      await this.send(await this.links.open(module, token, name), request.method === 'HEAD', asked, reply);
    } catch (error) {
      const waitMs = readWait(error);
      if (waitMs === undefined) throw error;
      // A person reads the plain text in the player's place.
      const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)), 'cache-control': 'no-store' };
      await reply
        .status(503)
        .headers(headers)
        .type('text/plain; charset=utf-8')
        .send((error as ProviderError).message);
    }
  }

  private async send(file: OpenedRecord, isHead: boolean, asked: string | undefined, reply: FastifyReply): Promise<void> {
    const { size } = file;
    const range = size === undefined ? undefined : parseRange(asked, size);
    if (isHead || range === 'unsatisfiable') file.discard?.();
    if (range === 'unsatisfiable') {
      await reply
        .status(416)
        .headers({ 'accept-ranges': 'bytes', 'content-range': `bytes */${String(size)}` })
        .type('application/json; charset=utf-8')
        .send({ success: false, errorMsg: `The recording has ${String(size)} bytes, and this range is outside of it.` });
      return;
    }
    // A HEAD request does not open the file. An empty stream keeps the announced length.
    const body = isHead ? Readable.from([]) : await file.open(range);
    void reply.headers({
      'accept-ranges': size === undefined ? 'none' : 'bytes',
      'cache-control': 'private, max-age=3600',
      'content-disposition': `inline; filename="${file.name.replace(/[^\w.-]/g, '_')}"`,
      ...(size !== undefined && { 'content-length': String(range ? range.end - range.start + 1 : size) }),
    });
    if (range) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${String(size)}`);
    await reply.type(file.type).send(body);
  }
}

/**
 * Returns the milliseconds after which the recording may be available, or undefined if the error contains no
 * time.
 */
function readWait(error: unknown): number | undefined {
  if (!(error instanceof ProviderError)) return undefined;
  if (error.kind === 'rate_limited') return error.retryAfterMs ?? PAUSE_MS;
  return error.kind === 'unavailable' ? error.retryAfterMs : undefined;
}
