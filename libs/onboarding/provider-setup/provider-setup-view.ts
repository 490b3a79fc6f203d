import type { CheckOutcome, Connection, ProviderSetupEntity, ProviderSetupState } from '#connections';
import { textFor } from '#platform';
import type { Conflict, ManualStep } from '#provider-kit';

/** A check's outcome for pages. Empty members are left out. */
export type CheckView = Pick<CheckOutcome, 'state' | 'at'> & Partial<CheckOutcome>;

/** The setup of a connection at its provider, as shown on pages. Texts are in the account's language. */
export interface ProviderSetupView {
  state: ProviderSetupState;
  /** Check of the stored settings. Missing: the provider has no check, or it has not run yet. */
  check?: CheckView;
  /** Set-ups of other programs at the service. They are replaced only with consent. */
  conflict?: readonly Conflict[];
  /** Steps that the account's user has to take at the service. */
  manual?: readonly (Omit<ManualStep, 'text'> & { text: string })[];
  warnings?: Readonly<Record<string, string>>;
  /** Reason why the last try failed. It is repeated. */
  problem?: string;
  /** Time of the last change, ISO 8601. Missing: there was no try yet. */
  at?: string;
}

/** Returns a page's view of a stored row. Undefined: there is no row. */
export function toProviderSetupView(row: ProviderSetupEntity | undefined, { account }: Pick<Connection, 'account'>): ProviderSetupView {
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
