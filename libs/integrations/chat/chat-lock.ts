import type { Transaction } from '#platform';

/**
 * Locks a chat until the transaction ends, so that no other process stores anything about it. Taken before
 * any row, so that a message's reply and a customer's event find each other complete.
 */
export async function lockChat(tx: Transaction, channelId: string, chat: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`chat ${channelId} ${chat}`]);
}
