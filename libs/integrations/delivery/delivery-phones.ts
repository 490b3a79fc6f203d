import { Injectable } from '@nestjs/common';
import { ConnectionStore, findCountry } from '#connections';
import { JournalHashes } from '#journal';
import { Database, defineJob, HandleJob } from '#platform';

const hashPhones = defineJob<Record<string, never>>('housekeeping', 'delivery.phones');

/** A delivery is found by its phone within this time. */
const EVERY_MS = 10_000;
/** Rows of one statement. */
const BATCH = 500;

interface UnhashedRow {
  id: string;
  connectionId: string;
  phone: string | null;
}

/** Rows that are new, edited or older than the column, and rows with a hash by another key than the first. */
const UNHASHED = `
  SELECT id, connection_id AS "connectionId", coalesce(request #>> '{recipient,phone}', request #>> '{customer,phone}') AS phone
  FROM delivery WHERE id = ANY (ARRAY(
    (SELECT id FROM delivery WHERE phone_hash IS NULL LIMIT ${BATCH})
    UNION ALL (SELECT id FROM delivery WHERE phone_hash > '' AND phone_hash < $1 LIMIT ${BATCH})
    UNION ALL (SELECT id FROM delivery WHERE phone_hash >= $2 LIMIT ${BATCH}))) LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED`;

const STORE = `
  UPDATE delivery SET phone_hash = found.hash FROM unnest($1::uuid[], $2::text[]) AS found (id, hash) WHERE delivery.id = found.id`;

/**
 * Hashes phones, so that operators find deliveries by them. A worker writes the hash soon after a save, and
 * again after ENCRYPTION_KEY has a new first key, so that an old key can be removed.
 */
@Injectable()
export class DeliveryPhones {
  constructor(
    private readonly database: Database,
    private readonly hashes: JournalHashes,
    private readonly connections: ConnectionStore,
  ) {}

  @HandleJob(hashPhones, { everyMs: EVERY_MS })
  async hash(_data: object, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) if ((await this.hashSome()) < BATCH) return;
  }

  private hashSome(): Promise<number> {
    const { keyId } = this.hashes;
    return this.database.transaction(async (tx) => {
      // In text order a hash by the first key is between its id and the next sign after the dot.
      const rows = await tx.query<UnhashedRow[]>(UNHASHED, [`${keyId}.`, `${keyId}/`]);
      if (rows.length === 0) return 0;
      const countries = new Map<string, string>();
      for (const connectionId of new Set(rows.map((row) => row.connectionId))) {
        const connection = await this.connections.findById(connectionId, 'delivery');
        if (connection) countries.set(connectionId, findCountry(connection));
      }
      const found = rows.map(({ phone, connectionId }) => this.hashes.keep(phone ?? '', countries.get(connectionId)) ?? '');
      await tx.query(STORE, [rows.map(({ id }) => id), found]);
      return rows.length;
    });
  }
}
