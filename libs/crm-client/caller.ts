import type { CrmError } from './errors.js';
import type { CrmFile } from './file.js';
import type { Priority } from './limits/rate-limiter.js';
import type { MethodSpec } from './method-spec.js';
import type { TypeName } from './generated/schema-data.js';

export type { CrmFile } from './file.js';

/** A part of a path: a code, an id, an external id. An empty part is refused before sending. */
export type PathPart = string | number;

/** Format of replies: raw, or normalised (see `CrmClient.exact`). */
export type ReplyMode = 'wire' | 'exact';

/** The wire type or the exact type of a reply, by the mode. */
export type Reply<Mode extends ReplyMode, Wire, Exact> = Mode extends 'exact' ? Exact : Wire;

/** Options of a single call. */
export interface CallOptions {
  /** Ends the call at any point with an `AbortedError`. */
  readonly signal?: AbortSignal;
  /**
   * `interactive`: a person waits for the reply, so the call is sent before background ones. Default: the
   * client's.
   */
  readonly priority?: Priority;
  /** Milliseconds for the whole call: waiting for the limit, sending, retries. Default: the client's. */
  readonly totalTimeout?: number;
}

/** Options of a call that is split into batches. */
export interface BatchOptions extends CallOptions {
  /** Items per call, if fewer than the method's limit. */
  readonly size?: number;
}

/** The result of one batch: `reply` or `error`, never both. */
export interface BatchReport<T> {
  /** Index of the batch's first item in the whole list. */
  readonly from: number;
  /** Number of items in the batch. */
  readonly count: number;
  readonly reply?: T;
  /**
   * Also used for a partly accepted upload: `ValidationError.reply` contains the CRM's result for each item.
   */
  readonly error?: CrmError;
}

/** Interface used by the generated groups. */
export interface Caller {
  call<T>(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object | undefined,
    options: CallOptions | undefined,
  ): Promise<T>;
  file(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object | undefined,
    options: CallOptions | undefined,
  ): Promise<CrmFile>;
  all<T>(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object,
    options: CallOptions | undefined,
  ): AsyncGenerator<T, void>;
  batches<T>(
    spec: MethodSpec<TypeName>,
    params: readonly PathPart[],
    request: object,
    options: BatchOptions | undefined,
  ): AsyncGenerator<BatchReport<T>, void>;
}
