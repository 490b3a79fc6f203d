import { Module } from '@nestjs/common';
import type { Schema } from '#platform';
import { JournalBuyers } from './journal-buyers.js';
import { JournalCleaning } from './journal-cleaning.js';
import { JournalEntryEntity } from './journal.entity.js';
import { journalData } from './journal.data.js';
import { JournalPartitions } from './journal-partitions.js';
import { JournalReader } from './journal-reader.js';
import { Journal } from './journal.js';
import { JournalBaseline1765000000500 } from './migrations/1765000000500-journal-baseline.js';
import { JournalHashes } from './journal-hashes.js';

/** Entities and migrations of this folder. */
export const journalSchema: Schema = {
  entities: [JournalEntryEntity],
  accountData: [journalData],
  migrations: [JournalBaseline1765000000500],
};

/** The journal of exchanges with the CRM and providers. */
@Module({
  providers: [Journal, JournalReader, JournalPartitions, JournalCleaning, JournalBuyers, JournalHashes],
  exports: [Journal, JournalReader, JournalBuyers, JournalHashes],
})
export class JournalModule {}
