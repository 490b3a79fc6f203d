import type { InMessage, MediaRef } from '#chat/port';
import { type Language, textFor } from '#platform';
import { shortenText } from '#provider-kit';
import { texts } from './max.texts.js';
import type { WireAttachment, WireBody, WireMessage, WirePerson } from './max.wire.js';

/** The content of a converted message, without its id and the message it answers. */
export type Content = Pick<InMessage, 'kind' | 'text' | 'media'>;

const NAME_LENGTH = 200;
/** Prefix of a reference to a video, whose address is requested when it is opened. */
export const VIDEO = 'video:';
/** Attachments that show no more than the text. */
const SILENT: ReadonlySet<string> = new Set(['inline_keyboard', 'reply_keyboard', 'data']);
/** The kind of files, and their name and type if MAX sends neither. */
const FILES: Readonly<Record<string, { kind: Content['kind']; name: string; type?: string }>> = {
  image: { kind: 'image', name: 'photo.jpg', type: 'image/jpeg' },
  sticker: { kind: 'image', name: 'sticker.webp', type: 'image/webp' },
  video: { kind: 'file', name: 'video.mp4', type: 'video/mp4' },
  audio: { kind: 'audio', name: 'voice.mp3', type: 'audio/mpeg' },
  file: { kind: 'file', name: 'document' },
};

/**
 * Maps the content of a message: its images with the text, then each other file. Content that cannot be shown
 * becomes a text with its kind, in the account's language. Empty if nothing is to be shown.
 */
export function toContents({ body, link }: WireMessage, language: Language): Content[] {
  const forwarded = link?.type === 'forward' ? link : undefined;
  const attachments = [...(body?.attachments ?? []), ...(forwarded?.message?.attachments ?? [])];
  const lines = [
    showText(body),
    forwarded && `[${textFor(texts.shown.forwarded, language)}] ${showName(forwarded.sender)}`.trim(),
    showText(forwarded?.message),
    ...attachments.map((one) => describe(one, language)),
  ];
  const text = lines.filter((line) => line).join('\n');
  const media = attachments.flatMap((one) => toMedia(one) ?? []);
  const images = media.filter(({ kind }) => kind === 'image').map(({ file }) => file);
  const groups: Content[] = [
    ...(images.length > 0 ? [{ kind: 'image' as const, media: images }] : []),
    ...media.flatMap(({ kind, file }) => (kind === 'image' ? [] : [{ kind, media: [file] }])),
  ];
  if (groups.length === 0) return text === '' ? [] : [{ kind: 'text', text }];
  return groups.map((group, index) => ({ ...group, ...(index === 0 && text !== '' && { text }) }));
}

/** The phone that a customer shared as their own. */
export function readOwnPhone({ sender, body }: WireMessage): string | undefined {
  for (const { type, payload } of body?.attachments ?? [])
    // The hash shows that the phone is the account's. Contacts from an address book lack it.
    if (type === 'contact' && payload?.hash && payload.max_info?.user_id === sender?.user_id) return readPhone(payload.vcf_info);
  return undefined;
}

/** A person's names in one line. */
export function showName({ first_name: first, last_name: last }: WirePerson = { user_id: 0 }): string {
  return [first, last]
    .filter((part) => part)
    .join(' ')
    .trim();
}

/** Whether an attachment is a file of the message. */
function toMedia({ type, payload, filename, size }: WireAttachment): { kind: Content['kind']; file: MediaRef } | undefined {
  const about = FILES[type];
  const ref = type === 'video' && payload?.token ? VIDEO + payload.token : payload?.url;
  if (!about || !ref) return undefined;
  const { kind, name, type: mediaType } = about;
  const file: MediaRef = {
    ...{ ref, name: shortenText(filename || name, NAME_LENGTH) },
    ...(mediaType !== undefined && { type: mediaType }),
    ...(size !== undefined && { size }),
  };
  return { kind, file };
}

function describe(one: WireAttachment, language: Language): string {
  const { type, payload, title, latitude, longitude } = one;
  const say = (key: keyof typeof texts.shown, ...more: (string | undefined)[]): string =>
    [`[${textFor(texts.shown[key], language)}]`, ...more.filter((part) => part)].join(' ');
  if (SILENT.has(type) || toMedia(one)) return '';
  if (type === 'contact') return say('contact', readLine(payload?.vcf_info, 'FN'), readPhone(payload?.vcf_info));
  if (type === 'location' && latitude !== undefined && longitude !== undefined)
    return say('location', `https://maps.google.com/?q=${latitude},${longitude}`);
  if (type === 'share') return say('share', title, payload?.url);
  return say('unknown');
}

/** A line of a vCard, such as `TEL;TYPE=cell:79990000000`. */
function readLine(card: string | undefined, name: string): string | undefined {
  return new RegExp(`^${name}(?:;[^:\\r\\n]*)?:(.+)$`, 'im').exec(card ?? '')?.[1]?.trim();
}

function readPhone(card: string | undefined): string | undefined {
  const digits = readLine(card, 'TEL')?.replace(/[^\d+]/g, '');
  return digits === undefined || digits === '' ? undefined : digits.replace(/^(?=\d)/, '+');
}

/** The text, with the addresses behind words in brackets after them. */
export function showText({ text = '', markup = [] }: Pick<WireBody, 'text' | 'markup'> = {}): string {
  return markup
    .flatMap(({ type, from = 0, length = 0, url }) => (type === 'link' && url !== undefined ? [{ end: from + length, from, url }] : []))
    .sort((left, right) => right.end - left.end)
    .reduce((shown, { from, end, url }) => {
      return shown.slice(from, end) === url ? shown : `${shown.slice(0, end)} (${url})${shown.slice(end)}`;
    }, text);
}
