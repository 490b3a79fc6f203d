/** A manager's status in the CRM (reference: changeUserStatusUrl). */
export const USER_STATUSES = ['free', 'busy', 'dinner', 'break'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** `in`: a customer calls. `out`: a manager calls a customer. */
export type CallDirection = 'in' | 'out';

/**
 * How the call ended for the called party. `no-answer`: the phone rang unanswered. `cancelled`: the caller
 * hung up first. `failed`: not connected. `not-allowed`: rejected by the party or the PBX. `unknown`: there
 * was no listener.
 */
export type CallOutcome = 'answered' | 'busy' | 'no-answer' | 'cancelled' | 'failed' | 'not-allowed' | 'unknown';

/** A call at one moment. Calls among managers are not reported. */
export interface CallSnapshot {
  /**
   * The PBX's id of the call, the same for all its legs. For a call that we placed: `CallRequest.reference`.
   */
  externalId: string;
  direction: CallDirection;
  /** The customer's number in the PBX's format. Missing if it is hidden or unknown. */
  phone?: string;
  /** The company's called or calling number, in the PBX's format. */
  externalPhone?: string;
  /**
   * The manager who last talked to the customer, otherwise the manager whose phone rang first. Missing if
   * there is no such manager, or the talk was outside.
   */
  code?: string;
  startedAt: Date;
  answeredAt?: Date;
  endedAt?: Date;
  /** Set together with `endedAt`. */
  outcome?: CallOutcome;
  /** The recording, for `findRecord`: a file's name, an address or an id. */
  record?: string;
  /** The manager's id in the CRM, if the PBX has it. Otherwise it follows from `code`. */
  userId?: number;
  /** Code of the shop in the CRM. Otherwise it follows from `externalPhone`. */
  site?: string;
  /** The advertising campaign whose number was called. */
  campaign?: { name: string; code?: string };
  /** Query of the page from which the customer called, such as its UTM tags. */
  queryString?: string;
  source?: CallSource;
  /** The customer's id in web analytics. */
  clientId?: string;
}

/** Where a customer came from (reference: Source). */
export interface CallSource {
  source?: string;
  medium?: string;
  campaign?: string;
  keyword?: string;
  content?: string;
}

/** Recipients of a signal. At least one of the lists has an entry. */
interface Audience {
  codes: string[];
  /** Ids in the CRM of users without a code. */
  userIds?: number[];
}

/** An event that the CRM's users must see immediately. */
export type CallSignal =
  /** The call starts for these phones. The type is its direction, even if an outgoing call is transferred. */
  | (Audience & { type: CallDirection })
  /** The call ends for these phones. For others it may continue. */
  | (Audience & { type: 'hangup'; outcome: CallOutcome });

/** An update of a call. */
export interface CallUpdate {
  call: CallSnapshot;
  /** In order. Empty if only the record of the call changed. */
  signals: CallSignal[];
  /** The provider's data for tracking the call after a restart, as JSON. Missing once it has ended. */
  memory?: object;
  /** Seconds after which `track` gets the event again, because earlier events of the call may be late. */
  waitS?: number;
  /**
   * Whether the cause is the account at the service, not the customer. `connect` is then called immediately
   * and may report the reason.
   */
  concernsAccount?: boolean;
}

/** @deprecated Now `CallUpdate`. */
export type CallNews = CallUpdate;

/** Prefix of the ids of calls that were placed here. */
export const OUR_CALLS = 'crossdock-';

/**
 * Whether a PBX's call id belongs to a call placed here, which goes to a customer whatever the format of the
 * number.
 */
export function isPlacedHere(externalId: string): boolean {
  return externalId.startsWith(OUR_CALLS);
}

/** A click-to-call: the manager's phone rings first, then the customer's. */
export interface CallRequest {
  /** Our id of the call, unique forever. Becomes its `externalId`. */
  reference: string;
  code: string;
  /** The customer's number in E.164, or only its digits if it could not be parsed. */
  phone: string;
  /** The company's number to call from, in the registration's format. */
  externalPhone?: string;
  /** The manager's id in the CRM, if known. */
  userId?: number;
}

/** A call that the PBX has accepted. */
export interface PlacedCall {
  /** The PBX's id of the call, if it returns one. */
  externalId?: string;
}

/** A manager's new status. */
export interface StatusRequest {
  code: string;
  /** The manager's id in the CRM. */
  userId?: number;
  status: UserStatus;
}

/** One event of a PBX's webhook, stored until it is applied. */
export interface CallEvent {
  /** Unique in the connection. A digest of the fields if the service sends no id. */
  id: string;
  /**
   * The PBX's id of the call, at most 500 characters. Its events are applied one after the other, in order of
   * arrival.
   */
  call: string;
  /** Data for `track`, as JSON. */
  data: object;
  /** Whether it has already waited for late events of its call (`CallUpdate.waitS`). */
  hasWaited?: boolean;
}

/** A call in its current state. */
export interface TrackedCall {
  /** The id from the updates: the PBX's, or ours for a call that was placed here. */
  externalId: string;
  /** `CallUpdate.memory` of the last update. Missing once the call ended. */
  memory?: object;
  endedAt?: Date;
}
