import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { playFault, type ServiceAnswer } from '../../double/faults.js';
import type { TelegramBot } from './telegram-bot.js';
import type { TelegramControl } from './telegram-control.js';
import { TELEGRAM_CALLS, type TelegramCall, type TelegramFault, type TelegramOwnFault } from './telegram-faults.js';
import { badRequest, forbidden, TelegramRefusal, tooMany, type TelegramMessage } from './telegram-objects.js';
import { checkParams, readParams, type TelegramParams } from './telegram-params.js';

/** Bytes of one piece of a file that comes slowly. */
const PIECE = 64 * 1_024;
const METHODS = new Map(TELEGRAM_CALLS.filter((call) => call !== 'downloadFile').map((call) => [call.toLowerCase(), call]));

/** What each method does. */
const ACTS: Readonly<Record<Exclude<TelegramCall, 'downloadFile'>, (bot: TelegramBot, params: TelegramParams) => unknown>> = {
  getMe: (bot) => bot.getMe(),
  setWebhook: (bot, { values }) => bot.setWebhook(values as never),
  getWebhookInfo: (bot) => bot.getWebhookInfo(),
  deleteWebhook: (bot, { values }) => bot.deleteWebhook(values),
  getUpdates: (bot, { values }) => bot.getUpdates(values),
  getFile: (bot, { values }) => bot.getFile(values as never),
  getUserProfilePhotos: (bot, { values }) => bot.getUserProfilePhotos(values as never),
  sendMessage: (bot, { values }) => bot.sendMessage(values as never),
  sendPhoto: (bot, { values, uploads }) => bot.sendPhoto(values as never, uploads),
  sendDocument: (bot, { values, uploads }) => bot.sendDocument(values as never, uploads),
  sendVoice: (bot, { values, uploads }) => bot.sendVoice(values as never, uploads),
  sendAudio: (bot, { values, uploads }) => bot.sendAudio(values as never, uploads),
  sendMediaGroup: (bot, { values, uploads }) => bot.sendMediaGroup(values as never, uploads),
  editMessageText: (bot, { values }) => bot.editMessageText(values as never),
  editMessageCaption: (bot, { values }) => bot.editMessageCaption(values as never),
  deleteMessage: (bot, { values }) => bot.deleteMessage(values as never),
  deleteMessages: (bot, { values }) => bot.deleteMessages(values as never),
  setMessageReaction: (bot, { values }) => bot.setMessageReaction(values as never),
  answerCallbackQuery: (bot, { values }) => bot.answerCallbackQuery(values as never),
};

type Params = { token: string; method: string; '*': string };

/** The API: `/bot{token}/{method}`, and files at `/file/bot{token}/{path}`. */
export function registerTelegramRoutes(app: FastifyInstance, double: TelegramControl): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => refuse(reply, toRefusal(error)));
  app.setNotFoundHandler((request, reply) => {
    if (!request.url.startsWith('/control/')) double.complain(`${request.method} ${hideToken(request.url)} is no call of the API`);
    return refuse(reply, new TelegramRefusal(404, 'Not Found'));
  });
  app.route({
    ...{ method: ['GET', 'POST'], url: '/bot:token/:method' },
    handler: (request, reply) => handleMethod(double, request as FastifyRequest<{ Params: Params }>, reply),
  });
  app.get('/file/bot:token/*', (request, reply) => handleFile(double, request as FastifyRequest<{ Params: Params }>, reply));
}

async function handleMethod(
  double: TelegramControl,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bot = authorise(double, request.params.token);
  const call = METHODS.get(request.params.method.toLowerCase());
  if (call === undefined) {
    double.complain(`there is no method ${request.params.method}`);
    throw new TelegramRefusal(404, 'Not Found: method not found');
  }
  const params = await readParams(call, request);
  const uploads = params.uploads.map(({ bytes, ...upload }) => ({ ...upload, size: bytes.length }));
  double.calls.push({ call, bot: bot.id, at: Date.now(), values: params.values, uploads });
  const chat = call.startsWith('send') ? String(params.values['chat_id']) : undefined;
  if (chat !== undefined) reply.raw.once('close', double.enterChat(bot.id, chat));
  const fault = double.faults.take(call);
  checkPace(double, { bot, call, chat, fault });
  if (double.modes.latencyMs > 0) await sleep(double.modes.latencyMs);
  const act = async (): Promise<ServiceAnswer> => {
    checkParams(call, params.values);
    // As it is now: later edits do not change an answer.
    return { json: { ok: true, result: structuredClone(await ACTS[call as keyof typeof ACTS](bot, params)) } };
  };
  return play(double, { fault, reply, act });
}

