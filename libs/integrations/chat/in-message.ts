import { type Language, textFor } from '#platform';
import { texts } from './chat.texts.js';
import type { GatewayCustomer, GatewayMessage } from './gateway/gateway.types.js';
import type { ChatCustomer, ChatEvent, MediaRef } from './port/index.js';

/** The gateway's limits, in characters. */
const MOST = { text: 65_535, note: 64_000, name: 255, utm: 255, id: 64 };

/** A file of a message, with the messenger's data and the state of its transfer. */
export interface StoredMedia extends MediaRef {
  /** Its id at the gateway. */
  file?: string;
  /** Whether it cannot be transferred. */
  failed?: boolean;
}

/** The stored part of an event until it is at the gateway. Times are RFC 3339. */
export interface StoredIn {
  at: string;
  kind?: 'text' | 'image' | 'file' | 'audio';
  text?: string;
  media?: StoredMedia[];
  quote?: string;
  /** Whether the text is the new caption of existing files. */
  isCaption?: boolean;
  replyUntil?: string;
  customer?: ChatCustomer;
  /** Whether the shop wrote it in the messenger's own app. */
  byShop?: boolean;
  emoji?: string;
  removed?: boolean;
  until?: string;
}

/** Maps an event to its stored part. Dates may be texts, as in an event that was stored before. */
export function toStoredIn(event: ChatEvent): StoredIn {
  const at = new Date(event.at).toISOString();
  switch (event.type) {
    case 'message': {
      const { kind, text, media = [], quote, captionOf, replyUntil } = event.message;
      return {
        ...{ at, kind, customer: event.customer },
        ...(text && { text }),
        ...(media.length > 0 && { media: media.map(({ ref, name, type, size }) => ({ ref, ...trim({ name, type, size }) })) }),
        ...(quote && { quote }),
        ...(captionOf !== undefined && { isCaption: true }),
        ...(replyUntil && { replyUntil: new Date(replyUntil).toISOString() }),
        ...(event.by === 'shop' && { byShop: true }),
      };
    }
    case 'edit':
      return { at, text: event.text };
    case 'read':
      return { at, ...(event.until && { until: new Date(event.until).toISOString() }) };
    case 'reaction':
      return { at, emoji: event.emoji, ...(event.removed && { removed: true }) };
    default:
      return { at };
  }
}

/** The place of a message at the gateway. */
export interface InPlace {
  /** The gateway's id of the channel. */
  channel: number;
  chat: string;
  externalId: string;
}

/**
 * Maps a message to the gateway's format. Files that could not be transferred are mentioned in its text, in
 * the account's language.
 */
export function toGatewayMessage({ channel, chat, externalId }: InPlace, stored: StoredIn, language: Language): GatewayMessage {
  const { at, kind = 'text', media = [], quote, replyUntil, customer, byShop } = stored;
  const text = writeText(stored, language);
  const items = media.flatMap(({ file }) => (file === undefined ? [] : [{ id: file }]));
  const missing = media.filter(({ file }) => file === undefined).map((one) => describeMissing(one, language));
  const words = [text, ...missing].filter((part) => part !== '').join('\n');
  return {
    ...{ channel, external_chat_id: chat, originator: byShop ? 'channel' : 'customer', customer: toCustomer(customer) },
    message: {
      ...{ external_id: externalId, created_at: at },
      ...(items.length > 0 && kind !== 'text'
        ? { type: kind, items, ...(words !== '' && { note: words.slice(0, MOST.note) }) }
        : { type: 'text', text: words.trim() === '' ? textFor(texts.withoutText, language) : words.slice(0, MOST.text) }),
    },
    ...(quote !== undefined && { quote: { external_id: quote } }),
    ...(replyUntil !== undefined && { reply_deadline: replyUntil }),
  };
}

/**
 * Adds the time until which managers may reply freely. `replyHours`: after the message, unless the messenger
 * names another time. A message of the shop has no deadline.
 */
export function withDeadline(stored: StoredIn, replyHours: number | undefined): StoredIn {
  if (replyHours === undefined || stored.replyUntil !== undefined || stored.byShop) return stored;
  return { ...stored, replyUntil: new Date(Date.parse(stored.at) + replyHours * 3_600_000).toISOString() };
}

function writeText({ text = '', isCaption }: StoredIn, language: Language): string {
  if (!isCaption) return text;
  return text === '' ? textFor(texts.captionRemoved, language) : `${textFor(texts.captionChanged, language)}\n${text}`;
}

function describeMissing({ name, size }: StoredMedia, language: Language): string {
  const about = [name, size === undefined ? undefined : `${(size / 1024 / 1024).toFixed(1)} MB`].filter((part) => part !== undefined);
  return [textFor(texts.notPassedOn, language), about.join(', ')].filter((part) => part !== '').join(': ');
}

function toCustomer(customer: ChatCustomer = { id: '', nickname: '' }): GatewayCustomer {
  const { id, nickname, firstName, lastName, language, phone, email, profileUrl, avatarUrl, country, utm, otherIds = [] } = customer;
  const others = [...new Set(otherIds)].filter((other) => other !== id && other !== '' && other.length <= MOST.id);
  const name = (text: string | undefined): string | undefined => text?.slice(0, MOST.name) || undefined;
  return {
    external_id: id,
    nickname: name(nickname.trim()) ?? id,
    ...trim({ first_name: name(firstName), last_name: name(lastName), language, phone, email, country }),
    ...trim({ profile_url: profileUrl, avatar: avatarUrl }),
    ...(others.length > 0 && { secondary_external_ids: others }),
    ...(utm && { utm: trim(Object.fromEntries(Object.entries(utm).map(([key, value]) => [key, value?.slice(0, MOST.utm)]))) }),
  };
}

/** Removes missing and empty members. */
function trim<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
