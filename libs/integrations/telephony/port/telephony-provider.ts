import type { Readable } from 'node:stream';
import type { ProviderContext, ProviderErrorKind } from '#provider-kit';
import type { CallNews, CallRequest, StatusRequest } from './calls.js';
import type { TelephonyManifest } from './manifest.js';

/** Something that can be ended. */
export interface Closeable {
  /** Resolved when nothing more will come of it. Must not throw. */
  close(): Promise<void>;
}

/** How the line to the PBX is. */
export type LineState = { connected: true } | { connected: false; kind: ProviderErrorKind; message: string };

/** What a listener gets and tells. */
export interface CallListener {
  /** `CallNews.memory` of the calls that went on when they were last seen. */
  readonly open: readonly object[];
  /** Until when somebody listened; missing: nobody ever did. */
  readonly lastSeen?: Date;
  now(): Date;
  /** Takes news; never throws and never waits. News of one call are kept in order. */
  emit(news: CallNews): void;
  /** Told how many calls are not followed, as there are too many. */
  reportDropped(calls: number): void;
  /** The code of the manager of a caller who is free to take the call (`telephony/manager`); undefined: none, or not known in time. Never throws. */
  route(phone: string): Promise<string | undefined>;
  /** Told whenever the line comes or goes. */
  reportLine(state: LineState): void;
}

/** Bytes of a recording, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A recording that is there. */
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
 * A PBX, behind the telephony integration. A missing method is a missing capability: the registration sent to the CRM is derived from the methods present.
 * Every method throws ProviderError and nothing else; all but `listen` keep to `context.signal`.
 */
export interface TelephonyProvider<S extends object = object> {
  readonly manifest: TelephonyManifest<S>;

  /** Places a call, once. Resolved when the manager's phone is about to ring; `rejected` when it cannot. */
  call?(request: CallRequest, context: ProviderContext<S>): Promise<void>;

  /** Whether a call that we placed is under way. Needed for recovery `find`; one that ended already may not be found. */
  findCall?(reference: string, context: ProviderContext<S>): Promise<boolean>;

  /** Makes a manager's status known to the PBX. The same again is harmless. */
  setUserStatus?(request: StatusRequest, context: ProviderContext<S>): Promise<void>;

  /** Begins to listen to calls; connects, and connects again, by itself until it is closed. The integration sees to it that only one listens to a connection's PBX. */
  listen?(context: ProviderContext<S>, listener: CallListener): Promise<Closeable>;

  /** A recording by what `CallSnapshot.record` named; undefined when there is none, or it lies outside the recordings. */
  findRecord?(reference: string, context: ProviderContext<S>): Promise<RecordFile | undefined>;
}
