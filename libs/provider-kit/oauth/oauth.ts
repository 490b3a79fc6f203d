/** A service's OAuth 2 server (RFC 6749, authorization code). Only data. */
export interface OAuthServer {
  /** Address of the page where an account consents. */
  readonly authorizeUrl: string;
  /** Further fixed parameters of that address. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Missing: the rights are set in the application at the service. */
  readonly scopes?: readonly string[];
  /** Whether `redirect_uri` is sent. Otherwise the service uses the address in the application. */
  readonly sendsRedirect: boolean;
  /** Whether the service checks PKCE (RFC 7636, S256). */
  readonly pkce: boolean;
  readonly tokenUrl: string;
  /** Form of a request for tokens. */
  readonly body: 'form' | 'json';
  /** Where the application's id and secret are sent. */
  readonly client: 'basic' | 'body';
  /** Seconds that an access token lives, if replies lack `expires_in`. Missing: unknown. */
  readonly lifeSeconds?: number;
  /** Days after which tokens are refreshed. Missing: the service issues no refresh tokens. */
  readonly refreshDays?: number;
  /** Missing: a token cannot be revoked by us (RFC 7009). */
  readonly revokeUrl?: string;
}

/** The partner's application at a service. Its id and secret are settings of the deployment. */
export interface OAuthApplication<S extends object = object> {
  readonly server: OAuthServer;
  readonly clientId: string;
  readonly clientSecret: string;
  /**
   * Returns the settings of an account that has consented, such as with a first shop. Missing, or the same
   * object: they stay. Pure.
   */
  adopt?(settings: S, account: GrantedAccount): S;
}

/** The account at a service that consented. */
export interface GrantedAccount {
  /** Its id at the service. */
  readonly id: string;
  /** Its name for people, at most 200 characters. */
  readonly name: string;
  /** Whether real money moves. Missing: the service does not return it. */
  readonly isLive?: boolean;
}

/** An account's consent, which replaces credentials in the settings (`context.grant`). */
export interface Grant {
  readonly accessToken: string;
  readonly account: GrantedAccount;
  /**
   * Returns an access token instead of this one, which the service rejected. Throws ProviderError `auth` if
   * the account must consent again, `unavailable` if the tokens cannot be refreshed now.
   */
  renew(): Promise<string>;
}

/** Returns the application, or undefined unless the deployment has its id and secret. */
export function makeApplication<S extends object>(
  server: OAuthServer,
  { clientId, clientSecret }: { clientId: string | undefined; clientSecret: string | undefined },
  adopt?: OAuthApplication<S>['adopt'],
): OAuthApplication<S> | undefined {
  if (!clientId || !clientSecret) return undefined;
  return { server, clientId, clientSecret, ...(adopt && { adopt }) };
}
