import type { LocalText } from '#platform/plain';
import type { ProviderManifest } from './manifest.js';
import type { GrantedAccount, OAuthApplication } from './oauth/oauth.js';
import type { ProviderContext } from './provider-context.js';

/**
 * The result of a check. Problems are by path of the settings (`shops[0].secretKey`). `''` is the whole.
 * Texts are in the account's language.
 */
export interface CheckReport {
  /** The account's name or login at the service, as its user sees it. At most 200 characters. */
  account?: string;
  /** Problems that stop the save. */
  errors?: Readonly<Record<string, string>>;
  /** Problems that do not stop it. */
  warnings?: Readonly<Record<string, string>>;
}

/** Parameters of `connect`. */
export interface ConnectRequest {
  /** The account's user agreed to replace the set-up of others. */
  replace: boolean;
}

/** A webhook address of another system in a place that we need. */
export interface Conflict {
  /** Shop, bot or number. Missing: the account. */
  about?: string;
  /** The address in that place, without its query. */
  address: string;
}

/** A step that the account's user must do at the service, because the service has no API for it. */
export interface ManualStep {
  /** Shop, bot or number. Missing: the account. */
  about?: string;
  /** The address to enter there. */
  address: string;
  /** Names of the events to tick, in the service's spelling. */
  events?: readonly string[];
  /** Where to do it, in one sentence. */
  text: LocalText;
}

/** The result of `connect`: the set-up, and its problems. */
export interface ConnectReport {
  /** Replaces `context.memory`: ids and secrets. Missing: it stays. At most 16 KiB as JSON. */
  memory?: Readonly<Record<string, string>>;
  /** Other systems hold the place. The page asks whether to replace them. */
  conflict?: readonly Conflict[];
  manual?: readonly ManualStep[];
  /** By path, as in `CheckReport`. */
  warnings?: Readonly<Record<string, string>>;
}

/** An item of a lookup. */
export interface LookupItem {
  /** The stored value, of the field's own type. */
  value: string | number;
  label: string;
  /** A second line: address, e-mail. */
  hint?: string;
}

/**
 * The members that every provider has, and the optional ones, in any integration. Methods throw only
 * ProviderError and honour `context.signal`.
 */
export interface Provider<S extends object = object> {
  readonly manifest: ProviderManifest<S>;

  /**
   * The partner's application at the service. With it, accounts consent instead of pasting credentials.
   * Missing if the deployment has no application.
   */
  readonly oauth?: OAuthApplication<S> | undefined;

  /**
   * Returns the account that consented, by `context.grant`, whose account is still empty. Required with
   * `oauth`.
   * @param reply the service's reply with the tokens, without them
   */
  identifyGrant?(reply: object, context: ProviderContext<S>): Promise<GrantedAccount>;

  /**
   * Tries these settings at the service: credentials, and everything else that has no effect.
   * `context.settings` is the same object, perhaps not saved yet.
   * @throws ProviderError `auth`, `invalid`, `rejected`: a problem of the settings as a whole or of `fields`.
   * Other kinds: the service is unavailable
   */
  check?(settings: S, context: ProviderContext<S>): Promise<CheckReport>;

  /**
   * Sets up the connection's requirements at the service (webhooks and their secrets) and reports the present
   * state. Called after settings are saved, for a new connection whose default settings work, once per hour,
   * and when `context.webhookUrl` changed. Cheap with nothing to do. Safe to repeat after a crash at any
   * point: an equal address is reused, our webhook at another origin is moved, and our webhook whose secret
   * is not in `context.memory` is made again. Another's stays unless `replace`.
   */
  connect?(request: ConnectRequest, context: ProviderContext<S>): Promise<ConnectReport>;

  /** Removes exactly what `connect` set up. Succeeds if it is already gone. */
  disconnect?(context: ProviderContext<S>): Promise<void>;

  /**
   * Items of one of the manifest's `lookups` that match `term` (a part of a word in any case), at most 50;
   * the first ones when it is empty; `buildTermMatcher` filters a list so. For the settings page.
   */
  lookUp?(name: string, term: string, context: ProviderContext<S>): Promise<LookupItem[]>;

  /**
   * Periodic upkeep of a live connection, such as directories. A worker calls it every minute. It must be
   * cheap with nothing to do and safe to repeat.
   */
  refresh?(context: ProviderContext<S>): Promise<void>;

  /** Whether the account has used the service, for the step `used`. By default the integration decides. */
  isUsed?(context: ProviderContext<S>): Promise<boolean>;
}
