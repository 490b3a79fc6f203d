import type { Subjects } from './subjects.js';

/**
 * * `callback`: the CRM called a module; `webhook`: a provider did; `provider`: a provider was called;
 * `crm`: the CRM's API was.
 */
export type JournalKind = 'callback' | 'webhook' | 'provider' | 'crm';

/** A body as it was sent; it is masked when the row is written. */
export interface JournalBody {
  /** Content type; JSON when left out. */
  readonly type?: string | undefined;
  /** Bytes, where they are not those of `content`. */
  readonly size?: number | undefined;
  /**
   * Text, bytes, or what was parsed of them, such as a form's fields. Missing: only type and size are kept.
   */
  readonly content?: string | Uint8Array | object | undefined;
}

/** One exchange, raw: nothing of it is copied or masked before its row is written. */
export interface JournalEntry {
  readonly kind: JournalKind;
  /** `delivery.save`, a provider's method, `orders.edit`. */
  readonly name: string;
  /** When it ended, on the clock of `performance.now()`; default: now. */
  readonly endedAt?: number | undefined;
  /** Missing: the caller is not known here. */
  readonly connectionId?: string | undefined;
  readonly module?: string | undefined;
  readonly provider?: string | undefined;
  /** ISO 3166-1 alpha-2, by which phones without a country are read. */
  readonly country?: string | undefined;
  readonly verb?: string | undefined;
  /** Absolute, or a path; the query included. */
  readonly address?: string | undefined;
  /** The path with its changing parts in braces or after a colon: the others are shown. */
  readonly route?: string | undefined;
  readonly status?: number | undefined;
  /** `ok`, or what went wrong in one word: `refused`, a kind of ProviderError. */
  readonly outcome: string;
  /** Why, in words; those that may name somebody are masked. */
  readonly error?: string | undefined;
  /** Milliseconds. */
  readonly durationMs: number;
  readonly request?: string | undefined;
  /** What it is about: `order:7`, `delivery:1`, ... */
  readonly subjects?: readonly string[] | Subjects | undefined;
  /** Fields of the bodies name further subjects: they are the CRM's. */
  readonly subjectsInBodies?: boolean | undefined;
  readonly requestBody?: JournalBody | undefined;
  readonly replyBody?: JournalBody | undefined;
}
