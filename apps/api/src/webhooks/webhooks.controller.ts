import { Controller, Get, Head, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiExcludeEndpoint, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bindToRequest, type Connection, ConnectionMemory, ConnectionStore, refuseForShadow } from '#connections';
import { type WebhookReceiver, WebhookReceivers } from '#inbox';
import { Subjects } from '#journal';
import { CallbackError, DatabaseQueue, isDatabaseUnavailable, notFound, readSentHeaders, readWholeBody, StreamedBody } from '#platform';
import type { WebhookReply } from '#provider-kit';
import type { JournaledRequest } from '../http/journal-requests.js';
import { makeOverload } from '../http/overload.js';

/** The second path addresses a further provider of a combined module. A provider may append to both. */
const PATHS = [':connection', ':connection/:provider', ':connection/*'];

const ACKNOWLEDGED: WebhookReply = { status: 200, body: { success: true } };

/** For the API's document: content and type depend on the provider. */
const SENT = { schema: { type: 'string' }, description: 'As the provider sends it, in any content type.' };
const ANSWERED = {
  description: 'As the provider wants it.',
  content: { 'application/json': { schema: {} }, 'text/plain': { schema: { type: 'string' } } },
};

/** Webhooks of providers, in any content type: verified on the raw body, stored, then acknowledged. */
@ApiTags('provider webhooks')
@Controller(':module/webhooks')
export class WebhooksController {
  /** Lookups in progress, so that a flood to one address is one query at a time. */
  private readonly lookups = new Map<string, Promise<Connection | undefined>>();

  constructor(
    private readonly connections: ConnectionStore,
    private readonly memory: ConnectionMemory,
    private readonly receivers: WebhookReceivers,
    private readonly queue: DatabaseQueue,
  ) {}

  // Fastify would route HEAD to GET, as if an event had arrived, unless it has its own route.
  @Head(PATHS)
  @ApiExcludeEndpoint()
  refuse(@Res({ passthrough: true }) reply: FastifyReply): never {
    void reply.header('allow', 'GET, POST, PUT');
    throw new CallbackError(405, 'A webhook must use GET, POST or PUT.');
  }

  /** Receives a provider's event, or replies to its test of the address. */
  @Get(PATHS)
  @ApiOkResponse(ANSWERED)
  receiveWebhookByGet(
    @Param('module') code: string,
    @Param('connection') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.receive(code, id, request, reply);
  }

  /** Receives a provider's event and acknowledges it after it was stored. */
  @Post(PATHS)
  @ApiBody(SENT)
  @ApiOkResponse(ANSWERED)
  @HttpCode(200)
  @StreamedBody()
  receiveWebhook(
    @Param('module') code: string,
    @Param('connection') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.receive(code, id, request, reply);
  }

  /** Receives a provider's event and acknowledges it after it was stored. */
  @Put(PATHS)
  @ApiBody(SENT)
  @ApiOkResponse(ANSWERED)
  @StreamedBody()
  receiveWebhookByPut(
    @Param('module') code: string,
    @Param('connection') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.receive(code, id, request, reply);
  }

  /** Finds a connection, in memory if the database is busy or unavailable. */
  private async find(id: string): Promise<Connection | undefined> {
    const known = this.memory.recallStale(id);
    if (known && this.queue.isLong) return known;
    let lookup = this.lookups.get(id);
    if (!lookup) {
      lookup = this.connections.findById(id).finally(() => this.lookups.delete(id));
      this.lookups.set(id, lookup);
    }
    try {
      return await lookup;
    } catch (error) {
      if (known && isDatabaseUnavailable(error) && this.findReceiver(known)?.takesUnderLoad?.(known)) return known;
      throw error;
    }
  }

  private findReceiver({ module }: Connection): WebhookReceiver | undefined {
    return this.receivers.get(module.integration);
  }

  private async receive(code: string, id: string, request: JournaledRequest, reply: FastifyReply): Promise<void> {
    const connection = await this.find(id);
    if (connection?.module.code !== code) throw notFound('connection', id);
    request.connection = connection;
    refuseForShadow(connection);
    const { '*': rest, provider = '' } = request.params as { '*'?: string; provider?: string };
    const { view, path } = findAddressee(connection, rest ?? provider);
    const receiver = this.findReceiver(view);
    if (!receiver) throw new CallbackError(404, 'This module does not receive webhooks.');
    if (this.queue.isLong && !receiver.takesUnderLoad?.(view)) throw makeOverload();
    const [, query = ''] = /\?(.*)/s.exec(request.url) ?? [];
    const { method, ip, server } = request;
    const rawBody = method === 'GET' ? Buffer.alloc(0) : await readWholeBody(request, server.initialConfig.bodyLimit ?? 0);
    request.readBytes = rawBody;
    request.connection = bindToRequest(view, request.id, undefined, new Subjects());
    const answer = await receiver.receive(request.connection, {
      ...{ method, rawBody },
      headers: readSentHeaders(request),
      query: new URLSearchParams(query),
      path,
      remoteAddress: ip,
    });
    const { status, body } = answer ?? ACKNOWLEDGED;
    const [type, text] = typeof body === 'string' ? ['text/plain', body] : ['application/json', JSON.stringify(body)];
    await reply.status(status).header('cache-control', 'no-store').type(`${type}; charset=utf-8`).send(text);
  }
}

/**
 * Returns the connection through the provider whose code begins the path after its id, and the rest of the
 * path. For any other path, returns the connection through the module's first provider, and the whole path.
 */
function findAddressee(connection: Connection, path: string): { view: Connection; path: string } {
  const [name = ''] = path.split('/', 1);
  const view = connection.views.slice(1).find(({ module }) => module.manifest.code === name);
  return view ? { view, path: path.slice(name.length + 1) } : { view: connection, path };
}
