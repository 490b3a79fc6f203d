import { createHash, createHmac } from 'node:crypto';

/** The form of a notice, all of text. */
export type ZadarmaNotice = Readonly<Record<string, string>>;

/** How a digest is written. */
export type SignatureForm = 'hex' | 'raw';

const START_FIELDS = ['caller_id', 'called_did', 'call_start'];

/** Which fields of a notice are signed, joined without a separator. The others can be forged. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  ...{ NOTIFY_START: START_FIELDS, NOTIFY_INTERNAL: START_FIELDS, NOTIFY_END: START_FIELDS, NOTIFY_IVR: START_FIELDS },
  NOTIFY_INTERNAL_END: START_FIELDS,
  NOTIFY_ANSWER: ['caller_id', 'destination', 'call_start'],
  NOTIFY_OUT_START: ['internal', 'destination', 'call_start'],
  NOTIFY_OUT_END: ['internal', 'destination', 'call_start'],
  NOTIFY_RECORD: ['pbx_call_id', 'call_id_with_rec'],
};

/** The `Signature` of a notice. `names` are the signed fields, by default its event's. */
export function signZadarmaNotice(
  secret: string,
  notice: ZadarmaNotice,
  form: SignatureForm = 'hex',
  names: readonly string[] = SIGNED[notice['event'] ?? ''] ?? START_FIELDS,
): string {
  const text = names.map((name) => notice[name] ?? '').join('');
  return form === 'hex' ? sign(secret, text) : createHmac('sha1', secret).update(text).digest('base64');
}

/** Base64 of the hex HMAC-SHA1, which signs calls of the API and webhooks alike. */
function sign(secret: string, text: string): string {
  return Buffer.from(createHmac('sha1', secret).update(text).digest('hex')).toString('base64');
}

/** Writes parameters as the API signs them: by name, each value encoded according to RFC 1738. */
export function writeParameters(parameters: Readonly<Record<string, string>>): string {
  const encode = (text: string): string =>
    encodeURIComponent(text)
      .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+');
  return Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&');
}

/** The `Authorization` of a call of the API. `path` ends with a slash. */
export function authorize(key: string, secret: string, path: string, parameters: string): string {
  return `${key}:${sign(secret, `${path}${parameters}${createHash('md5').update(parameters).digest('hex')}`)}`;
}
