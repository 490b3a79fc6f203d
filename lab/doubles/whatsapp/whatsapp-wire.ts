import {
  anything,
  either,
  flag,
  like,
  list,
  number,
  object,
  oneOf,
  type Schema,
  text,
  type WireCall,
} from '../../../libs/testing/double/wire.js';

const TEXT = text(1);
/** A file by its id. Links are not supported: the double fetches nothing. */
const file = (more: Readonly<Record<string, Schema>> = {}) => object({ id: TEXT, ...more });
const caption = { 'caption?': text(1, 1_024) };
const title = (most: number) => text(1, most);
const body = object({ text: text(1, 1_024) });
const replyButton = object({ type: oneOf('reply'), reply: object({ id: text(1, 256), title: title(20) }) });
const row = object({ id: text(1, 200), title: title(24), 'description?': text(1, 72) });
const interactive = either(
  object({ type: oneOf('button'), body, action: object({ buttons: list(replyButton, 1, 3) }), 'footer?': object({ text: text(1, 60) }) }),
  object({
    ...{ type: oneOf('list'), body, 'footer?': object({ text: text(1, 60) }) },
    action: object({ button: title(20), sections: list(object({ 'title?': title(24), rows: list(row, 1, 10) }), 1, 10) }),
  }),
  object({
    ...{ type: oneOf('cta_url'), body },
    action: object({ name: oneOf('cta_url'), parameters: object({ display_text: title(20), url: like(/^https?:\/\/\S+$/, 2_000) }) }),
  }),
);

const values = list(object({ type: oneOf('text'), text: like(/^(?!.*( {5}|[\n\t])).+$/), 'parameter_name?': TEXT }), 1);
const headerFile = (type: string) => object({ type: oneOf(type), [type]: file(type === 'document' ? { 'filename?': TEXT } : {}) });
const component = either(
  object({ type: oneOf('header'), parameters: either(values, list(either(...['image', 'video', 'document'].map(headerFile)), 1, 1)) }),
  object({ type: oneOf('body'), parameters: values }),
  object({
    type: oneOf('button'),
    sub_type: oneOf('url'),
    index: like(/^\d$/),
    parameters: list(object({ type: oneOf('text'), text: TEXT }), 1, 1),
  }),
);

/** The contents that a business sends, by type. */
const CONTENTS: Readonly<Record<string, Schema>> = {
  text: object({ body: text(1, 4_096), 'preview_url?': flag }),
  image: file(caption),
  video: file(caption),
  audio: file(),
  document: file({ ...caption, 'filename?': text(1, 240) }),
  sticker: file(),
  location: object({ latitude: number(-90, 90), longitude: number(-180, 180), 'name?': text(), 'address?': text() }),
  reaction: object({ message_id: TEXT, emoji: text(0, 16) }),
  interactive,
  template: object({
    name: like(/^[a-z0-9_]{1,512}$/),
    language: object({ code: TEXT, 'policy?': TEXT }),
    'components?': list(component, 1),
  }),
};
const whom = { 'to?': like(/^\d{5,20}$/), 'recipient?': like(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/) };
const common = {
  ...{ messaging_product: oneOf('whatsapp'), 'recipient_type?': oneOf('individual'), ...whom },
  ...{ 'context?': object({ message_id: TEXT }), 'biz_opaque_callback_data?': text(1, 512) },
};
const hasWhom = { anyOf: [{ required: ['to'] }, { required: ['recipient'] }] };
const read = object({
  messaging_product: oneOf('whatsapp'),
  status: oneOf('read'),
  message_id: TEXT,
  'typing_indicator?': object({ type: oneOf('text') }),
});
/** A message, or the note that one was read. */
export const MESSAGE: Schema = either(
  read,
  ...Object.entries(CONTENTS).map(([type, content]) => object({ ...common, type: oneOf(type), [type]: content }, hasWhom)),
);

const done = object({ success: { const: true } });
const sent = object({
  messaging_product: oneOf('whatsapp'),
  contacts: list(object({ input: TEXT, 'wa_id?': TEXT, 'user_id?': TEXT }), 1),
  messages: list(object({ id: TEXT }), 1),
});
const page = (item: Schema) => object({ data: list(item), 'paging?': anything });
const app = object({
  whatsapp_business_api_data: object({ id: TEXT, name: TEXT, link: TEXT }),
  'override_callback_uri?': TEXT,
});
const override = object({ 'override_callback_uri?': like(/^https?:\/\//, 200), 'verify_token?': TEXT });
const button = either(
  object({ type: oneOf('QUICK_REPLY'), text: title(25) }),
  object({ type: oneOf('PHONE_NUMBER'), text: title(25), phone_number: TEXT }),
  object({ type: oneOf('URL'), text: title(25), url: text(1, 2_000), 'example?': list(TEXT, 1, 1) }),
);
const part = either(
  object({ type: oneOf('HEADER'), format: oneOf('TEXT'), text: text(1, 60), 'example?': object({ header_text: list(TEXT, 1, 1) }) }),
  object({
    type: oneOf('HEADER'),
    format: oneOf('IMAGE', 'VIDEO', 'DOCUMENT'),
    example: object({ header_handle: list(like(/^4:/), 1, 1) }),
  }),
  object({ type: oneOf('BODY'), text: text(1, 1_024), 'example?': object({ body_text: list(list(TEXT, 1), 1, 1) }) }),
  object({ type: oneOf('FOOTER'), text: text(1, 60) }),
  object({ type: oneOf('BUTTONS'), buttons: list(button, 1, 10) }),
);
const newTemplate = object({
  ...{ name: like(/^[a-z0-9_]{1,512}$/), language: TEXT, category: oneOf('UTILITY', 'MARKETING', 'AUTHENTICATION') },
  components: list(part, 1),
});
const node = '/v23.0/:node';

/** The calls of the Graph API that we use. */
export const WIRE = [
  { call: 'readNode', method: 'GET', path: node },
  { call: 'listNumbers', method: 'GET', path: `${node}/phone_numbers`, reply: page(anything) },
  { call: 'listApps', method: 'GET', path: `${node}/subscribed_apps`, reply: page(app) },
  { call: 'subscribe', method: 'POST', path: `${node}/subscribed_apps`, body: override, isBodyOptional: true, reply: done },
  { call: 'unsubscribe', method: 'DELETE', path: `${node}/subscribed_apps`, reply: done },
  { call: 'upload', method: 'POST', path: `${node}/media`, body: anything, bodyType: 'bytes', reply: object({ id: TEXT }) },
  { call: 'sendMessage', method: 'POST', path: `${node}/messages`, body: MESSAGE, reply: either(sent, done) },
  { call: 'listTemplates', method: 'GET', path: `${node}/message_templates`, reply: page(anything) },
  {
    call: 'createTemplate',
    method: 'POST',
    path: `${node}/message_templates`,
    body: newTemplate,
    reply: object({ id: TEXT, status: TEXT, category: TEXT }),
  },
  { call: 'deleteTemplate', method: 'DELETE', path: `${node}/message_templates`, reply: done },
  { call: 'startUpload', method: 'POST', path: `${node}/uploads`, reply: object({ id: TEXT }) },
  { call: 'changeNode', method: 'POST', path: node, body: anything, bodyType: 'bytes', reply: either(done, object({ h: TEXT })) },
  { call: 'downloadFile', method: 'GET', path: '/files/:id' },
] as const satisfies readonly WireCall[];
