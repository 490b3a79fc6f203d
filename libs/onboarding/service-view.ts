import type { CheckOutcome, Connection, ConnectionServiceEntity, ServiceState } from '#connections';
import { textFor } from '#platform';
import type { Conflict, ManualStep } from '#provider-kit';

/** A check's outcome as pages show it; what is empty is left out. */
export type CheckView = Pick<CheckOutcome, 'state' | 'at'> & Partial<CheckOutcome>;

/** What stands at the service of a connection's provider, for pages. Texts are in the account's language. */
export interface ServiceView {
  state: ServiceState;
  /** Of the stored settings; missing: the provider has none, or it was not made yet. */
  check?: CheckView;
  /** Others hold the place; they are replaced only with consent. */
  conflict?: readonly Conflict[];
  /** What the account's user has to do at the service. */
  manual?: readonly (Omit<ManualStep, 'text'> & { text: string })[];
  warnings?: Readonly<Record<string, string>>;
  /** Why the last try failed; it is tried again. */
  problem?: string;
  /** Of the last change, ISO 8601; missing: nothing was tried yet. */
  at?: string;
}

/** Returns what a page shows of a stored row; undefined stands for none. */
export function toServiceView(row: ConnectionServiceEntity | undefined, { account }: Pick<Connection, 'account'>): ServiceView {
  if (!row) return { state: 'unset' };
  const { state, checkReport, detail, problem, updatedAt } = row;
  const { conflict, manual, warnings } = detail ?? {};
  return {
    state,
    ...(checkReport && { check: toCheckView(checkReport) }),
    ...(conflict && { conflict }),
    ...(manual && { manual: manual.map(({ text, ...step }) => ({ ...step, text: textFor(text, account.language) })) }),
    ...(warnings && { warnings }),
    ...(problem !== null && { problem }),
    at: updatedAt.toISOString(),
  };
}

function toCheckView({ errors, warnings, ...rest }: CheckOutcome): CheckView {
  return { ...rest, ...(hasAny(errors) && { errors }), ...(hasAny(warnings) && { warnings }) };
}

function hasAny(texts: Readonly<Record<string, string>>): boolean {
  return Object.keys(texts).length > 0;
}
