import type { Message } from '@grammyjs/types';
import type { InMessage } from '#chat/port';
import { type Language, textFor } from '#platform';
import { shortenText } from '#provider-kit';
import { texts } from './telegram.texts.js';
import { content as wireContent, type WireContent, type WireFile } from './telegram.wire.js';

/** The content of a converted message, without its id and the message it answers. */
export type Content = Pick<InMessage, 'kind' | 'text' | 'media'>;

/** Pictures that a CRM shows. Other types are files. */
const PICTURES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
const MOST_BYTES_PICTURE = 20 * 1024 * 1024;
const NAME_LENGTH = 200;

/** Members that a message of any content may have. */
const COMMON: ReadonlySet<string> = new Set([
  ...(['message_id', 'message_thread_id', 'from', 'sender_chat', 'date', 'business_connection_id', 'chat', 'is_topic_message'] as const),
  ...([
    'sender_boost_count',
    'sender_business_bot',
    'forward_origin',
    'is_automatic_forward',
    'reply_to_message',
    'external_reply',
  ] as const),
  ...(['quote', 'reply_to_story', 'via_bot', 'edit_date', 'has_protected_content', 'show_caption_above_media', 'is_from_offline'] as const),
  ...(['author_signature', 'link_preview_options', 'effect_id', 'paid_star_count', 'reply_markup', 'media_group_id'] as const),
  ...(['has_media_spoiler', 'is_paid_post', 'sender_tag', 'reply_to_poll_option_id', 'reply_to_checklist_task_id'] as const),
] satisfies (keyof Message)[]);

/** Members of service messages: events in a chat without an author. */
const SERVICE: ReadonlySet<string> = new Set([
  ...(['new_chat_members', 'left_chat_member', 'new_chat_title', 'new_chat_photo', 'delete_chat_photo', 'group_chat_created'] as const),
  ...(['supergroup_chat_created', 'channel_chat_created', 'message_auto_delete_timer_changed', 'migrate_to_chat_id'] as const),
  ...(['migrate_from_chat_id', 'pinned_message', 'connected_website', 'write_access_allowed', 'proximity_alert_triggered'] as const),
  ...(['boost_added', 'chat_background_set', 'forum_topic_created', 'forum_topic_edited', 'forum_topic_closed'] as const),
  ...(['forum_topic_reopened', 'general_forum_topic_hidden', 'general_forum_topic_unhidden', 'video_chat_scheduled'] as const),
  ...(['video_chat_started', 'video_chat_ended', 'video_chat_participants_invited', 'checklist_tasks_done'] as const),
  ...(['checklist_tasks_added', 'poll_option_added', 'poll_option_deleted', 'paid_message_price_changed'] as const),
  ...(['direct_message_price_changed', 'managed_bot_created', 'chat_owner_left', 'chat_owner_changed'] as const),
  ...(['community_chat_added', 'community_chat_removed', 'suggested_post_approved', 'suggested_post_approval_failed'] as const),
  ...(['suggested_post_declined', 'suggested_post_paid', 'suggested_post_refunded', 'giveaway_created', 'giveaway_completed'] as const),
  ...(['refunded_payment', 'passport_data'] as const),
] satisfies (keyof Message)[]);

/** Kinds that are shown by name, by their field. */
const NAMED: readonly [field: keyof Message, text: keyof typeof texts.shown][] = [
  ['poll', 'poll'],
  ['dice', 'dice'],
  ['game', 'game'],
  ['story', 'story'],
  ['checklist', 'checklist'],
  ['paid_media', 'paidMedia'],
  ['invoice', 'invoice'],
  ['gift', 'gift'],
  ['unique_gift', 'gift'],
  ['giveaway', 'giveaway'],
  ['giveaway_winners', 'giveaway'],
  ['rich_message', 'rich'],
];

/**
 * Maps the content of a message. Undefined for Telegram's own message about the chat. Content that cannot be
 * shown or read becomes a text with its kind, in the account's language.
 */
export function toContent(message: object, language: Language): Content | undefined {
  const fields = Object.keys(message).filter((name) => !COMMON.has(name));
  if (fields.length > 0 && fields.every((name) => SERVICE.has(name))) return undefined;
  const say = (key: keyof typeof texts.shown, ...more: (string | number | undefined)[]): Content => {
    const about = more.filter((part) => part !== undefined && part !== '').join(' ');
    return {
      kind: 'text',
      text: about === '' ? `[${textFor(texts.shown[key], language)}]` : `[${textFor(texts.shown[key], language)}] ${about}`,
    };
  };
  const content = readContent(message) ?? readWords(message);
  const { text, entities, caption, contact, venue, location } = content;
  if (text !== undefined) return { kind: 'text', text: showLinks(text, entities) };
  const media = toMedia(content);
  if (media) return media;
  if (content.sticker) return say('sticker', content.sticker.emoji);
  if (contact) return say('contact', contact.first_name, contact.last_name, contact.phone_number);
  if (venue && location) return say('location', `${venue.title}, ${venue.address}`, toMapLink(location));
  if (location) return say('location', toMapLink(location));
  const [field, key] = NAMED.find(([name]) => fields.includes(name)) ?? [];
  if (key === undefined) return say('unknown', caption);
  const { question, title, emoji, value } = (content as Record<string, { [name: string]: string | number } | undefined>)[field ?? ''] ?? {};
  return say(key, question, title, emoji, value);
}

