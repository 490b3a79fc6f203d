import type { InMessage } from '#chat/port';
import { type Language, textFor } from '#platform';
import { shortenText } from '#provider-kit';
import { toMediaRef } from './media.js';
import { texts } from './whatsapp.texts.js';
import { content as wireContent, type WireContent, type WireMedia } from './whatsapp.wire.js';

/** The content of a converted message, without its id and the message it answers. */
export type Content = Pick<InMessage, 'kind' | 'text' | 'media'>;

/** The types whose content is a file, and how it is shown. */
const FILES = { image: 'image', sticker: 'image', video: 'file', document: 'file', audio: 'audio' } as const;
/** Names of types whose own name is not a usual ending. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ...([
    ['jpeg', 'jpg'],
    ['mpeg', 'mp3'],
    ['3gpp', '3gp'],
    ['plain', 'txt'],
    ['octet-stream', 'bin'],
  ] as const),
]);
const NAME_LENGTH = 200;

/**
 * Maps the content of a message. Content that cannot be shown or read becomes a text with its kind, in the
 * account's language.
 */
export function toContent(type: string, message: object, language: Language): Content {
  const say = (key: keyof typeof texts.shown, ...more: (string | undefined)[]): Content => ({
    ...{ kind: 'text', text: [`[${textFor(texts.shown[key], language)}]`, ...more.filter(Boolean)].join(' ') },
  });
  const found = readContent(message);
  const { text, button, interactive, location, contacts, order, system } = found ?? {};
  if (type in FILES) {
    const kind = type as keyof typeof FILES;
    const media = found?.[kind];
    return media ? toFile(kind, media) : say('unknown');
  }
  if (type === 'text' && text) return { kind: 'text', text: text.body };
  if (type === 'button' && button) return { kind: 'text', text: button.text };
  const chosen = interactive?.button_reply ?? interactive?.list_reply;
  if (type === 'interactive' && chosen) return { kind: 'text', text: chosen.title };
  if (type === 'location' && location) {
    const { name, address, latitude, longitude } = location;
    return say('location', [name, address].filter(Boolean).join(', '), `https://maps.google.com/?q=${latitude},${longitude}`);
  }
  if (type === 'contacts' && contacts)
    return say(
      'contact',
      contacts
        .map(({ name, phones = [] }) => [name?.formatted_name, ...phones.map(({ phone }) => phone)])
        .map(joinWords)
        .join('; '),
    );
  if (type === 'order' && order) return say('order', order.text, order.product_items.map(writeItem).join('; '));
  if (type === 'system' && system) return say('changedNumber', system.wa_id && `+${system.wa_id}`);
  return say('unknown');
}

/** Reads the content of a message. Undefined: it is not as Meta describes it. */
export function readContent(message: object): WireContent | undefined {
  try {
    return wireContent(message);
  } catch {
    return undefined;
  }
}

function toFile(type: keyof typeof FILES, media: WireMedia): Content {
  const { mime_type: mime = '', caption, filename } = media;
  const [, subtype = 'bin'] = /^[^/]+\/([\w.+-]{1,40})/.exec(mime) ?? [];
  return {
    kind: FILES[type],
    media: [
      {
        ref: toMediaRef(media),
        name: shortenText(filename || `${type}.${ENDINGS.get(subtype) ?? subtype}`, NAME_LENGTH),
        ...(mime !== '' && { type: mime }),
      },
    ],
    ...(caption !== undefined && { text: caption }),
  };
}

/** Prices are shown one by one, as each item has its own currency. */
function writeItem({
  product_retailer_id: id,
  quantity,
  item_price: price,
  currency,
}: NonNullable<WireContent['order']>['product_items'][number]): string {
  return `${id} × ${quantity}, ${price} ${currency}`;
}

function joinWords(words: readonly (string | undefined)[]): string {
  return words.filter(Boolean).join(' ');
}
