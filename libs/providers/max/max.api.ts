import type { ChatProvider, OutMedia } from '#chat/port';
import {
  type ApiMethod,
  countCalls,
  extendContext,
  HttpClient,
  type HttpReply,
  type HttpStream,
  keyInHeader,
  makeError,
  openForm,
  readCertificates,
  Service,
} from '#provider-kit';
import type { MaxBot, MaxContext, MaxSettings } from './max.settings.js';
import { texts } from './max.texts.js';
import { bot, done, messages, refusal, sent, subscriptions, updates, upload, uploaded, video } from './max.wire.js';

/** A call's context with the bot that makes it. */
export type BotContext = MaxContext & { readonly bot: Pick<MaxBot, 'token'> };

/** Kinds of uploads. */
export type UploadType = 'image' | 'audio' | 'file';

/** The meaning of MAX's refusals. A message may be `notReady` while its file is processed. */
type Meaning = 'blocked' | 'notReady';

/** Calls that MAX accepts, with a margin to its 30 in a second. */
const PACE = { units: 30, windowMs: 1_100 };
/** Milliseconds for the upload of a file. The signal of the call ends it earlier. */
const UPLOAD_MS = 120_000;

/**
 * Declares the Bot API. A message is sent once, as there is no key for repeats.
 * @param url replaces MAX's address
 * @param caFile the path of a file with the authority of its certificate, if the system does not trust it
 */
export function declareMax(url = 'https://platform-api2.max.ru', caFile?: string) {
  const trusted = caFile === undefined ? undefined : { host: new URL(url).hostname, certificates: readCertificates(caFile) };
  const service = new Service<BotContext, Meaning>({
    ...{ name: 'MAX', url, http: { trusted }, auth: keyInHeader('authorization', ({ bot: { token } }) => token) },
    // A refusal may come with status 200.
    isRefused: (reply) => !reply.ok || isUnsuccessful(reply),
    refusal(body) {
      const { code, message, error } = refusal(body);
      return { problems: [{ code, message: message || error }] };
    },
    errors: [
      [401, 'auth'],
      [403, 'blocked', { say: texts.blocked }],
      [404, 'missing', { say: texts.noCustomer }],
      [429, 'rate_limited', { say: texts.tooOften }],
      ['attachment.not.ready', 'notReady'],
    ],
    pace: countCalls({ limit: () => PACE, busy: texts.tooOften }),
    refusedCredentials: texts.tokenRefused,
    secretsOf: (context) => [context.bot.token],
  });
  // Its address has its own signature, so the token is not sent there.
  const files = new HttpClient({ name: 'MAX', headersTimeoutMs: UPLOAD_MS, totalTimeoutMs: UPLOAD_MS, explains: [401, 403] });
  const startUpload = service.ask('POST /uploads', upload);
  const origin = new URL(service.getUrl({} as BotContext)).origin;

  return {
    unless: service.unless.bind(service) as typeof service.unless,
    unlessMissing: service.unlessMissing.bind(service) as typeof service.unlessMissing,
    getMe: service.read('/me', bot),
    getSubscriptions: service.read('/subscriptions', subscriptions),
    subscribe: service.ask('POST /subscriptions', done),
    unsubscribe: service.ask('DELETE /subscriptions', done),
    getUpdates: service.read('/updates', updates),
    getMessages: service.read('/messages', messages),
    getVideo: service.read('/videos/:token', video),
    sendMessage: service.act('POST /messages', sent),
    editMessage: service.ask('PUT /messages', done),
    deleteMessage: service.ask('DELETE /messages', done),
    /** Uploads a file. Returns the payload of its attachment. Throws ProviderError, also of the file. */
    async upload(context: BotContext, type: UploadType, media: OutMedia): Promise<object> {
      const { url: address, token } = await startUpload(context, { query: { type } });
      const form = await openForm({}, [{ field: 'data', media }]);
      const isOwn = URL.canParse(address) && new URL(address).origin === origin;
      const reply = await files.send({
        ...{ method: 'POST', url: address, ...form, effect: false },
        ...{ reach: isOwn ? 'anywhere' : context.reach, signal: context.signal },
      });
      if (!reply.ok) throw makeError('rejected', texts.uploadRefused);
      // The reply to a sound is XML, and the first call returned its token.
      if (token !== undefined) return { token };
      const { photos, token: own } = reply.json(uploaded);
      return photos ? { photos } : { token: own };
    },
    /** Opens a file by its public address. Throws ProviderError `rejected` if it is gone. */
    async download(context: BotContext, address: string): Promise<HttpStream> {
      const reply = await service.stream(address, context);
      if (reply.status < 400) return reply;
      reply.body.destroy();
      throw makeError('rejected', texts.fileGone);
    },
  };
}

export type Max = ReturnType<typeof declareMax>;

/** A function that becomes a method of the provider. */
export type MaxMethod<Name extends keyof ChatProvider> = ApiMethod<Max, ChatProvider<MaxSettings>, Name>;

/** Adds a bot to a context. */
export function useBot<Bot extends Pick<MaxBot, 'token'>>(bot: Bot, context: MaxContext): MaxContext & { readonly bot: Bot } {
  return extendContext(context, { bot });
}

function isUnsuccessful(reply: HttpReply): boolean {
  try {
    return (JSON.parse(reply.text()) as { success?: unknown } | null)?.success === false;
  } catch {
    return false;
  }
}
