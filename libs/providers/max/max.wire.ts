import { anything, decimal, id, list, maybe, record, refuseShape, type Shape, shape, type Shaped, text, truth, whole } from '#provider-kit';

/* The parts of MAX's updates and replies that are read. `body.seq` exceeds JavaScript's whole numbers. */

/** The last millisecond that a date can have. */
const LATEST = 8_640_000_000_000_000;
const moment: Shape<number> = (value) => {
  const found = whole(value);
  return found >= 0 && found <= LATEST ? found : refuseShape(value, `from 0 to ${LATEST}`);
};

const person = shape({
  ...{ user_id: whole, first_name: maybe(text), last_name: maybe(text), username: maybe(text), is_bot: maybe(truth) },
  ...{ avatar_url: maybe(text), full_avatar_url: maybe(text) },
});
export type WirePerson = Shaped<typeof person>;

/** Parts of an attachment of any kind. */
const attachment = shape({
  type: text,
  payload: maybe(
    shape({
      ...{ url: maybe(text), token: maybe(text), code: maybe(text), hash: maybe(text), vcf_info: maybe(text) },
      max_info: maybe(shape({ user_id: maybe(whole) })),
    }),
  ),
  ...{ filename: maybe(text), size: maybe(whole), title: maybe(text), description: maybe(text) },
  ...{ latitude: maybe(decimal), longitude: maybe(decimal) },
});
export type WireAttachment = Shaped<typeof attachment>;

const markup = maybe(list(shape({ type: text, from: maybe(whole), length: maybe(whole), url: maybe(text) })));
const body = shape({ mid: text, text: maybe(text), attachments: maybe(list(attachment)), markup });
/** The content of a message. */
export type WireBody = Shaped<typeof body>;

/** A message. Its body is missing if it only forwards another. */
const message = shape({
  ...{ timestamp: moment, sender: maybe(person), body: maybe(body) },
  recipient: maybe(shape({ chat_id: maybe(whole), chat_type: maybe(text), user_id: maybe(whole) })),
  link: maybe(shape({ type: text, sender: maybe(person), message: maybe(body) })),
});
export type WireMessage = Shaped<typeof message>;

/** An update of any kind. */
export const update = shape({
  ...{ update_type: text, timestamp: moment, user_locale: maybe(text), payload: maybe(text) },
  ...{ message: maybe(message), message_id: maybe(text), chat_id: maybe(whole), user_id: maybe(whole), user: maybe(person) },
  callback: maybe(shape({ callback_id: text, payload: maybe(text), user: person })),
});
export type WireUpdate = Shaped<typeof update>;
export const updates = shape({ updates: list(anything), marker: maybe(whole) });

export const refusal = shape({ code: maybe(text), error: maybe(text), message: maybe(text) });
export const bot = shape({ user_id: whole, first_name: maybe(text), username: maybe(id(64)), avatar_url: maybe(text) });
export const subscriptions = shape({ subscriptions: list(shape({ url: text, update_types: maybe(list(text)) })) });
export const upload = shape({ url: text, token: maybe(text) });
/** Photos by their keys, or the token of a file. */
export const uploaded = shape({ photos: maybe(record(shape({ token: text }))), token: maybe(text) });
export const sent = shape({ message: shape({ timestamp: moment, body: shape({ mid: id() }) }) });
export const messages = shape({ messages: list(message) });
export const video = shape({ urls: maybe(record(maybe(text))) });
/** `{"success":true}`. A reply without success is a refusal. */
export const done = anything;
