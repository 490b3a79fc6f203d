import { createHash } from 'node:crypto';
import { HttpClient, type HttpRequest } from '../http/http-client.js';
import { observeExchanges } from '../http/observed-exchange.js';
import type { HttpReply } from '../http/http-reply.js';
import { ProviderError } from '../provider-error.js';
import { id, maybe, shape, text, whole } from '../shape/index.js';
import type { OAuthApplication } from './oauth.js';

/** Tokens as the service issued them. Secrets: never log them. */
export interface Tokens {
  readonly access: string;
  readonly refresh?: string;
  /** Seconds that `access` lives. Missing: unknown. */
  readonly lifeSeconds?: number;
}

/** A consent that is exchanged for tokens. */
export interface ConsentCode {
  readonly code: string;
  /** The address that was sent to the consent's page. */
  readonly redirectUri: string;
  readonly verifier: string;
}

const MOST_BYTES = 64 * 1024;
const LONGEST_TOKEN = 4_096;
/** Replies with these statuses are read, because they name the problem. */
const EXPLAINS = [401, 403, 429];

const tokenReply = shape({ access_token: id(LONGEST_TOKEN), refresh_token: maybe(id(LONGEST_TOKEN)), expires_in: maybe(whole) });
const refusal = shape({ error: maybe(text) });

/** Returns the address where an account consents. `state` and `verifier`: random, known only to us. */
export function buildConsentUrl(
  { server, clientId }: OAuthApplication,
  { state, verifier, redirectUri }: { state: string; verifier: string; redirectUri: string },
): string {
  const url = new URL(server.authorizeUrl);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const parameters = {
    ...{ response_type: 'code', client_id: clientId, state, ...server.parameters },
    ...(server.sendsRedirect && { redirect_uri: redirectUri }),
    ...(server.scopes && { scope: server.scopes.join(' ') }),
    ...(server.pkce && { code_challenge: challenge, code_challenge_method: 'S256' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Exchanges a consent's code for tokens, once. Returns them with the whole reply, in which a service may name
 * the account. Throws like `refreshTokens`.
 */
export async function exchangeCode(
  application: OAuthApplication,
  { code, redirectUri, verifier }: ConsentCode,
  signal: AbortSignal,
): Promise<{ tokens: Tokens; reply: object }> {
  const { sendsRedirect, pkce } = application.server;
  return requestTokens(application, signal, {
    ...{ grant_type: 'authorization_code', code },
    ...(sendsRedirect && { redirect_uri: redirectUri }),
    ...(pkce && { code_verifier: verifier }),
  });
}

/**
 * Exchanges a refresh token for tokens. Sent once. A reply without a refresh token leaves the present one.
 * @throws ProviderError `auth`: the service no longer accepts this token. `rejected`: it rejects our
 * application or request. `unavailable`, `rate_limited`: it issued nothing. `unknown_outcome`: the reply was
 * lost, so it may have replaced the token
 */
export async function refreshTokens(application: OAuthApplication, refresh: string, signal: AbortSignal): Promise<Tokens> {
  const { tokens } = await requestTokens(application, signal, { grant_type: 'refresh_token', refresh_token: refresh });
  return { refresh, ...tokens };
}

/** Revokes a token. Succeeds if it was dead. Does nothing if the service has no call for it. */
export async function revokeToken(application: OAuthApplication, token: string, signal: AbortSignal): Promise<void> {
  const { revokeUrl } = application.server;
  if (revokeUrl === undefined) return;
  const reply = await send(application, revokeUrl, { token }, signal);
  if (!reply.ok && reply.status !== 400 && reply.status !== 401) throw refuse(reply);
}

async function requestTokens(
  application: OAuthApplication,
  signal: AbortSignal,
  values: Readonly<Record<string, string>>,
): Promise<{ tokens: Tokens; reply: object }> {
  const { tokenUrl, lifeSeconds } = application.server;
  const reply = await send(application, tokenUrl, values, signal);
  if (!reply.ok) throw refuse(reply);
  return reply.json((body) => {
    const { access_token: access, refresh_token: refresh, expires_in: life = lifeSeconds } = tokenReply(body);
    return { tokens: { access, ...(refresh && { refresh }), ...(life !== undefined && { lifeSeconds: life }) }, reply: body as object };
  });
}

async function send(
  { server, clientId, clientSecret }: OAuthApplication,
  url: string,
  values: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpReply> {
  const isBasic = server.client === 'basic';
  const sent = isBasic ? values : { ...values, client_id: clientId, client_secret: clientSecret };
  const authorization = `Basic ${Buffer.from([clientId, clientSecret].map(encodeURIComponent).join(':')).toString('base64')}`;
  const request: HttpRequest = {
    ...{ method: 'POST', url, effect: true, reach: 'anywhere', signal },
    ...(server.body === 'json' ? { json: sent } : { form: sent }),
    ...(isBasic && { headers: { authorization } }),
  };
  const http = new HttpClient({ name: new URL(url).hostname, maxReplyBytes: MOST_BYTES, explains: EXPLAINS });
  try {
    // The journal of the present call must not contain tokens.
    return await observeExchanges(
      () => undefined,
      () => http.send(request),
    );
  } catch (error) {
    throw hasReplied(error) ? new ProviderError('unavailable', error.message, { cause: error.cause, localText: error.localText }) : error;
  } finally {
    await http.close();
  }
}

/** Whether an unknown outcome is a 5xx: the service replied, and issued no tokens. */
function hasReplied(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.cause instanceof Error && 'status' in error.cause;
}

function refuse(reply: HttpReply): ProviderError {
  const code = readCode(reply);
  if (reply.status === 429) return new ProviderError('rate_limited', 'the service asks to be called less often');
  // The code is the service's word, of a fixed list. Its description may repeat what we sent.
  if (code === 'invalid_grant') return new ProviderError('auth', 'the consent has ended (invalid_grant)');
  return new ProviderError('rejected', `the request for tokens was rejected (${reply.status}${code === '' ? '' : `, ${code}`})`);
}

function readCode(reply: HttpReply): string {
  try {
    const { error = '' } = reply.json(refusal);
    return /^[a-z_]{1,50}$/.test(error) ? error : '';
  } catch {
    return '';
  }
}
