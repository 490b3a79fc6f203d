import type { HttpRequest } from '../http/http-client.js';
import type { CacheOptions } from '../provider-cache.js';
import type { Grant } from '../oauth/oauth.js';
import type { ProviderContext } from '../provider-context.js';
import { makeError } from '../provider-error.js';
import { texts } from '../provider-kit.texts.js';
import { maybe, shape, type Shape, text, whole } from '../shape/shape.js';

/** The context of a call, whatever the settings are. */
export type CallContext = Omit<ProviderContext<object>, 'settings'>;

/** A call in exactly the form that is sent, for signatures over it. */
export interface SignedCall {
  readonly method: HttpRequest['method'];
  /** Address with path and query. */
  readonly url: string;
  /** Path after the address of the API. */
  readonly path: string;
  /** Without its question mark. Empty without parameters. */
  readonly query: string;
  /** JSON and forms are texts. */
  readonly body: HttpRequest['body'];
}

/** Headers that authenticate a call, and the token in them if it can be renewed. */
export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly token?: string;
}

/**
 * How calls of a service are authenticated. `basic`, `bearer`, `keyInHeader`, `signed`, `renewedToken` and
 * `clientCredentials` return one. Write your own for another scheme.
 */
export interface Authentication<C extends CallContext> {
  /** The credentials of a call as a text, which is only hashed, never stored or logged. */
  identify(context: C): string;
  /** Authenticates a call. Throws ProviderError `auth` without credentials. */
  sign(call: SignedCall, context: C): Signed | Promise<Signed>;
  /** Makes a new token after a refusal. Missing: credentials that are refused stay refused. */
  renew?(refused: Signed, context: C): Promise<Signed>;
  /** Forgets a stored token, so that the next call tries the credentials. */
  forget?(context: C): Promise<void>;
}

/** The members of a Service that an authentication may need. */
export interface AuthenticatedService<C extends CallContext> {
  identifyAccount(context: C): string;
  /** Declares a question without authentication, such as a login. */
  askOpenly<T>(call: `POST ${string}`, reply: Shape<T>): (context: C, values: Pick<HttpRequest, 'json' | 'form'>) => Promise<T>;
}

/** Makes the authentication of one service. */
export type AuthenticationOf<C extends CallContext> = (service: AuthenticatedService<C>) => Authentication<C>;

/** HTTP Basic. `read` returns user and password. */
export function basic<C extends CallContext>(read: (context: C) => readonly [user: string, password: string]): AuthenticationOf<C> {
  const write = (context: C): string => Buffer.from(read(context).join(':')).toString('base64');
  return () => ({
    identify: write,
    sign: (_call, context) => ({ headers: { authorization: `Basic ${write(context)}` } }),
  });
}

/** A token of the settings that does not expire. `read` returns it; `scheme`: empty for a bare token. */
export function bearer<C extends CallContext>(read: (context: C) => string, scheme = 'Bearer'): AuthenticationOf<C> {
  return () => ({
    identify: read,
    sign: (_call, context) => ({ headers: { authorization: `${scheme} ${read(context)}`.trim() } }),
  });
}

/**
 * The account's consent (`context.grant`) as a bearer, for contexts without credentials in their settings.
 * `hasOwn`: whether a context has them, for `own`.
 */
export function grantOr<C extends CallContext>(hasOwn: (context: C) => boolean, own: AuthenticationOf<C>): AuthenticationOf<C> {
  const toSigned = (token: string): Signed => ({ headers: { authorization: `Bearer ${token}` }, token });
  return (service) => {
    const pasted = own(service);
    return {
      identify: (context) => (hasOwn(context) ? pasted.identify(context) : `grant of ${requireGrant(context).account.id}`),
      sign: (call, context) => (hasOwn(context) ? pasted.sign(call, context) : toSigned(requireGrant(context).accessToken)),
      // Without a token, nothing of the settings can be renewed.
      renew: async (_refused, context) => toSigned(await requireGrant(context).renew()),
    };
  };
}

/** Returns the account's consent. Throws ProviderError `auth` if it has not consented. */
export function requireGrant({ grant }: Pick<CallContext, 'grant'>): Grant {
  if (!grant) throw makeError('auth', texts.noGrant);
  return grant;
}

/** A signature over each call, such as HMAC: `sign` returns the headers, `identify` the key. */
export function signed<C extends CallContext>(
  identify: (context: C) => string,
  sign: (call: SignedCall, context: C) => Readonly<Record<string, string>>,
): AuthenticationOf<C> {
  return () => ({ identify, sign: (call, context) => ({ headers: sign(call, context) }) });
}

