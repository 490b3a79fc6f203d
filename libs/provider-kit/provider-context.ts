import type { Language, Reach } from '#platform/plain';
import type { Grant } from './oauth/oauth.js';
import type { ProviderCache } from './provider-cache.js';

/** Days of the week as the account's work times name them. */
export type Weekday = 'Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday';

/**
 * A weekday's working hours, `HH:MM` in the account's zone. If any entry exists, other weekdays are days off.
 */
export interface WorkTime {
  day: Weekday;
  start: string;
  end: string;
  lunchStart?: string;
  lunchEnd?: string;
}

/**
 * Yearly days off as `MM.DD`, inclusive; `end` before `start` spans New Year (reference: settings callback).
 */
export interface NonWorkingDays {
  start: string;
  end: string;
}

/** Default values for orders made from a chat's channel. Values that the account does not set are missing. */
export interface ChannelOrder {
  /** Code of the shop. */
  site?: string;
  /** Codes in the account. */
  orderType?: string;
  orderMethod?: string;
}

/** The account's settings for chats. */
export interface ChatAccountSettings {
  orderCreation: {
    /** For channels without an entry in `channels`. */
    default?: ChannelOrder;
    /** By the channel's id. */
    channels: Readonly<Record<string, ChannelOrder>>;
  };
}

/** The settings of the CRM account, from its `settings` callback and method. */
export interface AccountSettings {
  /** IANA zone, e.g. `Europe/Moscow`. */
  timeZone: string;
  /** Language of texts shown to the account's users. */
  language: Language;
  /** ISO 4217 code in upper case. */
  currency?: string;
  /** Empty: nothing known, Monday to Friday is assumed. */
  workTimes: WorkTime[];
  nonWorkingDays: NonWorkingDays[];
  /** Missing until the CRM has sent it. */
  chat?: ChatAccountSettings;
}

/**
 * The context of each call of a provider. `S` is its settings class: the context has its validated
 * properties, not its methods. `Tx` is the type of the transaction, for built-in providers.
 */
export interface ProviderContext<S, Tx = unknown> {
  /** Public id of the connection: safe in logs and in references. */
  readonly connectionId: string;
  readonly settings: S;
  /**
   * The settings as the manifest's `compiler` opened them. If missing, read `settings`. Reading `settings` of
   * a context that has this one throws.
   */
  readonly compiled?: object | undefined;
  readonly account: AccountSettings;
  /** The moment of the call. Providers do not read the clock themselves. */
  readonly now: Date;
  /** Ends when the call's time budget is spent (5 s by default). Made on first use. */
  readonly signal: AbortSignal;
  /** Kept between calls, shared by all processes. */
  readonly cache: ProviderCache;
  /** The limits for addresses in the settings, for `HttpClient` or `reach.connect`. */
  readonly reach: Reach;
  /**
   * This connection's public webhook address: `{PUBLIC_URL}/{module}/webhooks/{connectionId}`, and
   * `/{code}` of the manifest after it if the module has several providers and this is not the first.
   */
  readonly webhookUrl: string;
  /** The last memory of `connect`, such as ids and secrets. Empty before that. */
  readonly memory: Readonly<Record<string, string>>;
  /** The account's consent, in calls of a provider with `oauth`. Missing if the account has not consented. */
  readonly grant?: Grant | undefined;
  /**
   * For our own services (recovery `local`): the transaction of their effect, our state and the CRM's rows.
   * Missing for reads and for adapters.
   */
  readonly transaction?: Tx;
}

/**
 * The same context with more members, such as the shop of a call. A copy by `...` would lose the members that
 * a context makes on first use.
 */
export function extendContext<Context extends object, More extends object>(context: Context, more: More): Context & More {
  return Object.create(context, Object.getOwnPropertyDescriptors(more)) as Context & More;
}

/** The same context with another signal. */
export function replaceSignal<Context extends { readonly signal: AbortSignal }>(context: Context, signal: AbortSignal): Context {
  return extendContext(context, { signal });
}
