import { Module } from '@nestjs/common';
import type { Schema } from '#platform';
import { JournalBuyers } from './journal-buyers.js';
import { JournalCleaning } from './journal-cleaning.js';
import { JournalEntryEntity } from './journal.entity.js';
import { journalHolding } from './journal.holding.js';
import { JournalParts } from './journal-parts.js';
import { JournalReader } from './journal-reader.js';
import { Journal } from './journal.js';
import { Journal1764000700101 } from './migrations/1764000700101-journal.js';
import { JournalHashes } from './journal-hashes.js';

/** Entities and migrations of this folder. */
export const journalSchema: Schema = {
  entities: [JournalEntryEntity],
  holdings: [journalHolding],
  migrations: [Journal1764000700101],
};

/** The journal of exchanges with the CRM and providers. */
@Module({
  providers: [Journal, JournalReader, JournalParts, JournalCleaning, JournalBuyers, JournalHashes],
  exports: [Journal, JournalReader, JournalBuyers, JournalHashes],
})
export class JournalModule {}
