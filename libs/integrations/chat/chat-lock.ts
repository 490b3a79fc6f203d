import type { Transaction } from '#platform';

/**
 * Lets nobody else store something of a chat until the transaction ends. Taken before any row, so that what a
 * message's reply and a customer's event find of each other is whole.
 */
export async function lockChat(tx: Transaction, channelId: string, chat: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`chat ${channelId} ${chat}`]);
}
