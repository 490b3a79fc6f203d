import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { playFault, type ServiceAnswer, type ServiceErrors } from '../../double/faults.js';
import type {
  AckRequest,
  ChannelRequest,
  GatewayChannel,
  GatewayMessage,
  GatewayTransport,
  MessageName,
  MessageRequest,
} from './gateway-book.js';
import type { GatewayControl } from './gateway-control.js';
import { type GatewayCall, type GatewayOwnFault, GatewayRefusal } from './gateway-faults.js';
import { type GatewayFile, MOST_FILE_BYTES, readFirstPart } from './gateway-files.js';
import {
  ackBody,
  CHANNEL_TYPES,
  channelBody,
  channelChange,
  deleteBody,
  editBody,
  historyBody,
  messageBody,
  reactionBody,
  reactionRemoval,
  readBody,
  readUntilBody,
  restoreBody,
  urlBody,
} from './gateway-schemas.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a file. */
    isFile?: boolean;
  }
}

interface GatewayRequest {
  transport: GatewayTransport;
  body: unknown;
  query: URLSearchParams;
  /** The part of the path that names a thing. */
  id: string;
  contentType: string;
}

/** A file's address that holds the token of a messenger's bot. */
const BOT_TOKEN = /\/bot\d+:[\w-]+\//;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** The Transport API under `/api/transport/v1`, with the faults set for it. */
export function registerGatewayRoutes(app: FastifyInstance, gateway: GatewayControl): void {
  const { book, modes } = gateway;
  const errors: ServiceErrors<GatewayOwnFault> = {
    failed: { errors: ['Internal error'] },
    tooMany: { errors: ['Too many requests'] },
    toRefusal: (fault) => (fault.kind === 'unauthorized' ? badToken() : new GatewayRefusal(fault.message, fault.status)),
  };
  const badToken = (): GatewayRefusal => new GatewayRefusal('Unauthorized', modes.unauthorizedStatus);

  const route = (
    call: GatewayCall,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body: object | undefined,
    act: (request: GatewayRequest) => ServiceAnswer | Promise<ServiceAnswer>,
  ): void => {
    const isFile = call === 'uploadFile';
    app.route({
      method,
      url: `/api/transport/v1${url}`,
      ...(body && { schema: { body } }),
      config: { isFile },
      // Room for the wrapping of a form; the file itself is measured apart.
      ...(isFile && { bodyLimit: MOST_FILE_BYTES + 65_536 }),
      // What is wrong with a body is the gateway's to say, after the fault that may come first.
      attachValidation: true,
      handler: async (request, reply) => {
        capture(gateway, call, request);
        if (modes.latencyMs > 0) await sleep(modes.latencyMs);
        const token = request.headers['x-transport-token'];
        const transport = typeof token === 'string' ? book.findTransport(token) : undefined;
        const isTooMany = typeof token === 'string' && transport !== undefined && gateway.isTooMany(token, transport);
        const fault = isTooMany && modes.sendsRetryAfter ? ({ kind: 'rate-limit' } as const) : gateway.faults.take(call);
        return playFault({
          ...{ fault, reply, errors, later: gateway.later },
          act: () => {
            if (transport === undefined) throw badToken();
            if (isTooMany) throw new GatewayRefusal('Too many requests', 429);
            const contentType = request.headers['content-type'] ?? '';
            if (body && !isJson(contentType)) throw new GatewayRefusal('Content-Type must be application/json');
            if (!body && !isFile && request.body != null) throw new GatewayRefusal('The call takes no body');
            if (request.validationError)
              throw new GatewayRefusal(describeProblems(request.validationError.validation, request.validationError));
            const query = new URL(request.url, 'http://double').searchParams;
            if (call !== 'listChannels' && query.size > 0) throw new GatewayRefusal('The call takes no query');
            return act({ transport, body: request.body, query, contentType, id: (request.params as { id?: string }).id ?? '' });
          },
        });
      },
    });
  };
  /** A call on an active channel, which its body names. */
  const channelRoute = <Body>(
    call: GatewayCall,
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    body: object,
    act: (channel: GatewayChannel, body: Body) => object | null,
  ): void =>
    route(call, method, url, body, ({ transport, body: given }) => {
      const { channel, channel_id } = given as { channel?: number; channel_id?: number };
      return { json: act(book.activeChannelOf(transport, channel ?? channel_id ?? 0), given as Body) };
    });
  const findChannel = ({ transport, id }: GatewayRequest): GatewayChannel => {
    if (!/^\d{1,15}$/.test(id)) throw new GatewayRefusal('Channel not found');
    return book.channelOf(transport, Number(id));
  };

  route('listChannels', 'GET', '/channels', undefined, ({ transport, query }) => ({
    json: filterChannels(gateway.channels(transport.code), query).map(channelOut),
  }));
  route('createChannel', 'POST', '/channels', channelBody, ({ transport, body }) => {
    const { id, activatedAt, external_id } = book.addChannel(transport, body as ChannelRequest);
    const isOlder = modes.replies === 'hand-written' && external_id !== undefined;
    return { status: modes.createdStatus, json: { id, activated_at: activatedAt, ...(isOlder && { external_id }) } };
  });
  route('changeChannel', 'PUT', '/channels/:id', channelChange, (request) => {
    const { id, updatedAt } = book.changeChannel(findChannel(request), request.body as ChannelRequest);
    return { json: { id, updated_at: updatedAt } };
  });
  route('deactivateChannel', 'DELETE', '/channels/:id', undefined, (request) => {
    const { id, deactivatedAt } = book.deactivateChannel(findChannel(request));
    return { json: { id, deactivated_at: deactivatedAt } };
  });

  const sentOut = (message: GatewayMessage): object => ({ ...messageIdOut(message), warnings: modes.warnings });
  channelRoute<MessageRequest>('sendMessage', 'POST', '/messages', messageBody, (channel, body) => {
    return sentOut(book.postMessage(channel, body, false));
  });
  channelRoute<MessageRequest>('sendHistory', 'POST', '/messages/history', historyBody, (channel, body) => {
    return sentOut(book.postMessage(channel, body, true));
  });
  channelRoute<{ message: MessageName & { text: string; edited_at?: number } }>(
    'editMessage',
    'PUT',
    '/messages',
    editBody,
    (channel, body) => {
      const message = book.editMessage(channel, body.message);
      return modes.replies === 'generated' ? {} : messageIdOut(message);
    },
  );
  channelRoute<{ message: MessageName }>('deleteMessage', 'DELETE', '/messages', deleteBody, (channel, body) => {
    const { message, previous } = book.deleteMessage(channel, body.message);
    if (modes.replies === 'generated') return messageOut(message);
    return previous === undefined ? null : messageIdOut(previous);
  });
  channelRoute<{ message: MessageName }>('restoreMessage', 'POST', '/messages/restore', restoreBody, (channel, body) =>
    messageIdOut(book.restoreMessage(channel, body.message)),
  );
  channelRoute<{ message: MessageName }>('markRead', 'POST', '/messages/read', readBody, (channel, body) => {
    book.markRead(channel, body.message);
    return {};
  });
  channelRoute<{ customer_external_id: string; until: string }>(
    'markReadUntil',
    'POST',
    '/messages/read_until',
    readUntilBody,
    (channel, body) => ({ ids: book.markReadUntil(channel, body.customer_external_id, body.until).map(({ id }) => id) }),
  );
  channelRoute<AckRequest>('acknowledge', 'POST', '/messages/ack', ackBody, (channel, body) => {
    book.acknowledge(channel, body);
    return {};
  });
  channelRoute<{ message: MessageName; reaction: string }>('addReaction', 'POST', '/messages/reaction', reactionBody, (channel, body) => {
    book.addReaction(channel, body.message, body.reaction);
    return {};
  });
  channelRoute<{ message: MessageName; reaction?: string }>(
    'removeReaction',
    'DELETE',
    '/messages/reaction',
    reactionRemoval,
    (channel, body) => {
      book.removeReaction(channel, body.message, body.reaction);
      return {};
    },
  );

  route('uploadFile', 'POST', '/files/upload', undefined, ({ transport, body, contentType }) => {
    const whole = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    if (modes.uploads === 'raw' && contentType.startsWith('multipart/')) throw new GatewayRefusal('The body must be the file itself');
    const { bytes, contentType: type } = modes.uploads === 'raw' ? { bytes: whole, contentType } : readFirstPart(whole, contentType);
    return { json: uploadOut(book.addFile(transport, bytes, type)) };
  });
  route('uploadFileByUrl', 'POST', '/files/upload_by_url', urlBody, async ({ transport, body }) => {
    const { url } = body as { url: string };
    if (BOT_TOKEN.test(url)) gateway.complain("upload_by_url got an address with a bot's token, which source_url shows");
    const [bytes, type] = await fetchFile(url);
    return { json: uploadOut(book.addFile(transport, bytes, type, url)) };
  });
  route('getFile', 'GET', '/files/:id', undefined, ({ transport, id }) => {
    const { type, bytes, mimeType } = book.fileOf(transport, id);
    return { json: { id, type, size: bytes.length, mime_type: mimeType, [modes.fileUrlKey]: gateway.fileUrl(id) } };
  });
  app.get('/files/:id', async (request, reply) => {
    capture(gateway, 'downloadFile', request);
    return playFault({
      ...{ fault: gateway.faults.take('downloadFile'), reply, errors, later: gateway.later },
      act: () => {
        const { id } = request.params as { id: string };
        const file = book.files.find((one) => one.id === id);
        if (file === undefined) throw new GatewayRefusal('File not found', 404);
        return { file: { type: file.mimeType, bytes: file.bytes } };
      },
    });
  });

  // A file is posted under any type, JSON too; other bodies that are no JSON are left to the schema.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    done(null, request.routeOptions.config.isFile ? body : isJson(request.headers['content-type']) ? parseJson(body) : undefined);
  });
}

