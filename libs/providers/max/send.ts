import { setTimeout as sleep } from 'node:timers/promises';
import { type DeliveryCode, DeliveryRefused, type OutMessage } from '#chat/port';
import { type LocalText, textFor } from '#platform';
import { cleanText, cutText, isRefusal, makeError, ProviderError, type Refusal, sayError, SharedNote, unlessError } from '#provider-kit';
import { openBot } from './bots.js';
import { readAnsweredId, readChatId } from './ids.js';
import type { BotContext, Max, MaxMethod } from './max.api.js';
import type { MaxContext } from './max.settings.js';
import { texts } from './max.texts.js';
import type { WireMessage } from './max.wire.js';
import { listParts, type Part } from './parts.js';

/** A message at MAX: its id, and MAX's time, milliseconds. */
interface Place {
  mid: string;
  at: number;
}

/** The parts of a message that are known to be sent, and the bot's last message before the next part. */
interface Progress {
  mids: string[];
  after: Place;
}

/** Seconds for which the progress of a message and its uploads are remembered, longer than it is tried. */
const TRIED_S = 3_600;
/** Where a message goes. */
interface Target {
  account: string;
  chat: number;
  reference: string;
}

/** By our reference of the message. */
const progress = new SharedNote<Progress>('sent of ', { ttlSeconds: TRIED_S });
/** The last message that a bot is known to have sent to a chat. By bot and chat. */
const lastSent = new SharedNote<Place>('last to ', { ttlSeconds: 30 * 86_400 });

/** Milliseconds after each try of a message whose file MAX still processes, and until a later try. */
const NOT_READY_MS = [1_000, 2_000, 4_000];
const LATER_MS = 3_000;
/** Messages that are read to find one. MAX returns no more. */
const LOOK_BACK = 100;
/** The meaning of a refusal to the gateway. */
const CODES: Readonly<Record<string, DeliveryCode>> = { blocked: 'access_restricted', missing: 'customer_not_exists' };
const EXTERNAL_LENGTH = 100;

/**
 * Sends a message in its parts. The parts that were sent are remembered under the reference, so that a later
 * try continues after them. When MAX rejects one, they are deleted.
 * @throws DeliveryRefused, or ProviderError of the client, `unavailable` while MAX processes a file
 */
export const sendMessage: MaxMethod<'sendMessage'> = async (api, request, context) => {
  const at = await openBot(api, request.account, context);
  const target = toTarget(request, context);
  const { reference } = target;
  const parts = listParts(request, at);
  if (parts.length === 0) throw new DeliveryRefused('general', textFor(texts.nothingToSend, context.account.language));
  let done = (await progress.read(reference, context)) ?? undefined;
  try {
    done ??= { mids: [], after: await findLast(api, target, at) };
    await progress.write(reference, done, context);
    for (const [index, part] of parts.entries()) {
      if (index < done.mids.length) continue;
      const quote = index === 0 ? readAnsweredId(request.quote?.[0]) : undefined;
      done = await note(await sendPart(api, { target, part, quote, index }, at), done, target, at);
    }
    return { ids: done.mids };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const isWhole = await takeBack(api, done?.mids ?? [], at);
    await progress.forget(reference, context);
    throw toDeliveryError(error, context, isWhole ? undefined : texts.partlySent);
  }
};

/**
 * Finds a message whose reply was lost, among the bot's messages in the dialog: the one with the same text
 * and number of files after the last known one. Undefined if a part is missing.
 * @throws ProviderError `unknown_outcome` if an earlier equal message may be taken for it
 */
export const findMessage: MaxMethod<'findMessage'> = async (api, request, context) => {
  const at = await openBot(api, request.account, context);
  const target = toTarget(request, context);
  const parts = listParts(request, at);
  const known = await progress.read(target.reference, context);
  const next = parts[known?.mids.length ?? 0];
  if (!next) return known ? { ids: known.mids } : undefined;
  const found = await findPart(api, { chat: target.chat, part: next, after: known?.after }, at);
  if (!found) return undefined;
  if (!known) throw makeError('unknown_outcome', texts.unclear);
  const { mids } = await note(found, known, target, at);
  return mids.length < parts.length ? undefined : { ids: mids };
};

