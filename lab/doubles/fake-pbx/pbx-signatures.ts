import { createHash, createHmac } from 'node:crypto';

/** Base64 of the hex HMAC-SHA1, which signs calls of the API and webhooks alike. */
export function sign(secret: string, text: string): string {
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

/** Which fields of a webhook are signed, joined without a separator. The others can be forged. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  NOTIFY_START: ['caller_id', 'called_did', 'call_start'],
  NOTIFY_INTERNAL: ['caller_id', 'called_did', 'call_start'],
  NOTIFY_END: ['caller_id', 'called_did', 'call_start'],
  NOTIFY_ANSWER: ['caller_id', 'destination', 'call_start'],
  NOTIFY_OUT_START: ['internal', 'destination', 'call_start'],
  NOTIFY_OUT_END: ['internal', 'destination', 'call_start'],
  NOTIFY_RECORD: ['pbx_call_id', 'call_id_with_rec'],
};

/** The `Signature` of a webhook. Undefined for an event that the PBX does not send. */
export function signNotice(secret: string, fields: Readonly<Record<string, string>>): string | undefined {
  const names = SIGNED[fields['event'] ?? ''];
  return names && sign(secret, names.map((name) => fields[name] ?? '').join(''));
}
