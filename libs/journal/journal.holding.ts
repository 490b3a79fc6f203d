import type { Holding } from '#platform';

/**
 * What was exchanged about an account. Of a buyer only the hash of the phone is there: see `JournalBuyers`.
 */
export const journalHolding: Holding = { name: 'journal', tables: [{ table: 'journal_entry', key: 'id' }] };
