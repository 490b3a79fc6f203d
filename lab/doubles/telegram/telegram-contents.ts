import type { Contact, Dice, Location, PhotoSize, Poll, Sticker, Story, Venue } from '@grammyjs/types';
import type { TelegramBot } from './telegram-bot.js';
import type { TelegramPerson } from './telegram-records.js';
import type { TelegramFile, TelegramFiles, TelegramFileToAdd } from './telegram-files.js';
import type { TelegramEntity } from './telegram-objects.js';
import { sampleFile, sampleJpeg, sampleWebp } from './telegram-samples.js';

interface Captioned {
  caption?: string;
  entities?: readonly TelegramEntity[];
}
type Media = Captioned & Partial<Omit<TelegramFileToAdd, 'kind' | 'about'>>;

/**
 * The content of a person's message. A file is a small sample without `bytes`, or a `size` too large to be
 * downloaded.
 */
export type TelegramContent =
  | { kind: 'text'; text: string; entities?: readonly TelegramEntity[] }
  | ({ kind: 'photo' | 'document' | 'animation' | 'video' | 'video_note' | 'voice' | 'audio' } & Media)
  /** `static` is a WebP, `animated` a TGS, `video` a WebM. The latter two have a thumbnail. */
  | { kind: 'sticker'; of: 'static' | 'animated' | 'video'; emoji?: string; thumbnail?: boolean }
  /** The person's own contact, or another person's who need not have Telegram. */
  | { kind: 'contact'; self: boolean; phone?: string; firstName?: string }
  | { kind: 'location'; latitude?: number; longitude?: number }
  | { kind: 'venue'; title?: string; address?: string }
  | { kind: 'poll'; question?: string }
  | { kind: 'dice' | 'story' | 'game' | 'unknown' }
  /** A message by its fields, such as a service message. */
  | { kind: 'fields'; fields: object };

interface Around {
  bot: TelegramBot;
  person: TelegramPerson;
  files: TelegramFiles;
}

/** The fields of a message with that content, and its file. */
export function toFields(content: TelegramContent, { bot, person, files }: Around): { fields: object; file?: TelegramFile } {
  switch (content.kind) {
    case 'text': {
      const { text, entities } = content;
      return { fields: { text, ...(entities && { entities }) } };
    }
    case 'sticker':
      return toSticker(content, { bot, person, files });
    case 'contact': {
      const { self, phone, firstName } = content;
      const own: Contact = { phone_number: phone ?? person.phone, first_name: person.user.first_name, user_id: person.user.id };
      const other: Contact = { phone_number: phone ?? '+79990000000', first_name: firstName ?? 'Somebody' };
      return { fields: { contact: self ? own : other } };
    }
    case 'location':
      return { fields: { location: toPlace(content) } };
    case 'venue': {
      const { title = 'Café', address = 'Main street 1' } = content;
      // For those who only know locations.
      return { fields: { venue: { location: toPlace({}), title, address } satisfies Venue, location: toPlace({}) } };
    }
    case 'poll':
      return { fields: { poll: toPoll(content.question) } };
    case 'dice':
      return { fields: { dice: { emoji: '🎲', value: 4 } satisfies Dice } };
    case 'story':
      return {
        fields: { story: { chat: { id: person.user.id, type: 'private', first_name: person.user.first_name }, id: 1 } satisfies Story },
      };
    case 'game':
      return { fields: { game: { title: 'Chess', description: 'A game', photo: [] } } };
    case 'unknown':
      return { fields: { something_new: { of: 'next year' } } };
    case 'fields':
      return { fields: content.fields };
    default: {
      const { caption, entities, ...given } = content;
      const file = files.add({ ...buildSample(given), ...given });
      const shown = bot.showFile(file);
      return {
        fields: { ...shown, ...(caption !== undefined && { caption }), ...(entities && { caption_entities: entities }) },
        file,
      };
    }
  }
}

function buildSample({ kind, bytes, size }: TelegramFileToAdd): TelegramFileToAdd {
  const isGiven = bytes !== undefined || size !== undefined;
  const sample = (make: () => Buffer): { bytes?: Buffer } => (isGiven ? {} : { bytes: make() });
  switch (kind) {
    case 'photo':
      return { kind, ...sample(() => sampleJpeg(1_280, 960, 2_000)), ...(bytes === undefined && { width: 1_280, height: 960 }) };
    case 'video':
      return { kind, ...sample(() => sampleFile('mp4')), mimeType: 'video/mp4', width: 640, height: 360, about: { duration: 5 } };
    case 'animation':
      return {
        kind,
        ...sample(() => sampleFile('mp4')),
        mimeType: 'video/mp4',
        name: 'giphy.mp4',
        width: 320,
        height: 240,
        about: { duration: 2 },
      };
    case 'video_note':
      return { kind, ...sample(() => sampleFile('mp4')), about: { duration: 5, length: 240 } };
    case 'voice':
      return { kind, ...sample(() => sampleFile('ogg')), mimeType: 'audio/ogg', about: { duration: 7 } };
    case 'audio':
      return {
        ...{ kind, ...sample(() => sampleFile('mp3')), mimeType: 'audio/mpeg', name: 'song.mp3' },
        about: { duration: 180, performer: 'Somebody', title: 'Song' },
      };
    default:
      return { kind, ...sample(() => sampleFile('pdf')), mimeType: 'application/pdf', name: 'invoice.pdf' };
  }
}

function toSticker(
  { of, emoji = '😎', thumbnail = true }: Extract<TelegramContent, { kind: 'sticker' }>,
  { bot, files }: Around,
): { fields: object; file: TelegramFile } {
  const file = files.add({
    ...{ kind: 'sticker', width: 512, height: 512 },
    bytes: of === 'static' ? sampleWebp(512, 512) : sampleFile(of === 'animated' ? 'tgs' : 'webm'),
  });
  const small = files.add({ kind: 'photo', bytes: sampleJpeg(128, 128), width: 128, height: 128 });
  const sticker: Sticker = {
    ...(files.show(bot.id, file) as PhotoSize),
    ...{ type: 'regular', is_animated: of === 'animated', is_video: of === 'video', emoji, set_name: 'Cool' },
    ...(thumbnail && { thumbnail: files.show(bot.id, small) as PhotoSize }),
  };
  return { fields: { sticker }, file };
}

function toPlace({ latitude = 55.751244, longitude = 37.618423 }: { latitude?: number; longitude?: number }): Location {
  return { latitude, longitude };
}

function toPoll(question = 'Which colour?'): Poll {
  return {
    ...{ id: '5100000000000000001', question, total_voter_count: 0, is_closed: false, is_anonymous: true, type: 'regular' },
    ...{ allows_multiple_answers: false, allows_revoting: true, members_only: false },
    options: ['Red', 'Green'].map((text, index) => ({ persistent_id: String(index), text, voter_count: 0 })),
  };
}
