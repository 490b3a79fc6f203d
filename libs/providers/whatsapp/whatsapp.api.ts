import type { Readable } from 'node:stream';
import type { ChatProvider } from '#chat/port';
import {
  type ApiMethod,
  bearer,
  CallCounter,
  type CallLimit,
  extendContext,
  type HttpStream,
  isRefusal,
  makeError,
  ProviderError,
  Service,
} from '#provider-kit';
import { ERRORS, type Meaning } from './whatsapp.errors.js';
import type { WhatsAppEnvironment } from './whatsapp.environment.js';
import type { WhatsAppContext, WhatsAppSettings } from './whatsapp.settings.js';
import { texts } from './whatsapp.texts.js';
import {
  apps,
  business,
  done,
  finishedUpload,
  madeTemplate,
  mediaAddress,
  numbers,
  refusal,
  sentMessage,
  startedUpload,
  templates,
  uploaded,
} from './whatsapp.wire.js';

/** Version of the Graph API, checked on 2026-12-02. Meta keeps a version for two years at least. */
export const GRAPH_VERSION = 'v23.0';

/** Messages of a number per second. */
const NUMBER_LIMIT: CallLimit = { units: 80, windowMs: 1_000 };
/** One message in 6 seconds to a person. 45 may follow each other without a pause. */
const PAIR_LIMIT: CallLimit = { units: 45, windowMs: 45 * 6_000, pauseMs: 6_000 };
/** Hosts of Meta that return files. */
const FILE_HOSTS = /(^|\.)(fbsbx\.com|fbcdn\.net|whatsapp\.net|facebook\.com)$/;

/** The recipient of a message: by phone number, or by business-scoped user id. */
export type Recipient = { to: string } | { recipient: string };

/** A message to one person. */
export interface Outgoing {
  /** Id of the number that sends. */
  number: string;
  recipient: Recipient;
  /** Type and content, such as `{ type: 'text', text: { body } }`. */
  content: object;
}

/** The context of a download. */
type FileContext = WhatsAppContext & { readonly fileUrl: string };

/**
 * Declares the Graph API. A message is sent once, as there is no key for repeats: its status brings our
 * reference back.
 */
export function declareWhatsApp(operator: WhatsAppEnvironment = {}) {
  const origin = (operator.WHATSAPP_URL ?? 'https://graph.facebook.com').replace(/\/+$/, '');
  const readToken = ({ settings: { token } }: WhatsAppContext): string => {
    if (!token) throw makeError('auth', texts.noToken);
    return token;
  };
  const common = {
    name: 'WhatsApp',
    secretsOf: ({ settings }: WhatsAppContext) => [settings.token, settings.appSecret].filter((secret) => secret !== undefined),
    // An upload of 20 MB takes its time. The signal of the call ends it.
    http: { headersTimeoutMs: 60_000, totalTimeoutMs: 120_000 },
    refusedCredentials: texts.errors.token,
  };
  const service = new Service<WhatsAppContext, Meaning>({
    ...common,
    auth: bearer(readToken),
    url: `${origin}/${GRAPH_VERSION}`,
    refusal(body) {
      const { code, message, error_data: { details } = {}, is_transient: passes, fbtrace_id: reference } = refusal(body).error;
      return { problems: [{ code, message: details ?? message, ...(passes && { field: 'transient' }) }], reference };
    },
    errors: ERRORS,
  });
  const files = new Service<FileContext>({ ...common, auth: bearer<FileContext>(readToken), url: ({ fileUrl }) => fileUrl });
  const openFile = files.readStream('');
  const postSample = service.ask('POST /:upload', finishedUpload, { isOpen: true });
  const postMessage = service.act('POST /:number/messages', sentMessage);

  return {
    operator,
    unless: service.unless.bind(service) as typeof service.unless,
    readBusiness: service.read('/:business', business),
    listNumbers: service.read('/:business/phone_numbers', numbers),
    listApps: service.read('/:business/subscribed_apps', apps),
    subscribe: service.ask('POST /:business/subscribed_apps', done),
    unsubscribe: service.ask('DELETE /:business/subscribed_apps', done),
    /** No customer sees the effect, so a failure is not an unknown outcome. */
    upload: service.ask('POST /:number/media', uploaded),
    /** Marks as read, and reacts: repeats change nothing. */
    tell: service.ask('POST /:number/messages', done),
    readMedia: service.read('/:media', mediaAddress),
    listTemplates: service.read('/:business/message_templates', templates),
    createTemplate: service.act('POST /:business/message_templates', madeTemplate),
    /** A repeat leaves the same content, or the same absence. */
    updateTemplate: service.ask('POST /:template', done),
    deleteTemplate: service.ask('DELETE /:business/message_templates', done),
    /** Uploads a sample file for reviewers, in two steps. */
    startUpload: service.ask('POST /:app/uploads', startedUpload),
    async sendUpload(context: WhatsAppContext, upload: string, body: Readable, contentLength: number) {
      const headers = { file_offset: '0', authorization: `OAuth ${readToken(context)}`, 'content-type': 'application/octet-stream' };
      return postSample(context, { upload, body, contentLength, headers });
    },

    /** Sends a message in its turn. Throws ProviderError `rate_limited` if there are too many now. */
    send(context: WhatsAppContext, { number, recipient, content }: Outgoing, more: object = {}) {
      const person = 'to' in recipient ? recipient.to : recipient.recipient;
      const pair = new CallCounter(context.cache, `whatsapp ${number} ${person}`, PAIR_LIMIT);
      const all = new CallCounter(context.cache, `whatsapp ${number}`, NUMBER_LIMIT);
      const json = { messaging_product: 'whatsapp', recipient_type: 'individual', ...recipient, ...more, ...content };
      return inTurn({ pair, all }, () => postMessage(context, { number, json }));
    },

    /**
     * Opens a file at the address that Meta returned, with the token, so only at Meta's hosts.
     * @throws ProviderError `rejected` if it is gone
     */
    async download(context: WhatsAppContext, url: string): Promise<HttpStream> {
      const { protocol = '', hostname = '', origin: from = '' } = URL.canParse(url) ? new URL(url) : {};
      const isMeta = from === new URL(origin).origin || (protocol === 'https:' && FILE_HOSTS.test(hostname));
      if (!isMeta) throw makeError('rejected', texts.fileGone);
      return openFile(extendContext(context, { fileUrl: url }), {});
    },
  };
}

export type WhatsApp = ReturnType<typeof declareWhatsApp>;

/** A function that becomes a method of the provider. */
export type WhatsAppMethod<Name extends keyof ChatProvider> = ApiMethod<WhatsApp, ChatProvider<WhatsAppSettings>, Name>;

/** Takes a place among the messages to a person and of the number. A refusal closes the full one. */
async function inTurn<T>({ pair, all }: { pair: CallCounter; all: CallCounter }, send: () => Promise<T>): Promise<T> {
  for (const [counter, say] of [[pair, texts.errors.tooOftenToOne] as const, [all, texts.errors.tooOften] as const]) {
    const { waitMs } = await counter.take();
    if (waitMs > 0) throw makeError('rate_limited', say, { retryAfterMs: Math.ceil(waitMs) });
  }
  try {
    return await send();
  } catch (error) {
    if (isRefusal<Meaning>(error, 'pair')) await pair.close(error.retryAfterMs ?? 6_000);
    else if (error instanceof ProviderError && error.kind === 'rate_limited') await all.close(error.retryAfterMs ?? 1_000);
    throw error;
  }
}
