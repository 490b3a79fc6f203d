import type { Holding } from '#platform';

/** Comparisons and the differences that they found, which name no buyer. */
export const reconciliationHolding: Holding = {
  name: 'comparisons',
  tables: [{ table: 'difference' }, { table: 'reconciliation' }],
};
