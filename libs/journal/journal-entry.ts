import type { Subjects } from './subjects.js';

/**
 * `callback`, `webhook`: the CRM or a provider called us. `provider`: we called a provider.
 * `crm`: we called the CRM's API.
 */
export type JournalKind = 'callback' | 'webhook' | 'provider' | 'crm';

/** A sent or received body. It is masked when the row is written. */
export interface JournalBody {
  /** Content type. Default: JSON. */
  readonly type?: string | undefined;
  /** Number of bytes, if `content` has another size. */
  readonly size?: number | undefined;
  /**
   * Text, bytes, or the parsed value, such as a form's fields. If missing, only type and size are stored.
   */
  readonly content?: string | Uint8Array | object | undefined;
}

/** One exchange, raw. Nothing is copied or masked before its row is written. */
export interface JournalEntry {
  readonly kind: JournalKind;
  /** `delivery.save`, a provider's method, `orders.edit`. */
  readonly name: string;
  /** When it ended, on the clock of `performance.now()`. Default: now. */
  readonly endedAt?: number | undefined;
  /** Missing if the caller's connection is unknown. */
  readonly connectionId?: string | undefined;
  readonly module?: string | undefined;
  readonly provider?: string | undefined;
  /** ISO 3166-1 alpha-2, for phones without a country code. */
  readonly country?: string | undefined;
  readonly verb?: string | undefined;
  /** An absolute address or a path, including the query. */
  readonly address?: string | undefined;
  /** The path with its variable parts in braces or after a colon. All other parts are shown. */
  readonly route?: string | undefined;
  readonly status?: number | undefined;
  /** `ok`, or one word for the failure: `refused`, a kind of ProviderError. */
  readonly outcome: string;
  /** The reason in words. Words that may be personal data are masked. */
  readonly error?: string | undefined;
  /** In milliseconds. */
  readonly durationMs: number;
  readonly request?: string | undefined;
  /** Its subjects: `order:7`, `delivery:1`, ... */
  readonly subjects?: readonly string[] | Subjects | undefined;
  /** Whether fields of the bodies contain further subjects, because they are the CRM's bodies. */
  readonly subjectsInBodies?: boolean | undefined;
  readonly requestBody?: JournalBody | undefined;
  readonly replyBody?: JournalBody | undefined;
}
