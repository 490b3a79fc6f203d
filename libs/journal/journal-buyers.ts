import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { beginMasking, maskValue } from './mask/mask-value.js';
import { JournalHashes } from './journal-hashes.js';
import { type SubjectKind, toSubject } from './subjects.js';

/** What the records of a buyer may be. */
const KINDS: readonly SubjectKind[] = ['delivery', 'payment', 'call', 'dialogue'];

/** A buyer, by what is held of him elsewhere. */
export interface JournaledBuyer {
  readonly phone?: string | undefined;
  /** ISO 3166-1 alpha-2, by which phones without a country are read. */
  readonly country: string;
  /** Ids of deliveries, payments, calls and dialogues of his. */
  readonly ids: readonly string[];
  /** Documents that name him; their phones are his. */
  readonly about: readonly unknown[];
}

/** Erases a buyer in the journal, which knows him by the hash of his phone and by what rows are about. */
@Injectable()
export class JournalBuyers {
  constructor(
    private readonly database: Database,
    private readonly hashes: JournalHashes,
  ) {}

  /** Empties the bodies, errors and phones of a connection's rows about a buyer; the rest names nobody. */
  async erase(connectionId: string, { phone, country, ids, about }: JournaledBuyer): Promise<void> {
    const masking = beginMasking(Infinity, new Set(phone === undefined ? [] : [phone]));
    for (const document of about) maskValue(document, masking);
    const hashes = [...masking.phones].flatMap((one) => this.hashes.search(one, country));
    const subjects = ids.flatMap((id) => KINDS.flatMap((kind) => this.hashes.searchSubject(toSubject(kind, id))));
    await this.database.query(
      `UPDATE journal_entry SET request_body = NULL, reply_body = NULL, error = NULL, phones = NULL
       WHERE connection_id = $1 AND (phones && $2::text[] OR subjects && $3::text[])`,
      [connectionId, hashes, subjects],
    );
  }
}
