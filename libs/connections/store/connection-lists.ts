import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { Database } from '#platform';
import { ConnectionEntity } from '../connection.entity.js';

/** Rows per page when all connections are read. */
const PAGE = 200;
/** The same condition as the view `live_connection` and `isLive`. */
const LIVE = { active: true, frozen: false, frozenByOperatorAt: IsNull(), shadow: false };
/** SQL of an account's host, the same expression as in its index. */
const HOST_SQL = `split_part(system_url, '//', 2)`;

/** Lists connections, for operators and for work that covers many of them. */
@Injectable()
export class ConnectionLists {
  constructor(private readonly database: Database) {}

  /** Finds up to `most` connections by id, exact host or beginning of the host. Exact hosts come first. */
  search({ id, host }: { id?: string | undefined; host?: string | undefined }, most: number): Promise<ConnectionEntity[]> {
    return this.database.dataSource
      .getRepository(ConnectionEntity)
      .createQueryBuilder('c')
      .where(
        `c.id = ANY (ARRAY(SELECT id FROM connection WHERE id = :id::uuid UNION ALL
           (SELECT id FROM connection WHERE ${HOST_SQL} = :host LIMIT ${most}) UNION ALL
           (SELECT id FROM connection WHERE ${HOST_SQL} LIKE :beginning ORDER BY ${HOST_SQL} LIMIT ${most})))`,
        { id: id ?? null, host: host ?? null, beginning: host === undefined ? null : `${host.replace(/[\\%_]/g, '\\$&')}%` },
      )
      .orderBy(`CASE WHEN ${HOST_SQL} = :host THEN 0 ELSE 1 END`)
      .addOrderBy('c.id')
      .limit(most)
      .getMany();
  }

  /** Returns the hosts of existing connections, by their ids. */
  async listHosts(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ id: string; systemUrl: string }>(
      'SELECT id, system_url AS "systemUrl" FROM connection WHERE id = ANY ($1::uuid[])',
      [ids],
    );
    return new Map(rows.map(({ id, systemUrl }) => [id, new URL(systemUrl).host]));
  }

  /** Returns the codes of connections' modules, by id. */
  async listModuleCodes(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ id: string; module: string }>(
      'SELECT id, module_code AS module FROM connection WHERE id = ANY ($1::uuid[])',
      [ids],
    );
    return new Map(rows.map(({ id, module }) => [id, module]));
  }

  /** Counts connections by the code of their module, including modules that are not hosted here. */
  async countByModule(): Promise<Map<string, number>> {
    const rows = await this.database.query<{ module: string; connections: number }>(
      'SELECT module_code AS module, count(*)::int AS connections FROM connection GROUP BY 1 ORDER BY 1',
    );
    return new Map(rows.map(({ module, connections }) => [module, connections]));
  }

  /**
   * Lists the connection ids of `modules` (default: all modules) in id order. `live` leaves out inactive and
   * frozen connections.
   */
  async listIds({ modules, live }: { modules?: readonly string[]; live?: boolean }): Promise<string[]> {
    const rows = await this.database.dataSource.getRepository(ConnectionEntity).find({
      select: { id: true },
      where: { ...(modules && { moduleCode: In(modules) }), ...(live && LIVE) },
      order: { id: 'ASC' },
    });
    return rows.map(({ id }) => id);
  }

  /** Lists the ids of an account's live connections of `modules`. */
  async listOfAccount(systemUrl: string, modules: readonly string[]): Promise<string[]> {
    const rows = await this.database.dataSource
      .getRepository(ConnectionEntity)
      .find({ select: { id: true }, where: { moduleCode: In(modules), systemUrl, ...LIVE }, order: { id: 'ASC' } });
    return rows.map(({ id }) => id);
  }

  /** Reads the rows of live connections page by page in id order, starting after `start`. */
  async *readLive(start = '00000000-0000-0000-0000-000000000000'): AsyncGenerator<ConnectionEntity> {
    const repository = this.database.dataSource.getRepository(ConnectionEntity);
    for (let after = start; ;) {
      const rows = await repository.find({ where: { ...LIVE, id: MoreThan(after) }, order: { id: 'ASC' }, take: PAGE });
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.id;
    }
  }

  /**
   * Lists up to `most` connections of retired modules that are disconnected, or frozen by the operator, and
   * whose CRM has not been notified.
   */
  listLeftRetired(most: number): Promise<ConnectionEntity[]> {
    const left = { retiredAt: Not(IsNull()), registeredHash: Not(IsNull()), shadow: false };
    return this.database.dataSource.getRepository(ConnectionEntity).find({
      where: [
        { ...left, disconnectedAt: Not(IsNull()) },
        { ...left, frozenByOperatorAt: Not(IsNull()) },
      ],
      order: { id: 'ASC' },
      take: most,
    });
  }
}
