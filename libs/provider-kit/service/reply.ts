import { type DtoClass, getParser } from '#platform/plain';
import type { HttpReply } from '../http/http-reply.js';
import type { ProviderError } from '../provider-error.js';
import { Mismatch, type Shape } from '../shape/shape.js';

/** How a reply is read: by a shape, by a decorated class, or whole (`nothing`, `bytes`). */
export type Reply<T> = Shape<T> | DtoClass<T & object> | WholeReply<T>;

/** Reads a reply that is not JSON. */
export interface WholeReply<T> {
  readonly readReply: (reply: HttpReply) => T;
}

/** For a reply that nothing is read of. */
export const nothing: WholeReply<void> = { readReply: () => undefined };

/** For a file. `start`: its first characters, such as `%PDF-`. Others are an unreadable reply. */
export function bytes(start = ''): WholeReply<Buffer> {
  return {
    readReply: (reply) => {
      if (reply.bytes.subarray(0, start.length).toString('latin1') !== start) throw new Mismatch('is not such a file');
      return reply.bytes;
    },
  };
}

/** How the reply of an operation is read. */
interface ReaderOptions {
  /** For errors, such as `reply of GET /orders/:id`. */
  readonly place: string;
  /** Makes the error for a file that does not fit. */
  lose(cause: Error): ProviderError;
  unwrap: ((body: unknown) => unknown) | undefined;
}

/** Makes the function that reads a reply. It throws ProviderError for a reply that does not fit. */
export function makeReader<T>(read: Reply<T>, { place, lose, unwrap = (body) => body }: ReaderOptions): (reply: HttpReply) => T {
  if ('readReply' in read)
    return (reply) => {
      try {
        return read.readReply(reply);
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        throw lose(new Error(`${place} ${error.problem}`));
      }
    };
  if (isClass(read)) {
    // A wrong class is an error of the start, not of the first reply.
    const parser = getParser(read);
    return (reply) => reply.json((body) => parser.parse(unwrap(body), 'reply') as T);
  }
  return (reply) =>
    reply.json((body) => {
      try {
        return (read as Shape<T>)(unwrap(body));
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        throw new Error(`${place}: ${error.path === '' ? 'the whole' : error.path} ${error.problem}`, { cause: error });
      }
    });
}

/** Decorated classes have a prototype, shapes are plain functions. */
function isClass<T>(reply: Reply<T>): reply is DtoClass<T & object> {
  return typeof reply === 'function' && /^class\b/.test(Function.prototype.toString.call(reply));
}
