import { anything, decimal, either, id, list, maybe, refuseShape, type Shape, shape, type Shaped, text, truth, whole } from '#provider-kit';

/* The parts of Telegram's updates and replies that are read. */

/** The last second that a date can have. */
const LATEST = 8_640_000_000_000;
/** The longest pause that Telegram may demand, seconds. */
const LONGEST_PAUSE = 10_000_000;

/** A whole number of 0 to `most`. */
function upTo(most: number): Shape<number> {
  return (value) => {
    const found = whole(value);
    return found >= 0 && found <= most ? found : refuseShape(value, `from 0 to ${most}`);
  };
}
const seconds = upTo(LATEST);

const names = { first_name: maybe(text), last_name: maybe(text), username: maybe(text), language_code: maybe(text) };
const person = shape({ id: whole, ...names, is_bot: maybe(truth) });
/** `private`: with one person, whose names it has. */
const chat = shape({ id: whole, type: text, ...names, is_bot: maybe(truth) });
const wireMessage = shape({
  ...{ message_id: whole, date: seconds, edit_date: maybe(seconds), from: maybe(person), chat },
  reply_to_message: maybe(shape({ message_id: whole })),
});
/** `raw`: the message with its content, which the names of its fields describe. */
const message = (value: unknown) => ({ ...wireMessage(value), raw: value as object });

/** An update, which has at most one of its kinds. */
export const update = shape({
  update_id: whole,
  message: maybe(message),
  edited_message: maybe(message),
  callback_query: maybe(shape({ id: text, from: person, message: maybe(message), data: maybe(text) })),
  my_chat_member: maybe(shape({ chat, date: seconds, new_chat_member: shape({ status: text }) })),
});
export type WireUpdate = Shaped<typeof update>;
export type WireMessage = Shaped<typeof message>;
export type WirePerson = Shaped<typeof person>;
export type WireChat = Shaped<typeof chat>;

/** One size of a picture. */
const photo = shape({ file_id: text, file_size: maybe(whole) });
/** A file of any kind: parts that some of them lack are missing. */
const file = shape({
  ...{ file_id: text, file_size: maybe(whole), file_name: maybe(text), mime_type: maybe(text), thumbnail: maybe(photo) },
  ...{ performer: maybe(text), title: maybe(text), emoji: maybe(text), is_animated: maybe(truth), is_video: maybe(truth) },
});
const entities = maybe(list(shape({ type: text, offset: whole, length: whole, url: maybe(text) })));
/** Content that only its name is shown for. */
const named = maybe(shape({ question: maybe(text), title: maybe(text), emoji: maybe(text), value: maybe(whole) }));

/** The content of a message that is shown. */
export const content = shape({
  ...{ text: maybe(text), entities, caption: maybe(text), caption_entities: entities, photo: maybe(list(photo)) },
  ...{ animation: maybe(file), document: maybe(file), video: maybe(file), live_photo: maybe(file), video_note: maybe(file) },
  ...{ voice: maybe(file), audio: maybe(file), sticker: maybe(file) },
  contact: maybe(shape({ phone_number: text, first_name: text, last_name: maybe(text), user_id: maybe(whole) })),
  venue: maybe(shape({ title: text, address: text })),
  location: maybe(shape({ latitude: decimal, longitude: decimal })),
  ...{ poll: named, dice: named, game: named, checklist: named, invoice: named },
});
export type WireContent = Shaped<typeof content>;
export type WireFile = Shaped<typeof file>;

const result: Shape<unknown> = (value) => value ?? refuseShape(value, 'a result');
/** A reply that does not refuse. */
export const answer = shape({ result });

/** A reply that refuses. */
export const refusal = shape({
  error_code: whole,
  description: maybe(text),
  parameters: maybe(shape({ retry_after: maybe(upTo(LONGEST_PAUSE)) })),
});

const sentMessage = shape({ message_id: whole });
/** The ids of the messages that one became. */
export const messageIds: Shape<number[]> = (value) =>
  list(sentMessage)(Array.isArray(value) ? value : [value]).map((one) => one.message_id);

export const bot = shape({ id: whole, first_name: text, username: maybe(id(64)) });
export const webhookInfo = shape({
  ...{ url: maybe(text), allowed_updates: maybe(list(text)), pending_update_count: maybe(whole) },
  ...{ last_error_date: maybe(whole), last_error_message: maybe(text) },
});
export const filePath = shape({ file_path: maybe(text), file_size: maybe(whole) });
/** Photos in each of their sizes, the largest last. A photo of another form has no sizes. */
export const profilePhotos = shape({ photos: list(either(list(photo), () => [])) });
/** Telegram returns `true`, or the message. */
export const done = anything;
