import { createHash, createHmac } from 'node:crypto';
import { equalInConstantTime } from '#platform';
import type { HttpParameters } from '#provider-kit';

/** Writes parameters for signing and sending: by name, each encoded according to RFC 1738. */
export function writeParameters(parameters: HttpParameters): string {
  const encode = (text: string): string =>
    encodeURIComponent(text)
      .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+');
  return Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(String(parameters[name] ?? ''))}`)
    .join('&');
}

/**
 * The signature of a call of the API; `path` ends with a slash, `parameters` are as `writeParameters` has
 * them.
 */
export function signCall(secret: string, path: string, parameters: string): string {
  return toBase64OfHex(hmac(secret, `${path}${parameters}${createHash('md5').update(parameters).digest('hex')}`));
}

/**
 * Whether a text is signed so: base64 of the HMAC-SHA1 in hex, as Zadarma sends it, or of its bytes, as its
 * library for TypeScript reads it. Compares in constant time.
 */
export function isSigned(secret: string, text: string, signature: string): boolean {
  const digest = hmac(secret, text);
  const forms = [toBase64OfHex(digest), digest.toString('base64')].map((form) => equalInConstantTime(signature, form));
  return forms.includes(true);
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha1', secret).update(text).digest();
}

function toBase64OfHex(digest: Buffer): string {
  return Buffer.from(digest.toString('hex')).toString('base64');
}
