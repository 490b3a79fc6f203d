import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, EnvironmentError, SecretBox } from '#platform';

/** Checks ENCRYPTION_KEY against stored secrets at start, because with a wrong key every call would fail. */
@Injectable()
export class KeyCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger(KeyCheck.name);

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** Throws EnvironmentError if none of the connections can be read. */
  async onApplicationBootstrap(): Promise<void> {
    const samples = await this.database.query<{ sealed: string; connections: string }>(
      `SELECT min(api_key_sealed) AS sealed, count(*) AS connections FROM connection GROUP BY split_part(api_key_sealed, '.', 2)`,
    );
    const unknown = samples.filter(({ sealed }) => !this.box.hasKeyFor(sealed));
    if (unknown.length === 0) return;
    if (unknown.length === samples.length)
      throw new EnvironmentError(
        'ENCRYPTION_KEY is not the key that the secrets in this database were encrypted with: set it to that one, or append that one after a comma.',
      );
    const lost = unknown.reduce((sum, { connections }) => sum + Number(connections), 0);
    this.logger.error(
      `the secrets of ${lost} connections were encrypted with a key that ENCRYPTION_KEY does not hold: append it after a comma`,
    );
  }
}