function isJson(contentType = ''): boolean {
  return /^application\/json\s*(;|$)/.test(contentType);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function capture(gateway: GatewayControl, call: GatewayCall, request: FastifyRequest): void {
  const { method, url, body } = request;
  gateway.captured.push({ call, method, url, ...(body != null && !Buffer.isBuffer(body) && { body: structuredClone(body) }) });
  if (gateway.captured.length > 10_000) gateway.captured.shift();
}

interface Problem {
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
  message?: string;
}

/** What a schema finds, one text for each: `message.type must be ...`. */
function describeProblems(found: readonly unknown[], error: Error): string[] {
  const texts = (found as readonly Problem[])
    .filter(({ keyword }) => keyword !== 'anyOf')
    .map(({ instancePath, keyword, params, message }) => {
      const path =
        instancePath
          .slice(1)
          .replaceAll(/\/(\d+)/g, '[$1]')
          .replaceAll('/', '.') || 'The body';
      if (keyword === 'additionalProperties') return `${path} has an unknown field "${String(params['additionalProperty'])}"`;
      return keyword === 'pattern' ? `${path} is not valid` : `${path} ${message ?? ''}`;
    });
  return texts.length > 0 ? texts : [error.message];
}

function filterChannels(channels: readonly GatewayChannel[], query: URLSearchParams): GatewayChannel[] {
  const wrong = [...query.keys()].filter((name) => !['id', 'active', 'types', 'since', 'until', 'limit'].includes(name));
  if (wrong.length > 0) throw new GatewayRefusal(wrong.map((name) => `Unknown parameter ${name}`));
  const read = (name: string, pattern: RegExp): string | undefined => {
    const value = query.get(name);
    if (value === null) return undefined;
    if (!pattern.test(value) || query.getAll(name).length > 1) throw new GatewayRefusal(`${name} is not valid`);
    return value;
  };
  const id = read('id', /^[1-9]\d{0,14}$/);
  const active = read('active', /^(true|false|1|0)$/);
  const [since, until] = [read('since', RFC_3339), read('until', RFC_3339)].map((time) => time && Date.parse(time));
  const limit = Number(read('limit', /^([1-9]\d{0,2}|1000)$/) ?? 100);
  const types = query.getAll('types');
  const unknown = types.filter((type) => !CHANNEL_TYPES.some((one) => one === type));
  if (unknown.length > 0) throw new GatewayRefusal(unknown.map((type) => `Unknown channel type ${type}`));
  return channels
    .filter(
      (channel) =>
        (id === undefined || channel.id === Number(id)) &&
        (active === undefined || channel.active === (active === 'true' || active === '1')) &&
        (types.length === 0 || types.includes(channel.type)) &&
        (!since || Date.parse(channel.createdAt) >= Number(since)) &&
        (!until || Date.parse(channel.createdAt) <= Number(until)),
    )
    .slice(0, limit);
}

function channelOut(channel: GatewayChannel): object {
  const { id, type, name = null, external_id = null, avatar_url = null, settings, active } = channel;
  const { createdAt: created_at, updatedAt: updated_at, activatedAt: activated_at, deactivatedAt: deactivated_at } = channel;
  return { id, type, name, external_id, avatar_url, settings, is_active: active, created_at, updated_at, activated_at, deactivated_at };
}

function messageIdOut({ id, time }: GatewayMessage): object {
  return { message_id: id, time };
}

function messageOut({ id, externalId, channel, chat, type, text, note, time, status, deleted }: GatewayMessage): object {
  return {
    id,
    external_id: externalId ?? null,
    channel_id: channel,
    chat_id: chat,
    type,
    content: text ?? note,
    time,
    status,
    is_deleted: deleted,
  };
}

function uploadOut({ id, hash, type, meta, mimeType, bytes, sourceUrl, createdAt }: GatewayFile): object {
  return { id, hash, type, meta, mime_type: mimeType, size: bytes.length, source_url: sourceUrl, created_at: createdAt };
}

async function fetchFile(url: string): Promise<[Buffer, string]> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (!reply.ok) throw new Error(`status ${reply.status}`);
    return [Buffer.from(await reply.arrayBuffer()), reply.headers.get('content-type') ?? ''];
  } catch {
    throw new GatewayRefusal('File could not be fetched');
  }
}
