import { anything, decimal, id, list, maybe, refuseShape, type Shape, shape, type Shaped, text, truth, whole } from '#provider-kit';

/* The parts of the Graph API's replies and webhooks that are read. */

/** The last second that a date can have. */
const LATEST = 8_640_000_000_000;
const seconds: Shape<number> = (value) => {
  const found = whole(value);
  return found >= 0 && found <= LATEST ? found : refuseShape(value, 'seconds since 1970');
};

/** An error, of a call or of a status. */
const problem = shape({ code: maybe(whole), message: maybe(text), title: maybe(text), error_data: maybe(shape({ details: maybe(text) })) });
export type WireProblem = Shaped<typeof problem>;
export const refusal = shape({
  error: shape({
    ...{ code: maybe(whole), message: maybe(text), error_data: maybe(shape({ details: maybe(text) })) },
    ...{ is_transient: maybe(truth), fbtrace_id: maybe(text) },
  }),
});
export const done = anything;

/** A sent message. It may still fail, which a status reports. */
export const sentMessage = shape({
  contacts: maybe(list(shape({ wa_id: maybe(text), user_id: maybe(text) }))),
  messages: list(shape({ id: id(255) })),
});
export const uploaded = shape({ id: id(200) });
export const mediaAddress = shape({ url: text, mime_type: maybe(text), sha256: maybe(text), file_size: maybe(whole) });

export const business = shape({ name: maybe(text) });
const number = shape({
  ...{ id: id(64), display_phone_number: text, verified_name: maybe(text), status: maybe(text), quality_rating: maybe(text) },
  ...{ code_verification_status: maybe(text), messaging_limit_tier: maybe(text) },
});
export type WireNumber = Shaped<typeof number>;
const paging = maybe(shape({ cursors: maybe(shape({ after: maybe(text) })), next: maybe(text) }));
export const numbers = shape({ data: list(number), paging });
export const apps = shape({
  data: list(shape({ whatsapp_business_api_data: shape({ id: text, name: maybe(text) }), override_callback_uri: maybe(text) })),
});

const quality: Shape<string> = (value) => (typeof value === 'string' ? value : shape({ score: text })(value).score);
const template = shape({
  ...{ id: id(64), name: id(512), language: id(20), status: text, category: maybe(text), rejected_reason: maybe(text) },
  components: list(
    shape({
      ...{ type: text, format: maybe(text), text: maybe(text) },
      buttons: maybe(list(shape({ type: text, text, url: maybe(text), phone_number: maybe(text) }))),
    }),
  ),
  quality_score: maybe(quality),
});
export type WireTemplate = Shaped<typeof template>;
export const templates = shape({ data: list(template), paging });
export const madeTemplate = shape({ id: id(64), status: maybe(text), category: maybe(text) });
export const startedUpload = shape({ id: id(2_000) });
export const finishedUpload = shape({ h: id(4_000) });

const media = shape({
  ...{ id: id(200), mime_type: maybe(text), sha256: maybe(text), caption: maybe(text), filename: maybe(text) },
});
export type WireMedia = Shaped<typeof media>;
const reply = maybe(shape({ title: text }));

/** The content of a message that is shown, by its type. */
export const content = shape({
  text: maybe(shape({ body: text })),
  ...{ image: maybe(media), video: maybe(media), audio: maybe(media), document: maybe(media), sticker: maybe(media) },
  location: maybe(shape({ latitude: decimal, longitude: decimal, name: maybe(text), address: maybe(text) })),
  contacts: maybe(list(shape({ name: maybe(shape({ formatted_name: maybe(text) })), phones: maybe(list(shape({ phone: maybe(text) }))) }))),
  button: maybe(shape({ text })),
  interactive: maybe(shape({ button_reply: reply, list_reply: reply })),
  order: maybe(
    shape({
      text: maybe(text),
      product_items: list(shape({ product_retailer_id: text, quantity: decimal, item_price: decimal, currency: text })),
    }),
  ),
  system: maybe(shape({ wa_id: maybe(text), user_id: maybe(text) })),
  reaction: maybe(shape({ message_id: id(255), emoji: maybe(text) })),
});
export type WireContent = Shaped<typeof content>;

const wireMessage = shape({
  ...{ id: id(255), timestamp: seconds, type: text, from: maybe(text), from_user_id: maybe(text), group_id: maybe(text) },
  context: maybe(shape({ id: maybe(text) })),
  referral: maybe(shape({ source_url: maybe(text), source_id: maybe(text), source_type: maybe(text), headline: maybe(text) })),
});
/** `raw`: the message with its content. */
const message = (value: unknown) => ({ ...wireMessage(value), raw: value as object });
export type WireMessage = Shaped<typeof message>;

const contact = shape({
  ...{ wa_id: maybe(text), user_id: maybe(text) },
  profile: maybe(shape({ name: maybe(text), username: maybe(text) })),
});
export type WireContact = Shaped<typeof contact>;

const status = shape({
  ...{
    id: id(255),
    status: text,
    timestamp: seconds,
    recipient_id: maybe(text),
    recipient_user_id: maybe(text),
    recipient_type: maybe(text),
  },
  ...{ biz_opaque_callback_data: maybe(text), errors: maybe(list(problem)) },
});
export type WireStatus = Shaped<typeof status>;

const messages = shape({
  metadata: shape({ phone_number_id: id(64) }),
  ...{ contacts: maybe(list(contact)), messages: maybe(list(message)), statuses: maybe(list(status)) },
});
export type WireMessages = Shaped<typeof messages>;

const change = shape({ field: text, value: anything });
/** A webhook. Only messages are read whole. Other fields only report that something changed. */
export const webhookBody = shape({
  entry: list(
    shape({
      id: text,
      time: maybe(text),
      changes: list((value) => {
        const given = change(value);
        return { ...given, ...(given.field === 'messages' && { messages: messages(given.value) }) };
      }),
    }),
  ),
});
