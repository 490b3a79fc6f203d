import {
  either,
  like,
  list,
  nothing,
  number,
  object,
  oneOf,
  type Schema,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/wire.js';

/** The notices that an account may request, with their events. */
export const ZADARMA_NOTIFICATIONS = {
  notify_start: ['NOTIFY_START'],
  notify_internal: ['NOTIFY_INTERNAL', 'NOTIFY_INTERNAL_END'],
  notify_answer: ['NOTIFY_ANSWER'],
  notify_end: ['NOTIFY_END'],
  notify_out_start: ['NOTIFY_OUT_START'],
  notify_out_end: ['NOTIFY_OUT_END'],
} as const;
export type ZadarmaNotification = keyof typeof ZADARMA_NOTIFICATIONS;
export const ZADARMA_NOTIFICATION_NAMES = Object.keys(ZADARMA_NOTIFICATIONS) as ZadarmaNotification[];

const FORMAT = { 'format?': oneOf('json') };
/** Parameters are text. XML is not here. */
const parameters = <const F extends Readonly<Record<string, Schema<string>>>>(fields: F) => object({ ...FORMAT, ...fields });
const plain = parameters({});
/** A call whose parameters are in a form. */
const form = { query: object({}), bodyType: 'form' } as const;
const ids = { 'call_id?': like(/^\d+\.\d+$/), 'pbx_call_id?': like(/^(in|out)_[0-9a-f]{40}$/) };
const moment = like(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const yesOrNo = oneOf('true', 'false');
const address = like(/^https?:\/\/\S+$/);
const notifications = Object.fromEntries(ZADARMA_NOTIFICATION_NAMES.map((name) => [`${name}?`, yesOrNo]));
const states = object(Object.fromEntries(ZADARMA_NOTIFICATION_NAMES.map((name) => [name, yesOrNo])));

const answer = <const F extends Readonly<Record<string, Schema>>>(fields: F) => object({ status: oneOf('success'), ...fields });
const line = object({
  ...{ 'number?': text(1), status: text(1), number_name: either(text(), nothing), sip: text(), sip_name: nothing, 'channels?': whole(1) },
  ...{ autorenew: yesOrNo, is_on_test: yesOrNo, type: text(1) },
});
const extension = { pbx_id: whole(), number: whole() };

/** The calls of Zadarma's API that we use. Every path ends with a slash, which is signed, too. */
export const WIRE = [
  { call: 'balance', method: 'GET', path: '/v1/info/balance/', query: plain, reply: answer({ balance: number(), currency: text(3, 3) }) },
  {
    call: 'timezone',
    method: 'GET',
    path: '/v1/info/timezone/',
    query: plain,
    reply: answer({ unixtime: whole(1), datetime: moment, timezone: like(/^UTC[+-]/) }),
  },
  { call: 'numbers', method: 'GET', path: '/v1/direct_numbers/', query: plain, reply: answer({ info: list(line) }) },
  {
    call: 'extensions',
    method: 'GET',
    path: '/v1/pbx/internal/',
    query: plain,
    reply: answer({ pbx_id: whole(), numbers: list(whole()) }),
  },
  {
    call: 'extensionStatus',
    method: 'GET',
    path: '/v1/pbx/internal/:extension/status/',
    query: plain,
    reply: answer({ ...extension, is_online: yesOrNo }),
  },
  {
    call: 'forwarding',
    method: 'GET',
    path: '/v1/pbx/redirection/',
    query: parameters({ pbx_number: like(/^\d{3,5}$/) }),
    reply: answer({
      ...{ current_status: oneOf('on', 'off'), pbx_id: text(1), pbx_name: text(1) },
      ...{ 'type?': oneOf('phone'), 'destination?': text(1), 'condition?': oneOf('noanswer') },
    }),
  },
  {
    call: 'callback',
    method: 'GET',
    path: '/v1/request/callback/',
    query: parameters({
      // A full login is accepted too, and then no phone rings.
      from: like(/^(\d{3,5}|\+?\d{7,15}|\d+-\d{3,5})$/),
      to: like(/^(\d{5}|\+?\d{7,15})$/),
      'sip?': like(/^(\d{3}|\d{5})$/),
      'predicted?': yesOrNo,
    }),
    reply: answer({ from: text(1), to: text(1), time: whole(1) }),
  },
  {
    call: 'requestRecord',
    method: 'GET',
    path: '/v1/pbx/record/request/',
    query: parameters({ ...ids, 'lifetime?': like(/^\d+$/) }),
    reply: answer({ 'link?': address, 'links?': list(address, 1), lifetime_till: moment }),
  },
  { call: 'download', method: 'GET', path: '/v1/pbx/record/download/:token/:file', isOpen: true },
  { call: 'readCallinfo', method: 'GET', path: '/v1/pbx/callinfo/', query: plain, reply: answer({ url: text(), notifications: states }) },
  {
    call: 'setUrl',
    method: 'POST',
    path: '/v1/pbx/callinfo/url/',
    ...form,
    body: parameters({ url: address }),
    reply: answer({ url: text() }),
  },
  {
    call: 'removeUrl',
    method: 'DELETE',
    path: '/v1/pbx/callinfo/url/',
    ...form,
    body: plain,
    isBodyOptional: true,
    reply: answer({ url: text() }),
  },
  {
    call: 'setNotifications',
    method: 'POST',
    path: '/v1/pbx/callinfo/notifications/',
    ...form,
    body: parameters(notifications),
    reply: answer({ notifications: states }),
  },
  {
    call: 'statistics',
    method: 'GET',
    path: '/v1/statistics/pbx/',
    query: parameters({
      ...{ start: moment, end: moment, version: oneOf('2'), 'call_type?': oneOf('in', 'out') },
      ...{ 'skip?': like(/^\d+$/), 'limit?': like(/^([1-9]\d{0,2}|1000)$/) },
    }),
  },
] as const satisfies readonly WireCall[];
export type ZadarmaCallName = (typeof WIRE)[number]['call'];
