import type { AccountData } from '#platform';

/** The stock ledger. */
export const ledgerData: AccountData = {
  name: 'stocks',
  tables: [
    { table: 'ledger_reservation' },
    { table: 'ledger_balance' },
    { table: 'ledger_movement' },
    { table: 'ledger_import', also: 'DELETE FROM ledger_import_line WHERE import_id IN (SELECT id FROM gone)' },
    // Each has at least one of these ids, and each id its own index.
    ...['crm_id', 'xml_id', 'external_id'].map((id) => ({ table: 'ledger_offer', where: `connection_id = $1 AND ${id} IS NOT NULL` })),
  ],
};
