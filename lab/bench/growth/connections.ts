import type pg from 'pg';
import type { SecretBox } from '#platform';
import { CONNECTIONS, idOf } from './part.js';

/** Stores the connections that the rows belong to. */
export async function seedConnections(database: pg.Client, box: SecretBox): Promise<void> {
  const ids = Array.from({ length: CONNECTIONS }, (_, index) => idOf(index + 1));
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account)
     SELECT id, 'courier', 'https://shop-' || n || '.example', 'hash ' || n, client, key, '{"timeZone":"UTC","language":"en"}'
     FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS c (id, client, key, n)`,
    [ids, ...(['clientId', 'apiKey'] as const).map((name) => ids.map((id) => box.seal(name, `${id}/${name}`)))],
  );
}
