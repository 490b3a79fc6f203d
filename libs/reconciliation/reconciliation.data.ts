import type { AccountData } from '#platform';

/** Comparisons and their differences, which contain no data of buyers. */
export const reconciliationData: AccountData = {
  name: 'comparisons',
  tables: [{ table: 'difference' }, { table: 'reconciliation' }],
};
