import type { Readable } from 'node:stream';
import type { ByteRange, Provider, ProviderContext, ProviderErrorKind, ProviderWebhook, WebhookReply } from '#provider-kit';
import type { CallEvent, CallNews, CallRequest, PlacedCall, StatusRequest, TrackedCall } from './calls.js';
import type { TelephonyManifest } from './manifest.js';

/** What is asked about a caller. */
export interface CallerQuestion {
  /** Also a manager who is not online or not free. */
  ignoreStatus?: boolean;
  /** Customer and links too. */
  details?: boolean;
}

/** A caller as the CRM knows him (reference: ManagerResponse). */
export interface Caller {
  /** The manager's extension. */
  code?: string;
  manager?: { id: number; code?: string; name?: string; email?: string };
  /** With `details`, if there is one. */
  customer?: { id?: number; externalId?: string; name?: string; email?: string; phones: readonly string[] };
  /** Pages of the CRM, with `details`. */
  links?: { newOrder?: string; lastOrder?: string; newCustomer?: string; customer?: string };
}

/**
 * Asks the CRM about a caller (`telephony/manager`) for 2 s at most; undefined if it knows nothing, or not in
 * time. Never throws.
 */
export type Identify = (phone: string, question?: CallerQuestion) => Promise<Caller | undefined>;

/** The webhook of a PBX. */
export interface TelephonyWebhook<S> extends Omit<ProviderWebhook<S, CallEvent>, 'reply'> {
  /**
   * As of every webhook, with `identify` to ask about a caller: all questions together take 2 s at most. It
   * may keep what it learns in `context.cache`. What it throws is logged, and the sender gets 200
   * `{"success":true}`.
   */
  reply?(events: readonly CallEvent[], context: ProviderContext<S>, identify: Identify): Promise<WebhookReply | undefined>;
}

/** Something that can be ended. */
export interface Closeable {
  /** Resolves when nothing more is reported. Must not throw. */
  close(): Promise<void>;
}

/** How the line to the PBX is. */
export type LineState = { connected: true } | { connected: false; kind: ProviderErrorKind; message: string };

/** What a provider's listener reads and reports. */
export interface CallListener {
  /** `CallNews.memory` of the calls that went on when they were last seen. */
  readonly open: readonly object[];
  /** When events were last received; missing: never. */
  readonly lastSeen?: Date;
  now(): Date;
  /** Takes news; never throws and never waits. News of one call are kept in order. */
  emit(news: CallNews): void;
  /** Reports how many calls are not followed because there are too many. */
  reportDropped(calls: number): void;
  /**
   * Returns the free extension of the caller's manager (`telephony/manager`); undefined if none in time.
   * Never throws.
   */
  route(phone: string): Promise<string | undefined>;
  /** Reports that the line comes or goes. */
  reportLine(state: LineState): void;
}

/** A recording that exists. */
export interface RecordFile {
  type: 'audio/wav' | 'audio/mpeg';
  /** File name without a folder. */
  name: string;
  /** Bytes; when it is missing, the recording is sent without ranges. */
  size?: number;
  /** The bytes, all of them without a range (within the size). `context.signal` must not end them. */
  open(range?: ByteRange): Promise<Readable>;
}

/**
 * A PBX. Its methods determine the capabilities that are registered with the CRM. Every method throws only
 * ProviderError, and all but `listen` honour `context.signal`.
 */
export interface TelephonyProvider<S extends object = object> extends Provider<S> {
  readonly manifest: TelephonyManifest<S>;

  /**
   * Places a call, once. Resolved when the manager's phone is about to ring, with the PBX's id of the call
   * where it returns one; `rejected` when it cannot.
   */
  call?(request: CallRequest, context: ProviderContext<S>): Promise<PlacedCall | void>;

  /**
   * Whether a call that we placed is under way; needed for recovery `find`. An ended call may not be found.
   */
  findCall?(reference: string, context: ProviderContext<S>): Promise<boolean>;

  /** Sends a manager's status to the PBX. A repeat does no harm. */
  setUserStatus?(request: StatusRequest, context: ProviderContext<S>): Promise<void>;

  /**
   * Listens to calls; connects and reconnects until closed. Only one process listens to a connection's PBX.
   */
  listen?(context: ProviderContext<S>, listener: CallListener & { identify: Identify }): Promise<Closeable>;

  /** The steps of its webhook, for a PBX that reports calls over HTTP. Needs `track`. */
  readonly webhook?: TelephonyWebhook<S>;

  /**
   * Returns what an event makes of its call; undefined: nothing. Pure. `call` is missing at the first event
   * that made news; `receivedAt` is when the webhook arrived. Events may be repeated, swapped or missing, so
   * each must do with what came before. News of a call that has ended are dropped.
   */
  track?(event: CallEvent, call: TrackedCall | undefined, receivedAt: Date, context: ProviderContext<S>): CallNews | undefined;

  /**
   * Returns events of calls that ended since a moment, from the service's records: asked for once an hour and
   * when a process starts. Known ones may be repeated: an ended call takes no more news. Needs `track`.
   */
  catchUp?(since: Date, context: ProviderContext<S>): Promise<CallEvent[]>;

  /**
   * Finds a recording by `CallSnapshot.record` when somebody listens; undefined if it is gone, or none of the
   * recordings. One that is not ready yet is `unavailable` with `retryAfterMs`.
   */
  findRecord?(reference: string, context: ProviderContext<S>): Promise<RecordFile | undefined>;
}
