/** States of a connection, the worst first. The database derives them (`judge_connection_health`). */
export const HEALTH_STATES = [
  'off',
  'frozen',
  'retired',
  'not-registered',
  'crm-refuses',
  'not-set-up',
  'credentials-refused',
  'crm-away',
  'service-away',
  'ok',
] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** States that do not follow from the other columns of a connection, and are stored. */
export type ProblemKind = Extract<HealthState, 'crm-refuses' | 'credentials-refused' | 'crm-away' | 'service-away'>;

/** A stored problem. */
export interface StoredProblem {
  /** ISO 8601. */
  readonly since: string;
  /** The original message of the CRM or the service. Empty if there was none. */
  readonly reason: string;
}

/** Problems by their key (`toProblemKey`). */
export type Problems = Readonly<Record<string, StoredProblem>>;

/** The value for a connection without problems. Compared by identity in hot code. */
export const NO_PROBLEMS: Problems = Object.freeze({});

/** Identifies a problem. */
export interface ProblemName {
  readonly kind: ProblemKind;
  /** Code of the provider. Missing if it is a problem of the CRM. */
  readonly provider?: string | undefined;
  /** The affected part, if several may start and end independently: a line, a kind of update. */
  readonly part?: string | undefined;
}

/** Returns the key of a problem: `kind` or `kind:provider`, optionally followed by `#part`. */
export function toProblemKey({ kind, provider, part }: ProblemName): string {
  return `${kind}${provider === undefined ? '' : `:${provider}`}${part === undefined ? '' : `#${part}`}`;
}

/** Parses a problem's key. */
export function readProblemKey(key: string): ProblemName {
  const [, kind = '', provider, part] = /^([a-z-]+)(?::([^#]+))?(?:#(.+))?$/.exec(key) ?? [];
  return { kind: kind as ProblemKind, ...(provider !== undefined && { provider }), ...(part !== undefined && { part }) };
}
