import type { Readable } from 'node:stream';

/** A file that a manager sends. */
export interface OutMedia {
  name: string;
  /** Media type. */
  type: string;
  /** In bytes. */
  size: number;
  /** Opens the file from its beginning with each call. Throws ProviderError `unavailable` or `rejected`. */
  open(): Promise<Readable>;
}
