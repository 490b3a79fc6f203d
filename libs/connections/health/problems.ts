/** States of a connection, the worst first. The database judges them (`judge_connection_health`). */
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

/** What is stored of a problem. */
export interface StoredProblem {
  /** ISO 8601. */
  readonly since: string;
  /** What the CRM or the service said; empty: nothing. */
  readonly reason: string;
}

/** By the problem's key (`toProblemKey`). */
export type Problems = Readonly<Record<string, StoredProblem>>;

/** Of a connection without problems; compared by identity where it must be quick. */
export const NO_PROBLEMS: Problems = Object.freeze({});

/** Which problem it is. */
export interface ProblemName {
  readonly kind: ProblemKind;
  /** Code of the provider whose service it is; missing: it is the CRM's. */
  readonly provider?: string | undefined;
  /** What it is about, where several may be found and end by themselves: a line, a kind of news. */
  readonly part?: string | undefined;
}

/** Returns the key of a problem: `kind`, `kind:provider`, each perhaps with `#part`. */
export function toProblemKey({ kind, provider, part }: ProblemName): string {
  return `${kind}${provider === undefined ? '' : `:${provider}`}${part === undefined ? '' : `#${part}`}`;
}

/** The name that a key stands for. */
export function readProblemKey(key: string): ProblemName {
  const [, kind = '', provider, part] = /^([a-z-]+)(?::([^#]+))?(?:#(.+))?$/.exec(key) ?? [];
  return { kind: kind as ProblemKind, ...(provider !== undefined && { provider }), ...(part !== undefined && { part }) };
}