/** A key of the settings in its own header, such as `x-api-key`. */
export function keyInHeader<C extends CallContext>(header: string, read: (context: C) => string): AuthenticationOf<C> {
  return signed(read, (_call, context) => ({ [header]: read(context) }));
}

/** A token and its end, milliseconds since 1970. Null if it is used until it is rejected. */
interface Token {
  text: string;
  until: number | null;
}

/** The source of a token and its use. */
export interface TokenSource<C extends CallContext> {
  /** The credentials as a text: other credentials have another token. */
  identify(context: C): string;
  /** Gets a new token. Throws ProviderError `auth` for credentials that are refused. */
  request(context: C): Promise<{ token: string; lifeSeconds?: number | undefined }>;
  /** Default: `Bearer {token}`. */
  write?(token: string): string;
  /** Seconds after which a token without an end is replaced. Default: 1,800. */
  keptSeconds?: number;
}

/** A token that ends soon is not used for another call. */
const MARGIN_MS = 60_000;
const KEPT_SECONDS = 1_800;
/** The longest that the cache keeps a token. */
const LONGEST_SECONDS = 86_400;

/**
 * Tokens that expire. All processes share one, encrypted. It is renewed shortly before its end and when the
 * service refuses it, once for all calls that wait.
 */
export function renewedToken<C extends CallContext>(source: TokenSource<C>): AuthenticationOf<C> {
  return (service) => {
    const { write = (token: string) => `Bearer ${token}`, keptSeconds = KEPT_SECONDS } = source;
    const options: CacheOptions = { ttlSeconds: LONGEST_SECONDS, secret: true };
    /** Renewals that are running, by connection: many calls that are refused request one token. */
    const renewals = new Map<string, Promise<Token>>();
    const buildKey = (context: C): string => `token:${service.identifyAccount(context)}`;
    const read = (context: C): Promise<Token> =>
      context.cache.fetch(buildKey(context), options, async () => {
        const { token, lifeSeconds = keptSeconds } = await source.request(context);
        return { text: token, until: context.now.getTime() + lifeSeconds * 1_000 };
      });
    const replace = async (refused: string, context: C): Promise<Token> => {
      const present = await read(context);
      // Another process has renewed it meanwhile.
      if (present.text !== refused) return present;
      await context.cache.forget(buildKey(context));
      return read(context);
    };
    const renew = (refused: string, context: C): Promise<Token> => {
      const key = `${context.connectionId} ${buildKey(context)}`;
      let running = renewals.get(key);
      if (running === undefined) {
        running = replace(refused, context).finally(() => renewals.delete(key));
        renewals.set(key, running);
      }
      return running;
    };
    const toSigned = ({ text: token }: Token): Signed => ({ headers: { authorization: write(token) }, token });
    return {
      identify: (context) => source.identify(context),
      async sign(_call, context) {
        const token = await read(context);
        const isFresh = token.until === null || token.until > context.now.getTime() + MARGIN_MS;
        return toSigned(isFresh ? token : await renew(token.text, context));
      },
      renew: async ({ token = '' }, context) => toSigned(await renew(token, context)),
      forget: (context) => context.cache.forget(buildKey(context)),
    };
  };
}

/** OAuth 2 client credentials. */
export interface ClientCredentials<C extends CallContext> {
  /** Id and secret of the client. */
  read(context: C): readonly [id: string, secret: string];
  /** Path of the token's address. Default: `/oauth/token`. */
  path?: string;
  /** Further parameters, such as `scope`. */
  parameters?: Readonly<Record<string, string>>;
}

const tokenReply = shape({ access_token: text, expires_in: maybe(whole) });

/** The grant `client_credentials` of OAuth 2 (RFC 6749, section 4.4), with renewal. */
export function clientCredentials<C extends CallContext>({
  read,
  path = '/oauth/token',
  parameters,
}: ClientCredentials<C>): AuthenticationOf<C> {
  return (service) => {
    // A second request makes a second token, which does no harm.
    const request = service.askOpenly(`POST ${path}`, tokenReply);
    return renewedToken<C>({
      identify: (context) => read(context).join(' '),
      async request(context) {
        const [client_id, client_secret] = read(context);
        const form = { grant_type: 'client_credentials', client_id, client_secret, ...parameters };
        const { access_token: token, expires_in: lifeSeconds } = await request(context, { form });
        return { token, lifeSeconds };
      },
    })(service);
  };
}
