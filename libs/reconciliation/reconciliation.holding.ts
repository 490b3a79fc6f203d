import type { Holding } from '#platform';

/** Comparisons and their differences, which contain no data of buyers. */
export const reconciliationHolding: Holding = {
  name: 'comparisons',
  tables: [{ table: 'difference' }, { table: 'reconciliation' }],
};
