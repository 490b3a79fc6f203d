import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { GatewayControl, ManagerMessage } from './gateway-control.js';
import type { GatewayModes } from './gateway-modes.js';
import { managerMessage } from './gateway-schemas.js';

const oneOf = (...values: readonly (string | number)[]): object => ({ enum: values });

const MODES: Readonly<Record<keyof GatewayModes, object>> = {
  uniqueExternalIds: WHETHER,
  latencyMs: WHOLE,
  callsPerSecond: { anyOf: [WHOLE, { type: 'null' }] },
  limitPer: oneOf('token', 'transport'),
  sendsRetryAfter: WHETHER,
  formerTokens: oneOf('refused', 'taken'),
  unauthorizedStatus: oneOf(401, 403),
  texts: oneOf('kept', 'escaped'),
  editedAt: oneOf('milliseconds', 'seconds'),
  uploads: oneOf('raw', 'multipart'),
  settingsSeenFrom: oneOf('channel', 'gateway'),
  abilities: oneOf('checked', 'ignored'),
  replies: oneOf('generated', 'hand-written'),
  createdStatus: oneOf(201, 200),
  fileUrlKey: oneOf('url', 'Url'),
  paidKey: oneOf('payed', 'paid'),
  errorReplies: oneOf('200', 'any'),
  clientIdHeader: oneOf('Clientid', 'X-Client-Id', 'none'),
  metaId: WHETHER,
  repeats: oneOf('after-timeout', 'never', 'after-failure'),
  webhookOrder: oneOf('one-by-one', 'at-once'),
  webhookTimeoutMs: WHOLE,
  ackDeadlineMs: WHOLE,
  acks: oneOf('by-id', 'by-external-id'),
  strayAcks: oneOf('taken', 'refused'),
  warnings: { type: 'array', items: TEXT },
};

/** The test's control as JSON under `/control`, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, gateway: GatewayControl): void {
  const post = registerControl(app, gateway, {
    describe: () => describe(gateway),
    modes: MODES,
    // JSON has no undefined: null stands for it.
    setModes: ({ callsPerSecond, ...modes }: Partial<Omit<GatewayModes, 'callsPerSecond'>> & { callsPerSecond?: number | null }) => {
      gateway.setModes(modes);
      if (callsPerSecond !== undefined) gateway.setModes({ callsPerSecond: callsPerSecond ?? undefined });
    },
    flush: { reverse: WHETHER, forge: WHETHER },
    statusOf: () => 409,
  });
  const toList = <T>(items: readonly T[]): object => ({ count: items.length, items });
  app.get('/control/transports', () => toList(gateway.book.transports));
  app.get('/control/channels', (request) => toList(gateway.channels((request.query as { transport?: string }).transport)));
  app.get('/control/chats', () => toList(gateway.chats()));
  app.get('/control/messages', (request) => toList(gateway.messages((request.query as { chat?: string }).chat)));
  app.get('/control/files', () => toList(gateway.book.files.map(({ bytes, ...file }) => ({ ...file, size: bytes.length }))));
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    return toList(gateway.captured.filter((one) => call === undefined || one.call === call));
  });

  post<{ code: string; token?: string; webhookUrl?: string; clientId?: string }>(
    'transports',
    buildObjectSchema({ code: TEXT, token: TEXT, webhookUrl: TEXT, clientId: TEXT }, ['code']),
    (registration) => gateway.register(registration),
  );
  post<{ base64: string; mimeType?: string; transport?: string }>(
    'files',
    buildObjectSchema({ base64: TEXT, mimeType: TEXT, transport: TEXT }, ['base64']),
    ({ base64, mimeType, transport }) => {
      const { id, type, mimeType: mime } = gateway.addFile(Buffer.from(base64, 'base64'), mimeType, transport);
      return { id, type, mimeType: mime };
    },
  );
  post<ManagerMessage>('send', managerMessage, (message) => gateway.sendMessage(message));
  const named = buildObjectSchema({ message: WHOLE }, ['message']);
  post<{ message: number }>('resend', named, ({ message }) => gateway.resendMessage(message));
  post<{ message: number; content: string }>(
    'edit',
    buildObjectSchema({ message: WHOLE, content: TEXT }, ['message', 'content']),
    ({ message, content }) => gateway.editMessage(message, content),
  );
  post<{ message: number }>('delete', named, ({ message }) => gateway.deleteMessage(message));
  post<{ message: number }>('read', named, ({ message }) => gateway.readMessage(message));
  post<{ message: number; reaction?: string }>('react', buildObjectSchema({ message: WHOLE, reaction: TEXT }, ['message']), (body) =>
    gateway.react(body.message, body.reaction),
  );
  post<{ channel: number; chat: string }>('close', buildObjectSchema({ channel: WHOLE, chat: TEXT }, ['channel', 'chat']), (body) =>
    gateway.closeDialogue(body.channel, body.chat),
  );
  post<{ type: string; data: object; transport?: string }>(
    'events',
    buildObjectSchema({ type: TEXT, data: { type: 'object' }, transport: TEXT }, ['type', 'data']),
    ({ type, data, transport }) => gateway.postEvent(type, data, transport === undefined ? {} : { transport }),
  );
}

function describe(gateway: GatewayControl): object {
  const { modes, book, webhooks } = gateway;
  return {
    modes: { ...modes, callsPerSecond: modes.callsPerSecond ?? null, webhooks: webhooks.mode },
    transports: book.transports.map(({ code, webhookUrl = null, clientId = null }) => ({ code, webhookUrl, clientId })),
    channels: book.channels.length,
    chats: book.chats.length,
    messages: book.messages.length,
    files: book.files.length,
    duplicates: gateway.duplicates(),
    duplicateChannels: gateway.duplicateChannels(),
    outOfOrder: gateway.outOfOrder(),
    complaints: gateway.complaints,
    calls: gateway.captured.length,
    webhooks: webhooks.attempts,
  };
}
