import { list, number, object, oneOf, type Schema, text, whole, type WireCall } from '../../../libs/testing/double/wire.js';

/** The query of a call. Every call takes `format`. */
const asked = <const F extends Readonly<Record<string, Schema>>>(fields: F) => object({ ...fields, 'format?': oneOf('json') });
const told = <const F extends Readonly<Record<string, Schema>>>(fields: F) => object({ status: oneOf('success'), ...fields });

const plain = asked({});
const callback = asked({ 'from?': text(), 'to?': text(), 'sip?': text(), 'predicted?': text() });
const period = asked({ 'start?': text(), 'end?': text(), 'version?': text(), 'call_type?': text(), 'skip?': text(), 'limit?': text() });
const recorded = asked({ 'call_id?': text(), 'pbx_call_id?': text(), 'lifetime?': text() });
const newUrl = asked({ 'url?': text() });
const balance = told({ balance: number(), currency: text(3, 3) });
const time = told({ unixtime: whole(1), datetime: text(19, 19), timezone: text(1) });
const links = told({ 'link?': text(1), 'links?': list(text(1)), lifetime_till: text(19, 19) });
const placed = told({ from: text(3), to: text(7), time: whole(1), 'pbx_call_id?': text(1) });
const address = told({ url: text() });
/** The calls of the API. Every path ends with a slash, which is signed. */
export const WIRE = [
  { call: 'balance', method: 'GET', path: '/v1/info/balance/', query: plain, reply: balance },
  { call: 'timezone', method: 'GET', path: '/v1/info/timezone/', query: plain, reply: time },
  {
    call: 'extensions',
    method: 'GET',
    path: '/v1/pbx/internal/',
    query: plain,
    reply: told({ pbx_id: whole(1), numbers: list(whole(1)) }),
  },
  { call: 'callback', method: 'GET', path: '/v1/request/callback/', query: callback, reply: placed },
  { call: 'readUrl', method: 'GET', path: '/v1/pbx/callinfo/', query: plain, reply: address },
  { call: 'setUrl', method: 'POST', path: '/v1/pbx/callinfo/url/', body: newUrl, bodyType: 'form', isBodyOptional: true, reply: address },
  { call: 'removeUrl', method: 'DELETE', path: '/v1/pbx/callinfo/url/', reply: address },
  { call: 'statistics', method: 'GET', path: '/v1/statistics/pbx/', query: period },
  { call: 'record', method: 'GET', path: '/v1/pbx/record/request/', query: recorded, reply: links },
  // The address is proof enough.
  { call: 'download', method: 'GET', path: '/v1/pbx/record/download/:token/:file', isOpen: true },
] as const satisfies readonly WireCall[];
export type PbxCallName = (typeof WIRE)[number]['call'];
