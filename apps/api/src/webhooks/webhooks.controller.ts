import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { bindToRequest, ConnectionStore } from '#connections';
import { WebhookReceivers } from '#inbox';
import { BadInputError, CallbackError, notFound } from '#platform';

type RawRequest = FastifyRequest & { rawBody?: Buffer };

/** What providers call: verified on the raw body, stored, then acknowledged. */
@ApiTags('provider webhooks')
@Controller(':module/webhooks')
export class WebhooksController {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly receivers: WebhookReceivers,
  ) {}

  @Post([':connection', ':connection/*'])
  @HttpCode(200)
  async receive(@Param('module') code: string, @Param('connection') id: string, @Req() request: RawRequest): Promise<{ success: true }> {
    const connection = await this.connections.findById(id);
    if (connection?.module.code !== code) throw notFound('connection', id);
    if (!request.rawBody) throw new BadInputError({ body: 'is required' });
    const receiver = this.receivers.get(connection.module.integration);
    if (!receiver) throw new CallbackError(404, 'This module takes no webhooks.');
    const path = (request.params as { '*'?: string })['*'] ?? '';
    await receiver.receive(bindToRequest(connection, request.id), {
      method: request.method,
      rawBody: request.rawBody,
      headers: readHeaders(request),
      query: new URL(request.url, 'http://localhost').searchParams,
      path,
      remoteAddress: request.ip,
    });
    return { success: true };
  }
}

function readHeaders(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
