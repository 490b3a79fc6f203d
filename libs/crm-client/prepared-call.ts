import { Readable } from 'node:stream';
import type { PathPart } from './caller.js';
import { escape } from './encoding.js';
import { type CrmErrorDetails, UsageError } from './errors.js';
import type { TypeName } from './generated/schema-data.js';
import type { UploadSource } from './generated/types.js';
import type { LimitKind } from './limits/index.js';
import type { MethodSpec } from './method-spec.js';

/** A call that can be sent repeatedly. */
export interface PreparedCall {
  readonly method: string;
  readonly verb: 'GET' | 'POST';
  /** The path with its parts in braces. */
  readonly route: string;
  readonly path: string;
  readonly query: string;
  readonly body: string | Uint8Array | Readable | null;
  readonly headers: string[];
  readonly limit: LimitKind;
  readonly scope: string | null;
}

/** Returns the path with its parts filled in, percent-encoded. */
export function fillPath(spec: MethodSpec<TypeName>, params: readonly PathPart[], at: CrmErrorDetails): string {
  let path = spec.path;
  for (let index = 0; index < spec.params.length; index++) {
    const name = spec.params[index] ?? '';
    const part: PathPart | null | undefined = params[index];
    const text = part === undefined || part === null || Number.isNaN(part) ? '' : String(part);
    // A dot or two dots would be treated as a folder and change the path.
    if (text === '' || text === '.' || text === '..') {
      throw new UsageError(`the path part ${name} is ${text === '' ? 'missing' : `"${text}"`}. Pass a code, an id or an external id`, at);
    }
    path = path.replace(`{${name}}`, () => escape(text));
  }
  return path;
}

/** Returns the bytes of a file to send. Throws UsageError. */
export function uploadBody(file: UploadSource | null | undefined, at: CrmErrorDetails): Uint8Array | Readable {
  if (file instanceof Uint8Array) return file;
  if (file instanceof Readable) return file;
  if (typeof file === 'object' && file !== null && Symbol.asyncIterator in file) return Readable.from(file, { objectMode: false });
  throw new UsageError('pass the bytes as file: a Uint8Array, a readable stream or an async iterable of bytes', at);
}
