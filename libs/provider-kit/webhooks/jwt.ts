import { createHmac, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { equalInConstantTime } from '#platform/plain';
import type { ProviderContext } from '../provider-context.js';
import { list, maybe, shape, type Shape, text } from '../shape/shape.js';

/** A public key as services publish it (RFC 7517). */
export type PublishedKey = JsonWebKey & { kid?: string };

const key: Shape<PublishedKey> = (value) => ({ ...shape({ kid: maybe(text), kty: text })(value), ...(value as PublishedKey) });
/** A key set, `GET /.well-known/jwks.json`. */
export const keySet = shape({ keys: list(key, 100) });

const HEADER = shape({ alg: text, kid: maybe(text) });
/** Algorithms of public keys, with their hash. ES* sign as two numbers, not as DER. */
const HASHES: Readonly<Record<string, string>> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512', ES256: 'sha256', ES384: 'sha384' };
/** Clocks differ by as many seconds. */
const LEEWAY_S = 60;

/** The facts that a token must fit. */
export interface TokenCheck {
  /** Public keys. The key with the token's `kid` must have signed, or any key for a token without one. */
  keys?: readonly PublishedKey[];
  /** The secret of HS256. */
  secret?: string;
  now: Date;
  audience?: string;
  issuer?: string;
}

/** The claims of a token that is genuine and valid now. Undefined for any other. */
export function readToken(
  token: string,
  { keys = [], secret, now, audience, issuer }: TokenCheck,
): Readonly<Record<string, unknown>> | undefined {
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0) return undefined;
  try {
    const { alg, kid } = HEADER(parse(head));
    const signed = `${head}.${body}`;
    const candidates = keys.filter((one) => kid === undefined || one.kid === kid);
    const isGenuine =
      alg === 'HS256'
        ? !!secret && equalInConstantTime(signature, createHmac('sha256', secret).update(signed).digest('base64url'))
        : candidates.some((one) => isSigned(one, alg, signed, signature));
    const claims = parse(body) as Readonly<Record<string, unknown>>;
    const seconds = now.getTime() / 1_000;
    const { exp, nbf, aud, iss } = claims;
    const isCurrent = typeof exp === 'number' && exp + LEEWAY_S > seconds && !(typeof nbf === 'number' && nbf - LEEWAY_S > seconds);
    const isForUs = audience === undefined || (Array.isArray(aud) ? aud.includes(audience) : aud === audience);
    return isGenuine && isCurrent && isForUs && (issuer === undefined || iss === issuer) ? claims : undefined;
  } catch {
    return undefined;
  }
}

const FETCHED = { ttlSeconds: 3_600, scope: 'provider' } as const;
/** Keys are fetched again for an unknown one at most this often: anyone may post a token. */
const AGAIN = { ttlSeconds: 60, scope: 'provider' } as const;

/**
 * Returns the published keys of a service from the cache. Fetches them again if no key has this `kid`.
 * @param fetch reads the key set, such as an operation with the reply `keySet`
 */
export async function fetchKeys(
  name: string,
  kid: string | undefined,
  { cache }: Pick<ProviderContext<unknown>, 'cache'>,
  fetch: () => Promise<{ keys: PublishedKey[] }>,
): Promise<PublishedKey[]> {
  const load = async (): Promise<PublishedKey[]> => (await fetch()).keys;
  const kept = await cache.fetch(`keys:${name}`, FETCHED, load);
  if (kid === undefined || kept.some((one) => one.kid === kid)) return kept;
  return cache.fetch(`keys:${name}:again`, AGAIN, load);
}

/** Returns the id of the key that signed a token. Undefined for a token without one. */
export function readKeyId(token: string): string | undefined {
  try {
    return HEADER(parse(token.split('.')[0] ?? '')).kid;
  } catch {
    return undefined;
  }
}

function isSigned(published: PublishedKey, alg: string, signed: string, signature: string): boolean {
  const hash = HASHES[alg];
  // A key of another kind would be used with the wrong algorithm.
  if (hash === undefined || published.kty !== (alg.startsWith('RS') ? 'RSA' : 'EC')) return false;
  const publicKey = createPublicKey({ key: published, format: 'jwk' });
  return verify(hash, Buffer.from(signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

const parse = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
