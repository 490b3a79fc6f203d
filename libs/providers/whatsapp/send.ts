import { DeliveryRefused, type OutMedia, type OutMessage, writeOrder, writeProduct } from '#chat/port';
import { type LocalText, textFor } from '#platform';
import { isRefusal, openForm, type Refusal, splitText } from '#provider-kit';
import { type Buttons, toButtons } from './buttons.js';
import { readRecipient, writeTrace } from './ids.js';
import type { WhatsApp, WhatsAppMethod } from './whatsapp.api.js';
import { toFailure } from './whatsapp.errors.js';
import { writeTemplate } from './templates.js';
import { languageOf, type WhatsAppContext } from './whatsapp.settings.js';
import { texts } from './whatsapp.texts.js';

const MIB = 1024 * 1024;
/** WhatsApp's limits: characters of a text, of a caption and of a text with buttons, bytes of files. */
export const MOST = { text: 4_096, caption: 1_024, image: 5 * MIB, sound: 16 * MIB, file: 20 * MIB };
/** Seconds for which the parts of a message that were sent are remembered, longer than it is tried. */
const PARTS_S = 3_600;

/** Kinds of files that WhatsApp shows as such. All others are documents. */
const SHOWN: readonly { kind: OutMessage['kind']; type: 'image' | 'video' | 'audio'; mimes: RegExp; bytes: number }[] = [
  { kind: 'image', type: 'image', mimes: /^image\/(jpeg|png)$/, bytes: MOST.image },
  { kind: 'file', type: 'video', mimes: /^video\/(mp4|3gpp)$/, bytes: MOST.sound },
  { kind: 'audio', type: 'audio', mimes: /^audio\/(aac|amr|mpeg|mp4|ogg)$/, bytes: MOST.sound },
];

/** Makes the content of a message of WhatsApp. One of our messages may need several. */
type Part = (api: WhatsApp, context: WhatsAppContext) => Promise<object>;

/**
 * Sends a message: a long text in several, each file in its own, a text that is longer than a caption after
 * its files. The sent parts are remembered under the reference, so that a later try continues after them.
 * WhatsApp deletes nothing, so if it rejects a later part, the reason mentions that a part has arrived.
 * @throws DeliveryRefused, ProviderError `rate_limited`, and the client's errors
 */
export const sendMessage: WhatsAppMethod<'sendMessage'> = async (api, request, context) => {
  const { account: number, chat, customer, reference } = request;
  const recipient = readRecipient(chat ?? customer);
  if (!recipient) throw new DeliveryRefused('customer_not_exists', textFor(texts.errors.undeliverable, context.account.language));
  const parts = listParts(request, context);
  if (parts.length === 0) throw new DeliveryRefused('general', textFor(texts.nothingToSend, context.account.language));
  const ids: string[] = [];
  let person: string | undefined;
  for (const [index, part] of parts.entries()) {
    const [quoted] = index === 0 ? (request.quote ?? []) : [];
    const more = {
      ...(quoted !== undefined && { context: { message_id: quoted } }),
      biz_opaque_callback_data: writeTrace(reference, index, parts.length),
    };
    const send = async (): Promise<{ ids: string[]; person: string | undefined }> => {
      const content = await part(api, context);
      const { messages, contacts = [] } = await api.send(context, { number, recipient, content }, more);
      return { ids: messages.map(({ id }) => id), person: contacts[0]?.wa_id ?? contacts[0]?.user_id };
    };
    try {
      const key = `part ${index} of ${reference}`;
      const sent = index === parts.length - 1 ? await send() : await context.cache.fetch(key, { ttlSeconds: PARTS_S }, send);
      ids.push(...sent.ids);
      person = sent.person ?? person;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw toDeliveryError(error, context, ids.length > 0 ? texts.partlySent : undefined);
    }
  }
  // WhatsApp may know a phone by another number than it was written to.
  return { ids, ...(chat === undefined && person !== undefined && { chat: person, customer: person }) };
};

/** Maps a refusal to the gateway's words. `more` follows the reason. */
function toDeliveryError({ problems }: Refusal, { account: { language } }: WhatsAppContext, more?: LocalText): DeliveryRefused {
  const { code, text, externalCode } = toFailure(problems, language);
  return new DeliveryRefused(code, more ? `${text.replace(/\.?$/, '.')} ${textFor(more, language)}` : text, externalCode);
}

function listParts(message: OutMessage, context: WhatsAppContext): Part[] {
  const { account: number, kind, media, text, product, order, suggestions, reference, template } = message;
  const toPlace = (index: number): FilePlace => ({ number, key: `file ${index} of ${reference}` });
  if (template) return [(api) => writeTemplate(template, (file) => upload(api, file, toPlace(0), context))];
  const style = { language: languageOf(context), timeZone: context.account.timeZone };
  const card = product ? writeProduct(product, style) : order ? writeOrder(order, style) : undefined;
  const buttons = toButtons(suggestions, style.language);
  const words = [text, card, ...buttons.lines].filter(Boolean).join('\n\n');
  const shapes = media.map((file) => toShape(kind, file));
  const takesCaption = shapes.length > 0 && shapes[0] !== 'audio' && words.length <= MOST.caption && !buttons.make;
  const parts = media.map((file, index) =>
    toFilePart(file, shapes[index] ?? 'document', index === 0 && takesCaption ? words : '', toPlace(index)),
  );
  if (!takesCaption) parts.push(...listTextParts(words, buttons));
  if (buttons.make && parts.length === media.length)
    parts.push(() => Promise.resolve(buttons.make?.(textFor(texts.choose, style.language)) ?? {}));
  return parts;
}

/** Buttons are below the last text, which may be shorter then. */
function listTextParts(words: string, { make }: Buttons): Part[] {
  const pieces = splitText(words, MOST.text);
  const last = make && (pieces.at(-1)?.length ?? 0) > MOST.caption ? splitText(pieces.pop() ?? '', MOST.caption) : [];
  return [...pieces, ...last].map((body, index, all) => {
    const content = make && index === all.length - 1 ? make(body) : { type: 'text', text: { body, preview_url: true } };
    return () => Promise.resolve(content);
  });
}

function toShape(kind: OutMessage['kind'], { type, size }: OutMedia): 'image' | 'video' | 'audio' | 'document' {
  const mime = toMime(type);
  return SHOWN.find((one) => one.kind === kind && one.mimes.test(mime) && size <= one.bytes)?.type ?? 'document';
}

function toFilePart(file: OutMedia, shape: ReturnType<typeof toShape>, caption: string, place: FilePlace): Part {
  return async (api, context) => {
    const id = await upload(api, file, place, context);
    return { type: shape, [shape]: { id, ...(caption !== '' && { caption }), ...(shape === 'document' && { filename: file.name }) } };
  };
}

/** The number that sends a file, and the key under which the uploaded file is remembered. */
interface FilePlace {
  number: string;
  key: string;
}

/** Uploads a file once for all tries of its message. Returns its id. */
function upload(api: WhatsApp, file: OutMedia, { number, key }: FilePlace, context: WhatsAppContext): Promise<string> {
  return context.cache.fetch(key, { ttlSeconds: PARTS_S }, async () => {
    const media = { name: file.name, type: toMime(file.type), open: () => file.open() };
    const form = await openForm({ messaging_product: 'whatsapp', type: media.type }, [{ field: 'file', media }]);
    return (await api.upload(context, { number, ...form })).id;
  });
}

/** A media type without its parameters. */
function toMime(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}
