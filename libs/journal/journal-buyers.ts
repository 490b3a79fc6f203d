import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { beginMasking, maskValue } from './mask/mask-value.js';
import { JournalHashes } from './journal-hashes.js';
import { type SubjectKind, toSubject } from './subjects.js';

/** The kinds of a buyer's records. */
const KINDS: readonly SubjectKind[] = ['delivery', 'payment', 'call', 'dialogue'];

/** A buyer, identified by data stored elsewhere. */
export interface JournaledBuyer {
  readonly phone?: string | undefined;
  /** ISO 3166-1 alpha-2, for phones without a country code. */
  readonly country: string;
  /** Ids of the buyer's deliveries, payments, calls and dialogues. */
  readonly ids: readonly string[];
  /** Documents about the buyer. All phones in them belong to the buyer. */
  readonly about: readonly unknown[];
}

/** Erases a buyer from the journal, which identifies buyers by the hash of their phone and by subjects. */
@Injectable()
export class JournalBuyers {
  constructor(
    private readonly database: Database,
    private readonly hashes: JournalHashes,
  ) {}

  /** Clears the bodies, errors and phones of a connection's rows about a buyer. The rest is not personal. */
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
