import type { CrmError } from './errors.js';
import type { CrmFile } from './file.js';
import type { Priority } from './limits/rate-limiter.js';
import type { MethodSpec } from './method-spec.js';
import type { TypeName } from './generated/schema-data.js';

export type { CrmFile } from './file.js';

/** A part of a path: a code, an id, an external id. An empty one is refused before sending. */
export type PathPart = string | number;

/** How replies are given: as they came on the wire, or normalised (see `CrmClient.exact`). */
export type ReplyMode = 'wire' | 'exact';

/** The wire type or the exact type of a reply, by the mode. */
export type Reply<Mode extends ReplyMode, Wire, Exact> = Mode extends 'exact' ? Exact : Wire;

/** What a single call may change. */
export interface CallOptions {
  /** Ends the call, wherever it stands, with a `AbortedError`. */
  readonly signal?: AbortSignal;
  /**
   * `interactive`: someone waits for the answer, the call goes before background ones. Default: the client's.
   */
  readonly priority?: Priority;
  /** Milliseconds for the whole call: waiting for the limit, sending, repeats. Default: the client's. */
  readonly totalTimeout?: number;
}

/** Options of a call that is split into batches. */
export interface BatchOptions extends CallOptions {
  /** Items in one call, when fewer than the method's limit are wanted. */
  readonly size?: number;
}

/** The result of one batch: `reply` or `error`, never both. */
export interface BatchReport<T> {
  /** Index of the batch's first item in the whole list. */
  readonly from: number;
  /** How many items the batch held. */
  readonly count: number;
  readonly reply?: T;
  /**
   * Also a partly accepted upload ends here: `ValidationError.reply` holds what the CRM said of each item.
   */
  readonly error?: CrmError;
}

/** What the generated groups call. */
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
