import type { AccountData } from '#platform';

/**
 * Exchanges of an account. About buyers it stores only the hash of the phone: see `JournalBuyers`.
 */
export const journalData: AccountData = { name: 'journal', tables: [{ table: 'journal_entry', key: 'id' }] };
