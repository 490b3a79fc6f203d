import type { Holding } from '#platform';

/**
 * Exchanges of an account. About buyers it stores only the hash of the phone: see `JournalBuyers`.
 */
export const journalHolding: Holding = { name: 'journal', tables: [{ table: 'journal_entry', key: 'id' }] };
