import type { Readable } from 'node:stream';
import type { Provider, ProviderContext, ProviderErrorKind } from '#provider-kit';
import type { CallNews, CallRequest, StatusRequest } from './calls.js';
import type { TelephonyManifest } from './manifest.js';

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

/** Bytes of a recording, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A recording that exists. */
export interface RecordFile {
  type: 'audio/wav' | 'audio/mpeg';
  /** File name without a folder. */
  name: string;
  /** Bytes. */
  size: number;
  /** The bytes, all of them without a range (which lies within the size). */
  open(range?: ByteRange): Promise<Readable>;
}

/**
 * A PBX. Its methods determine the capabilities that are registered with the CRM. Every method throws only
 * ProviderError, and all but `listen` honour `context.signal`.
 */
export interface TelephonyProvider<S extends object = object> extends Provider<S> {
  readonly manifest: TelephonyManifest<S>;

  /** Places a call, once. Resolved when the manager's phone is about to ring; `rejected` when it cannot. */
  call?(request: CallRequest, context: ProviderContext<S>): Promise<void>;

  /**
   * Whether a call that we placed is under way; needed for recovery `find`. An ended call may not be found.
   */
  findCall?(reference: string, context: ProviderContext<S>): Promise<boolean>;

  /** Sends a manager's status to the PBX. A repeat does no harm. */
  setUserStatus?(request: StatusRequest, context: ProviderContext<S>): Promise<void>;

  /**
   * Listens to calls; connects and reconnects until closed. Only one process listens to a connection's PBX.
   */
  listen?(context: ProviderContext<S>, listener: CallListener): Promise<Closeable>;

  /** Finds a recording by `CallSnapshot.record`; undefined if missing or outside the recordings. */
  findRecord?(reference: string, context: ProviderContext<S>): Promise<RecordFile | undefined>;
}
