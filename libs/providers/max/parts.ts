import { type OutMedia, type OutMessage, writeOrder, writeProduct } from '#chat/port';
import { textFor } from '#platform';
import { splitIntoParts, splitText } from '#provider-kit';
import { type Button, toKeyboard } from './buttons.js';
import type { UploadType } from './max.api.js';
import { languageOf, type MaxBot, type MaxContext } from './max.settings.js';
import { texts } from './max.texts.js';

/** Characters of a text, also with files, images of a message, and bytes of an image. */
export const MOST = { text: 4_000, images: 10, imageBytes: 50_000_000 };

const IMAGES: ReadonlySet<string> = new Set([
  ...['image/jpeg', 'image/jpg', 'image/png', 'image/gif', 'image/tiff', 'image/bmp', 'image/heic'],
]);

/** A message of MAX. One of our messages may need several. */
export interface Part {
  text: string;
  files: readonly OutMedia[];
  type: UploadType;
  /** Address of a picture, which MAX fetches. Without it only the text is sent. */
  image?: string;
  buttons: readonly Button[];
}

/**
 * Divides a message: images together, each other file in a separate message, since MAX demands it, and a
 * long text into pieces. The text is sent with the first file if it fits.
 */
export function listParts(request: OutMessage, context: MaxContext & { readonly bot: MaxBot }): Part[] {
  const { kind, media, product, order } = request;
  const style = { language: languageOf(context.bot, context), timeZone: context.account.timeZone };
  const keyboard = toKeyboard(request.suggestions);
  const card = product ? writeProduct(product, style) : order ? writeOrder(order, style) : undefined;
  const text = [request.text, card, ...keyboard.lines].filter((part) => part).join('\n\n');
  const groups = groupFiles(kind, media);
  // A keyboard counts as an attachment, which other files than images do not allow.
  const isApart = keyboard.buttons.length > 0 && groups.at(-1)?.type !== 'image';
  const isCaption = text.length <= MOST.text && !isApart;
  const parts: Part[] = groups.map((group, index) => ({ ...group, text: index === 0 && isCaption ? text : '', buttons: [] }));
  const image = groups.length === 0 && text.length <= MOST.text ? product?.image : undefined;
  if (text !== '' && (groups.length === 0 || !isCaption))
    parts.push(...splitText(text, MOST.text).map((piece) => toTextPart(piece, image)));
  if (keyboard.buttons.length === 0) return parts;
  // Buttons are sent with the last message, which needs words if it has nothing else.
  if (parts.length === 0 || (text === '' && isApart)) parts.push(toTextPart(textFor(texts.choose, style.language)));
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, buttons: keyboard.buttons } : part));
}

function toTextPart(text: string, image?: string): Part {
  return { text, files: [], type: 'file', buttons: [], ...(image !== undefined && { image }) };
}

function groupFiles(kind: OutMessage['kind'], media: readonly OutMedia[]): Pick<Part, 'files' | 'type'>[] {
  if (kind === 'image' && media.every(isImage)) return splitIntoParts(media, MOST.images).map((files) => ({ files, type: 'image' }));
  return media.map((one) => ({ files: [one], type: kind === 'audio' && /^audio\//i.test(one.type) ? 'audio' : 'file' }));
}

function isImage({ type, size }: OutMedia): boolean {
  return IMAGES.has((type.split(';', 1)[0] ?? '').trim().toLowerCase()) && size <= MOST.imageBytes;
}
