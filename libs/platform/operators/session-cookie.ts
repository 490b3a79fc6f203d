import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallbackError } from '../errors/index.js';
import { SESSION_LIFE_S } from './operator-sessions.js';

/** Under https a browser takes a cookie of the first name from this very host only, and over TLS only. */
const NAMES = { https: '__Host-crossdock', http: 'crossdock' };

/** Reads the session's id. A cookie that came over TLS does not count under the name for http. */
export function readSessionCookie({ headers, protocol }: FastifyRequest): string | undefined {
  const cookies = parseCookie(headers.cookie ?? '');
  return cookies[NAMES.https] ?? (protocol === 'https' ? undefined : cookies[NAMES.http]);
}

/** Sends a session's id to the browser. Undefined deletes it. */
export function writeSessionCookie(request: FastifyRequest, reply: FastifyReply, id: string | undefined): void {
  // A proxy that ends TLS may not report it. The browser does.
  const secure = request.protocol === 'https' || request.headers.origin?.startsWith('https:') === true;
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: id === undefined ? 0 : SESSION_LIFE_S } as const;
  void reply.header('set-cookie', stringifySetCookie(secure ? NAMES.https : NAMES.http, id ?? '', options));
}

/** Throws CallbackError 403 when the browser reports that another site's page sent the request. */
export function refuseForeignSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new CallbackError(403, 'A session works only from the pages of this address. The request comes from another one.');
}

/** Throws CallbackError 403 unless `Origin` is the address that the request was sent to. */
export function requireOwnOrigin(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin === undefined)
    throw new CallbackError(
      403,
      'A change by a session needs the header Origin; use a token (Authorization: Bearer ...) outside a browser.',
    );
  if (!isOwnOrigin(request, origin))
    throw new CallbackError(403, 'Origin is not the address that this request was sent to: a proxy in front must pass on Host.');
}

function isOwnOrigin({ host, protocol }: FastifyRequest, origin: string): boolean {
  const given = parseOrigin(origin);
  // Behind a proxy that ends TLS without reporting it, https looks like http.
  if (given?.origin !== origin || (protocol === 'https' && given.protocol !== 'https:')) return false;
  // Spelt alike: without the port that the scheme has anyway.
  return parseOrigin(`${given.protocol}//${host}`)?.host === given.host;
}

function parseOrigin(text: string): URL | undefined {
  return /^https?:/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}
