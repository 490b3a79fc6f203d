import type { HttpClient, HttpClientOptions, HttpRequest, HttpStream, HttpStreamLimits } from '../http/http-client.js';
import type { CallContext } from './authentication.js';
import type { RefusedAs } from './refusal.js';

/** The names after a colon in a path: `id` of `/orders/:id.pdf`. */
export type PathNames<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Head}/${infer Tail}`
    ? CutName<Head> | PathNames<Tail>
    : CutName<Rest>
  : never;
type CutName<Name extends string> = Name extends `${infer Head}.${string}` ? Head : Name;

/** The values of a call. The names of a path must be other names than these. */
export interface CallValues extends Pick<HttpRequest, 'query' | 'json' | 'form' | 'body' | 'contentLength' | 'headers'> {
  /** Idempotency key. The header is the `idempotency` of the service. */
  readonly key?: string;
}

/** A declared operation of a service: a function that makes the call and returns its reply. */
export type Operation<C extends CallContext, Path extends string, T> = [PathNames<Path>] extends [never]
  ? (context: C, values?: CallValues) => Promise<T>
  : (context: C, values: CallValues & Readonly<Record<PathNames<Path>, string | number>>) => Promise<T>;

/** Limits of a file that is read as a stream. */
export interface StreamLimits extends HttpStreamLimits {
  /** Replaces the signal of the call. Null if the file may be read after the call. */
  signal?: AbortSignal | null;
}

/** A declared download: a function that opens the file. */
export type Download<C extends CallContext, Path extends string> = (
  context: C,
  values: CallValues & Readonly<Record<PathNames<Path>, string | number>>,
  limits?: StreamLimits,
) => Promise<HttpStream>;

/** How an operation differs from the others of its service. */
export interface OperationOptions {
  /** Kind of a refusal without a row in the error table. Default: that of the service. */
  refusedAs?: RefusedAs;
  /** The call goes without authentication. */
  isOpen?: boolean;
  /** The wanted content type. JSON by default. */
  accept?: string;
  /** Limits of this operation only. */
  http?: Omit<HttpClientOptions, 'name'>;
  /** The limit that counts the call, for a `pace` with several. */
  limit?: string;
}

/** A declared operation. */
export interface DeclaredCall {
  method: HttpRequest['method'];
  path: string;
  effect: boolean;
  options: OperationOptions;
  http: HttpClient;
}

/** Splits `POST /orders` into method and path. */
export function splitCall(call: string): [HttpRequest['method'], string] {
  const at = call.indexOf(' ');
  return [call.slice(0, at) as HttpRequest['method'], call.slice(at + 1)];
}