async function sendPart(
  api: Max,
  { target, part, quote, index }: { target: Target; part: Part; quote: string | undefined; index: number },
  context: BotContext,
): Promise<Place> {
  const files = await uploadFiles(api, part, `${index} of ${target.reference}`, context);
  const keyboard = part.buttons.length > 0 && { type: 'inline_keyboard', payload: { buttons: part.buttons.map((button) => [button]) } };
  const post = async (image: string | undefined, mid: string | undefined): Promise<Place> => {
    const picture = image !== undefined && { type: 'image', payload: { url: image } };
    const attachments = [...files, picture, keyboard].filter((one) => one !== false);
    const json = {
      ...(part.text !== '' && { text: part.text }),
      ...(attachments.length > 0 && { attachments }),
      ...(mid !== undefined && { link: { type: 'reply', mid } }),
    };
    const { message } = await whenReady(api, () => api.sendMessage(context, { query: { chat_id: target.chat }, json }), context);
    return { mid: message.body.mid, at: message.timestamp };
  };
  const { image } = part;
  const send = (mid: string | undefined): Promise<Place> =>
    // MAX fetches the picture itself. Without it only the text is sent.
    unlessError(
      (error) => image !== undefined && isRefusal(error),
      post(image, mid),
      () => post(undefined, mid),
    );
  // The quoted message may be gone.
  return quote === undefined ? send(undefined) : api.unless('missing', send(quote), () => send(undefined));
}

/** A file that was uploaded is not uploaded again. */
function uploadFiles(api: Max, { files, type }: Part, key: string, context: BotContext): Promise<object[]> {
  return Promise.all(
    files.map(async (media, number) => {
      const payload = await context.cache.fetch(`file ${number} of part ${key}`, { ttlSeconds: TRIED_S }, () =>
        api.upload(context, type, media),
      );
      return { type, payload };
    }),
  );
}

/**
 * Repeats a call while MAX processes its files.
 * @throws ProviderError `rate_limited` if it takes longer: nothing was sent, and MAX is available
 */
async function whenReady<T>(api: Max, send: () => Promise<T>, { signal }: BotContext): Promise<T> {
  for (const pause of NOT_READY_MS) {
    let isWaiting = false;
    const sent = await api.unless('notReady', send(), () => void (isWaiting = true));
    if (!isWaiting) return sent as T;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
  }
  throw makeError('rate_limited', texts.notReady, { retryAfterMs: LATER_MS });
}

/** Notes a part that was sent. */
async function note(sent: Place, done: Progress, { account, chat, reference }: Target, context: BotContext): Promise<Progress> {
  const next = { mids: [...done.mids, sent.mid], after: sent };
  await progress.write(reference, next, context);
  await lastSent.write(`${account} ${chat}`, sent, context);
  return next;
}

/** The message after which the next one of the bot will be. It is read once for each chat. */
async function findLast(api: Max, { account, chat }: Target, context: BotContext): Promise<Place> {
  const known = await lastSent.read(`${account} ${chat}`, context);
  if (known) return known;
  const { messages } = await api.getMessages(context, { query: { chat_id: chat, count: 1 } });
  const [newest] = messages;
  return { mid: newest?.body?.mid ?? '', at: newest?.timestamp ?? 0 };
}

async function findPart(
  api: Max,
  { chat, part, after }: { chat: number; part: Part; after: Place | undefined },
  context: BotContext,
): Promise<Place | undefined> {
  const { messages } = await api.getMessages(context, { query: { chat_id: chat, count: LOOK_BACK } });
  const own = messages.filter(({ sender, timestamp, body }) => {
    return sender?.is_bot && timestamp >= (after?.at ?? 0) && body !== undefined && body.mid !== after?.mid;
  });
  // The newest comes first.
  const found = own.findLast((message) => isSame(message, part));
  return found?.body && { mid: found.body.mid, at: found.timestamp };
}

function isSame({ body }: WireMessage, { text, files, image }: Part): boolean {
  const count = body?.attachments?.filter(({ type }) => ['image', 'audio', 'video', 'file'].includes(type)).length ?? 0;
  const isCounted = count === files.length || (image !== undefined && count <= 1);
  return isCounted && toPlain(body?.text ?? '') === toPlain(text);
}

function toPlain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Deletes the parts of a message that failed. Returns whether all are gone. */
async function takeBack(api: Max, mids: readonly string[], context: BotContext): Promise<boolean> {
  const deleted = async (): Promise<boolean> => {
    for (const mid of mids) await api.deleteMessage(context, { query: { message_id: mid } });
    return true;
  };
  return unlessError(
    (error) => error instanceof ProviderError,
    deleted(),
    () => false,
  );
}

/** Maps a refusal to the gateway's words. `more` follows the reason. */
function toDeliveryError(error: Refusal, { account: { language } }: MaxContext, more?: LocalText): DeliveryRefused {
  const reason = sayError(error, language);
  const why = more ? `${reason.replace(/\.?$/, '.')} ${textFor(more, language)}` : reason;
  const [{ code = '', message = '' } = {}] = error.problems;
  const words = cutText(cleanText([code, message].filter(Boolean).join(' ')), EXTERNAL_LENGTH);
  return new DeliveryRefused(CODES[error.meaning] ?? 'general', why, words || undefined);
}

function toTarget({ account, chat, reference }: OutMessage, context: MaxContext): Target {
  const found = readChatId(chat);
  if (found !== undefined) return { account, chat: found, reference };
  throw new DeliveryRefused('customer_not_exists', textFor(texts.noCustomer, context.account.language));
}
