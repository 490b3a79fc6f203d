import { Injectable } from '@nestjs/common';
import { Clock, Database, randomToken, sha256Hex } from '#platform';
import { ConnectionEntity } from '../connection.entity.js';
import type { Connection } from '../connection.js';
import { HostedModules } from '../hosted-modules.js';
import { ConnectionStore } from '../store/connection-store.js';

const LIFE_MS = 15 * 60_000;

/** One-time tokens that open an account's page. */
@Injectable()
export class PageTokens {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly clock: Clock,
  ) {}

  /** Issues a token for a quarter of an hour. A newer token replaces it. */
  async issue(id: string): Promise<string> {
    const token = randomToken();
    const accountTokenExpiresAt = new Date(this.clock.now().getTime() + LIFE_MS);
    await this.connections.update(id, { accountTokenHash: sha256Hex(token), accountTokenExpiresAt });
    return token;
  }

  /** Finds a connection by its token and spends it. Undefined if the token is unknown, spent or expired. */
  async spend(moduleCode: string, token: string): Promise<Connection | undefined> {
    if (!this.modules.get(moduleCode)) return undefined;
    const rows = await this.database.dataSource
      .createQueryBuilder()
      .update(ConnectionEntity)
      .set({ accountTokenHash: null, accountTokenExpiresAt: null })
      .where('account_token_hash = :hash AND module_code = :moduleCode AND account_token_expires_at > :now', {
        hash: sha256Hex(token),
        moduleCode,
        now: this.clock.now(),
      })
      .returning('id')
      .execute();
    const id = (rows.raw as { id: string }[])[0]?.id;
    return id ? this.connections.findById(id) : undefined;
  }
}
