import type { Readable } from 'node:stream';
import type { ByteRange, Provider, ProviderContext, ProviderErrorKind, ProviderWebhook, WebhookReply } from '#provider-kit';
import type { CallEvent, CallUpdate, CallRequest, PlacedCall, StatusRequest, TrackedCall } from './calls.js';
import type { TelephonyManifest } from './manifest.js';

/** Options of a caller lookup. */
export interface CallerQuestion {
  /** Whether to also return a manager who is offline or busy. */
  ignoreStatus?: boolean;
  /** Whether to also return customer and links. */
  details?: boolean;
}

/** A caller's data in the CRM (reference: ManagerResponse). */
export interface Caller {
  /** The manager's extension. */
  code?: string;
  manager?: { id: number; code?: string; name?: string; email?: string };
  /** With `details`, if the caller is a customer. */
  customer?: { id?: number; externalId?: string; name?: string; email?: string; phones: readonly string[] };
  /** Pages of the CRM, with `details`. */
  links?: { newOrder?: string; lastOrder?: string; newCustomer?: string; customer?: string };
}

/**
 * Looks up a caller in the CRM (`telephony/manager`), for at most 2 s. Returns undefined if there is no data,
 * or not in time. Never throws.
 */
export type Identify = (phone: string, question?: CallerQuestion) => Promise<Caller | undefined>;

/** The webhook of a PBX. */
export interface TelephonyWebhook<S> extends Omit<ProviderWebhook<S, CallEvent>, 'reply'> {
  /**
   * Like every webhook's `reply`, with `identify` for looking up callers. All lookups together take at most 2
   * s. Results may be stored in `context.cache`. Errors are logged, and the sender gets 200
   * `{"success":true}`.
   */
  reply?(events: readonly CallEvent[], context: ProviderContext<S>, identify: Identify): Promise<WebhookReply | undefined>;
}

/** Something that can be ended. */
export interface Closeable {
  /** Resolves when nothing more is reported. Must not throw. */
  close(): Promise<void>;
}

/** State of the line to the PBX. */
export type LineState = { connected: true } | { connected: false; kind: ProviderErrorKind; message: string };

/** Input and callbacks of a provider's listener. */
export interface CallListener {
  /** `CallUpdate.memory` of the calls that had not ended when they were last seen. */
  readonly open: readonly object[];
  /** When events were last received. Missing: never. */
  readonly lastSeen?: Date;
  now(): Date;
  /** Accepts an update. Never throws and never waits. Updates of one call are stored in order. */
  emit(update: CallUpdate): void;
  /** Reports the number of calls that are not tracked because there are too many. */
  reportDropped(calls: number): void;
  /**
   * Returns the free extension of the caller's manager (`telephony/manager`), or undefined if there is none
   * in time. Never throws.
   */
  route(phone: string): Promise<string | undefined>;
  /** Reports that the line was established or lost. */
  reportLine(state: LineState): void;
}

/** An existing recording. */
export interface RecordFile {
  type: 'audio/wav' | 'audio/mpeg';
  /** File name without a folder. */
  name: string;
  /** In bytes. If it is missing, the recording is sent without ranges. */
  size?: number;
  /**
   * Opens the bytes of the range (within the size), or all bytes without a range. `context.signal` must not
   * end them.
   */
  open(range?: ByteRange): Promise<Readable>;
}

/**
 * A PBX. Its methods determine the capabilities that are registered with the CRM. Every method throws only
 * ProviderError, and all except `listen` respect `context.signal`.
 */
export interface TelephonyProvider<S extends object = object> extends Provider<S> {
  readonly manifest: TelephonyManifest<S>;

  /**
   * Places a call, once. Resolves when the manager's phone is about to ring, with the PBX's id of the call if
   * it returns one. `rejected` if it cannot be placed.
   */
  call?(request: CallRequest, context: ProviderContext<S>): Promise<PlacedCall | void>;

  /**
   * Whether a call that we placed is running. Required for recovery `find`. An ended call may not be found.
   */
  findCall?(reference: string, context: ProviderContext<S>): Promise<boolean>;

  /** Sends a manager's status to the PBX. Safe to repeat. */
  setUserStatus?(request: StatusRequest, context: ProviderContext<S>): Promise<void>;

  /**
   * Listens to calls. Connects and reconnects until closed. Only one process listens to a connection's PBX.
   */
  listen?(context: ProviderContext<S>, listener: CallListener & { identify: Identify }): Promise<Closeable>;

  /** The steps of its webhook, for a PBX that reports calls over HTTP. Needs `track`. */
  readonly webhook?: TelephonyWebhook<S>;

  /**
   * Returns the effect of an event on its call, or undefined for none. Pure. `call` is missing at the first
   * event with an effect. `receivedAt` is when the webhook arrived. Events may be repeated, swapped or
   * missing, so each must work with the current state. Updates of a call that has ended are dropped.
   */
  track?(event: CallEvent, call: TrackedCall | undefined, receivedAt: Date, context: ProviderContext<S>): CallUpdate | undefined;

  /**
   * Returns events of calls that ended since a moment, from the service's records. Called once per hour and
   * when a process starts. Known events may be repeated, because an ended call accepts no more updates.
   * Requires `track`.
   */
  catchUp?(since: Date, context: ProviderContext<S>): Promise<CallEvent[]>;

  /**
   * Finds a recording by `CallSnapshot.record` when a user listens. Returns undefined if it no longer exists
   * or is not a recording. A recording that is not ready yet is `unavailable` with `retryAfterMs`.
   */
  findRecord?(reference: string, context: ProviderContext<S>): Promise<RecordFile | undefined>;
}
