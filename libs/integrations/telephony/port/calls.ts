/** A manager's status in the CRM (reference: changeUserStatusUrl). */
export const USER_STATUSES = ['free', 'busy', 'dinner', 'break'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** `in`: a customer calls; `out`: a manager calls a customer. */
export type CallDirection = 'in' | 'out';

/**
 * How the call ended for the called party. `no-answer`: rang in vain; `cancelled`: the caller hung up first;
 * `failed`: not put through; `not-allowed`: the party or PBX refused; `unknown`: nobody listened.
 */
export type CallOutcome = 'answered' | 'busy' | 'no-answer' | 'cancelled' | 'failed' | 'not-allowed' | 'unknown';

/** A call as the provider knows it at one moment. Calls among managers are not reported. */
export interface CallSnapshot {
  /** The PBX's id of the call: one for all its legs. Of a call that we placed: `CallRequest.reference`. */
  externalId: string;
  direction: CallDirection;
  /** The customer's number as the PBX has it; missing when it hides or is not known. */
  phone?: string;
  /** The company's number that was called, or from which. As the PBX has it. */
  externalPhone?: string;
  /**
   * The manager who had the customer last, else whose phone rang first; missing if none, or the talk was
   * outside.
   */
  code?: string;
  startedAt: Date;
  answeredAt?: Date;
  endedAt?: Date;
  /** With `endedAt`. */
  outcome?: CallOutcome;
  /** The recording, for `findRecord`: a file's name, an address or an id. */
  record?: string;
  /** The manager's id in the CRM, where the PBX knows it; otherwise it follows from `code`. */
  userId?: number;
  /** Code of the store in the CRM; otherwise it follows from `externalPhone`. */
  site?: string;
  /** The advertising campaign whose number was called. */
  campaign?: { name: string; code?: string };
  /** Query of the page from which the customer called, such as its UTM tags. */
  queryString?: string;
  source?: CallSource;
  /** The customer's id in web analytics. */
  clientId?: string;
}

/** Where a customer comes from (reference: Source). */
export interface CallSource {
  source?: string;
  medium?: string;
  campaign?: string;
  keyword?: string;
  content?: string;
}

/** Whom a signal is for: at least one of both lists has an entry. */
interface Audience {
  codes: string[];
  /** Ids in the CRM of users without a code. */
  userIds?: number[];
}

/** What the CRM's users must see at once. */
export type CallSignal =
  /** The call starts for these phones; type is its direction, also where an outgoing call is transferred. */
  | (Audience & { type: CallDirection })
  /** The call is over for these phones; for others it may go on. */
  | (Audience & { type: 'hangup'; outcome: CallOutcome });

/** Something happened to a call. */
export interface CallNews {
  call: CallSnapshot;
  /** In order; empty when only the record of the call changed. */
  signals: CallSignal[];
  /** What the provider needs to follow the call after a restart, as JSON; missing once it has ended. */
  memory?: object;
  /** Seconds after which `track` gets the event again, because earlier events of the call may be late. */
  waitS?: number;
  /**
   * The account at the service stood in the way, not the customer: `connect` is called at once, which may say
   * why.
   */
  concernsAccount?: boolean;
}

/** Begins the ids of calls that were placed here. */
export const OUR_CALLS = 'crossdock-';

/**
 * Whether a PBX's call id is of a call placed here, which goes to a customer whatever his number looks like.
 */
export function isPlacedHere(externalId: string): boolean {
  return externalId.startsWith(OUR_CALLS);
}

/** A click-to-call: the manager's phone rings first, then the customer's. */
export interface CallRequest {
  /** Our id of the call, unique forever: becomes its `externalId`. */
  reference: string;
  code: string;
  /** The customer's number: E.164 where it could be read, else its digits. */
  phone: string;
  /** The company's number to call from, as the registration has it. */
  externalPhone?: string;
  /** The manager's id in the CRM, where it is known. */
  userId?: number;
}

/** A call that the PBX has taken on. */
export interface PlacedCall {
  /** The PBX's id of it, where it returns one. */
  externalId?: string;
}

/** A manager's new status. */
export interface StatusRequest {
  code: string;
  /** The manager's id in the CRM. */
  userId?: number;
  status: UserStatus;
}

/** One event of a PBX's webhook; stored until it is applied. */
export interface CallEvent {
  /** Unique in the connection; a digest of the fields where the service names none. */
  id: string;
  /**
   * The PBX's id of the call, at most 500 characters: its events are applied one after the other, in order of
   * arrival.
   */
  call: string;
  /** What `track` needs, as JSON. */
  data: object;
  /** It has waited for late events of its call (`CallNews.waitS`) and waits no longer. */
  hasWaited?: boolean;
}

/** A call as it stands. */
export interface TrackedCall {
  /** As the news named it: the PBX's id, or ours of a call that was placed here. */
  externalId: string;
  /** `CallNews.memory` of the last news; missing once the call ended. */
  memory?: object;
  endedAt?: Date;
}