/** The present text of an edited message. Undefined if it is not a text. */
export function readText(message: object): string | undefined {
  const { text, entities } = readContent(message) ?? {};
  return text === undefined ? undefined : showLinks(text, entities);
}

/** The customer's own phone in a message. */
export function readOwnPhone(message: object, userId: number): string | undefined {
  const { contact } = readContent(message) ?? {};
  return contact?.user_id === userId ? contact.phone_number : undefined;
}

/** Undefined: it is not as Telegram describes it. */
function readContent(message: object): WireContent | undefined {
  try {
    return wireContent(message);
  } catch {
    return undefined;
  }
}

/** The words of a message whose form differs from Telegram's description. */
function readWords(message: { text?: unknown; caption?: unknown }): WireContent {
  const { text, caption } = message;
  return { ...(typeof text === 'string' && { text }), ...(typeof caption === 'string' && { caption }) };
}

function toMedia(content: WireContent): Content | undefined {
  const { photo, animation, document, video, live_photo: livePhoto, video_note: note, voice, audio, sticker } = content;
  const caption = content.caption === undefined ? undefined : showLinks(content.caption, content.caption_entities);
  const make = (kind: Content['kind'], file: Pick<WireFile, 'file_id' | 'file_size'>, name: string, type?: string): Content => ({
    kind,
    media: [
      {
        ref: file.file_id,
        name: shortenText(name, NAME_LENGTH),
        ...(type !== undefined && { type }),
        ...(file.file_size !== undefined && { size: file.file_size }),
      },
    ],
    ...(caption !== undefined && { text: caption }),
  });
  // A message with an animation also has its document, so the animation is checked first.
  const film = animation ?? video ?? livePhoto;
  if (film) return make('file', film, film.file_name ?? (animation ? 'animation.mp4' : 'video.mp4'), film.mime_type ?? 'video/mp4');
  if (note) return make('file', note, 'video-message.mp4', 'video/mp4');
  const largest = photo?.at(-1);
  if (largest) return make('image', largest, 'photo.jpg', 'image/jpeg');
  if (voice) return make('audio', voice, 'voice.ogg', voice.mime_type ?? 'audio/ogg');
  if (audio) {
    const title = [audio.performer, audio.title].filter((part) => part).join(' - ') || 'audio';
    return make('audio', audio, audio.file_name ?? `${title}.mp3`, audio.mime_type ?? 'audio/mpeg');
  }
  if (document) {
    const isPicture = PICTURES.has(document.mime_type ?? '') && (document.file_size ?? 0) <= MOST_BYTES_PICTURE;
    return make(isPicture ? 'image' : 'file', document, document.file_name ?? 'document', document.mime_type);
  }
  return sticker && toSticker(sticker, make);
}

/** A still sticker is a picture, a moving one its first frame where Telegram has it. */
function toSticker(
  sticker: WireFile,
  make: (kind: Content['kind'], file: Pick<WireFile, 'file_id' | 'file_size'>, name: string, type?: string) => Content,
): Content | undefined {
  const { is_animated: isAnimated, is_video: isVideo, thumbnail, emoji } = sticker;
  const words = emoji === undefined ? {} : { text: emoji };
  if (!isAnimated && !isVideo) return { ...make('image', sticker, 'sticker.webp', 'image/webp'), ...words };
  // Telegram does not return the type of a thumbnail. Its file does.
  return thumbnail && { ...make('image', thumbnail, 'sticker.jpg', 'image/jpeg'), ...words };
}

/** Puts the addresses behind words in brackets after them. */
function showLinks(text: string, entities: WireContent['entities'] = []): string {
  // Offsets count UTF-16 units, as JavaScript's strings do.
  return [...entities]
    .filter(({ type, url }) => type === 'text_link' && url !== undefined)
    .sort((left, right) => right.offset - left.offset)
    .reduce((shown, { offset, length, url = '' }) => {
      const end = offset + length;
      return shown.slice(offset, end) === url ? shown : `${shown.slice(0, end)} (${url})${shown.slice(end)}`;
    }, text);
}

function toMapLink({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return `https://maps.google.com/?q=${latitude},${longitude}`;
}
