import type { DeliveryRule, RuleConditions } from './rules.dto.js';

/** The facts that decide which row fits an order. */
export type RuleFacts = Readonly<RuleConditions>;

/** A contract and a sender, by name. Missing or null means the settings' own. */
export interface Choice {
  readonly contract?: string | null | undefined;
  readonly sender?: string | null | undefined;
}

export const CONDITIONS = ['store', 'site', 'legalEntity'] as const satisfies readonly (keyof RuleConditions)[];

/**
 * Lists the conditions of a row that an order does not fulfil. A condition on an unknown fact is not
 * fulfilled.
 */
export function listUnfulfilled(row: DeliveryRule, facts: RuleFacts): (typeof CONDITIONS)[number][] {
  return CONDITIONS.filter((name) => {
    const wanted = row[name]?.trim();
    return wanted !== undefined && wanted !== '' && wanted !== facts[name]?.trim();
  });
}

/** Finds the first row that fits an order. */
export function findRule(rows: readonly DeliveryRule[], facts: RuleFacts): DeliveryRule | undefined {
  return rows.find((row) => listUnfulfilled(row, facts).length === 0);
}