async function handleFile(
  double: TelegramControl,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bot = authorise(double, request.params.token);
  const path = request.params['*'];
  double.calls.push({ call: 'downloadFile', bot: bot.id, at: Date.now(), values: { path }, uploads: [] });
  const fault = double.faults.take('downloadFile');
  checkPace(double, { bot, call: 'downloadFile', chat: undefined, fault });
  const file = double.files.open(bot.id, path);
  if (!file?.bytes) throw new TelegramRefusal(404, 'Not Found');
  const { bytes, paceMs, size } = file;
  if (fault === undefined)
    return reply
      .type('application/octet-stream')
      .header('content-length', size)
      .send(Readable.from(drip(bytes, paceMs)));
  return play(double, { fault, reply, act: () => ({ file: { type: 'application/octet-stream', bytes } }) });
}

function authorise(double: TelegramControl, token: string): TelegramBot {
  if (!/^\d+:[\w-]{35}$/.test(token)) throw new TelegramRefusal(404, 'Not Found');
  const bot = double.bots.find((one) => one.token === token);
  if (!bot) throw new TelegramRefusal(401, 'Unauthorized');
  return bot;
}

/** Throws 429 where the bot is to wait, and remembers how long it was told to. */
function checkPace(
  double: TelegramControl,
  { bot, call, chat, fault }: { bot: TelegramBot; call: TelegramCall; chat: string | undefined; fault: TelegramFault | undefined },
): void {
  const scope = chat ?? call;
  const left = double.secondsToWait(bot.id, scope);
  if (left > 0) throw tooMany(left);
  const isFlood = fault?.kind === 'rate-limit';
  if (!isFlood && (chat === undefined || !double.isTooFast(bot.id, chat))) return;
  const seconds = (isFlood ? fault.retryAfterSeconds : undefined) ?? 1;
  double.flood(bot.id, scope, seconds);
  throw tooMany(seconds);
}

function play(
  double: TelegramControl,
  { fault, reply, act }: { fault: TelegramFault | undefined; reply: FastifyReply; act: () => ServiceAnswer | Promise<ServiceAnswer> },
): Promise<FastifyReply> {
  const isAfter = fault?.kind === 'html-after' || fault?.kind === 'scheduled';
  return playFault<TelegramOwnFault>({
    ...{ fault: isAfter ? undefined : fault, reply, later: double.later },
    errors: {
      failed: { ok: false, error_code: 500, description: 'Internal Server Error' },
      tooMany: {},
      toRefusal: toFaultRefusal,
    },
    act: async () => {
      const answer = await act();
      if (fault?.kind === 'html-after') throw toFaultRefusal(fault);
      return fault?.kind === 'scheduled' ? withoutIds(answer) : answer;
    },
  });
}

function toFaultRefusal(fault: TelegramOwnFault): TelegramRefusal {
  switch (fault.kind) {
    case 'unauthorized':
      return new TelegramRefusal(401, 'Unauthorized');
    case 'blocked':
      return forbidden('bot was blocked by the user');
    case 'deactivated':
      return forbidden('user is deactivated');
    case 'never-started':
      return forbidden("bot can't initiate conversation with a user");
    case 'no-chat':
      return badRequest('chat not found');
    case 'conflict':
      return new TelegramRefusal(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running');
    case 'refuse':
      return fault.status === undefined ? badRequest(fault.message) : new TelegramRefusal(fault.status, fault.message);
    case 'html':
    case 'html-after':
      return new TelegramRefusal(fault.status ?? 502);
    case 'scheduled':
      throw new Error('it acts');
  }
}

function withoutIds(answer: ServiceAnswer): ServiceAnswer {
  const { result } = answer.json as { result: TelegramMessage | TelegramMessage[] };
  const later = Array.isArray(result) ? result.map((one) => ({ ...one, message_id: 0 })) : { ...result, message_id: 0 };
  return { ...answer, json: { ok: true, result: later } };
}

function toRefusal(error: Error & { statusCode?: number }): TelegramRefusal {
  if (error instanceof TelegramRefusal) return error;
  if (error.statusCode === 413) return new TelegramRefusal(413, 'Request Entity Too Large');
  return new TelegramRefusal(error.statusCode ?? 500, `Internal Server Error: ${error.message}`);
}

function refuse(reply: FastifyReply, { status, description, parameters }: TelegramRefusal): FastifyReply {
  if (description === undefined)
    return reply
      .code(status)
      .type('text/html')
      .send(`<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center><hr>nginx</body></html>`);
  return reply.code(status).send({ ok: false, error_code: status, description, ...(parameters && { parameters }) });
}

async function* drip(bytes: Buffer, paceMs: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    if (paceMs > 0) await sleep(paceMs);
    yield bytes.subarray(at, at + PIECE);
  }
}

function hideToken(url: string): string {
  return url.replace(/bot\d+:[\w-]+/, 'bot…');
}
