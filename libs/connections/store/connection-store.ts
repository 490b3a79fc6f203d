import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, type GroupLimits, isWithinScope, notFound, prepare, sha256Hex, StatementGroup, type Transaction } from '#platform';
import { ConnectionErasureEntity } from '../connection-erasure.entity.js';
import { ConnectionEntity } from '../connection.entity.js';
import { type Connection, findView, isUuid } from '../connection.js';
import { HostedModules } from '../hosted-modules.js';
import { type CompiledForm, type CompiledSettings, findCompiledForm, SettingsCompilation, SOURCE_LENGTH } from './compiled-settings.js';
import { ConnectionMemory, type Remembered } from './connection-memory.js';
import { SealedValues } from './sealed-values.js';
import { buildViews, type CallerRow, type ConnectionRow } from './stored-connection.js';

const CALLER = `SELECT id, module_code AS "moduleCode", code, name, system_url AS "systemUrl", api_key_sealed AS "apiKeySealed", settings_sealed AS "settingsSealed",
    rules_sealed AS "rulesSealed", service_memory_sealed AS "serviceMemorySealed", by_provider AS "byProvider", account, active, frozen,
    frozen_by_operator_at AS "frozenByOperatorAt",
    disconnected_at AS "disconnectedAt", shadow, version, rejected_calls AS "rejectedCalls", problems FROM connection`;

const FIND_CALLER = prepare('connection-caller', `${CALLER} WHERE id = $1`);
const FIND_CALLERS = prepare('connection-callers', `${CALLER} WHERE id = ANY ($1::uuid[])`);

/** SQL: one row per client id and module in order, null without a connection, then ids with a new version. */
const READ_VERSIONS = prepare(
  'connection-versions',
  `SELECT id, version FROM (
    SELECT connection.id, connection.version, place
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (client_id_hash, module_code, place)
    LEFT JOIN connection USING (client_id_hash, module_code)
    UNION ALL
    SELECT renewed.id, connection.version, NULL
    FROM unnest($3::uuid[], $4::integer[]) AS renewed (id, version) LEFT JOIN connection USING (id)
    WHERE connection.version IS DISTINCT FROM renewed.version) AS found
    ORDER BY place`,
);
/** Requests of one turn share a statement, as do requests that arrive while two statements are running. */
const GROUP_LIMITS: GroupLimits = { statements: 2, items: 100, size: 100, slowMs: 250 };
/** SQL: the same for whole rows. If settings are compiled in the requested format, only these. */
const READ_CONNECTIONS = prepare(
  'connections-of-clients',
  `SELECT id, module_code AS "moduleCode", code, name, system_url AS "systemUrl", active, frozen,
      frozen_by_operator_at AS "frozenByOperatorAt", disconnected_at AS "disconnectedAt", shadow,
      account, version, rejected_calls AS "rejectedCalls", CASE WHEN compiled.sealed IS NULL THEN settings_sealed END AS "settingsSealed",
      rules_sealed AS "rulesSealed", service_memory_sealed AS "serviceMemorySealed", by_provider AS "byProvider", problems,
      compiled.source AS "compiledSource", compiled.sealed AS "compiledSealed"
    FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) WITH ORDINALITY
      AS asked (client_id_hash, module_code, provider, format, place)
    LEFT JOIN connection USING (client_id_hash, module_code)
    LEFT JOIN compiled_settings AS compiled ON compiled.connection_id = connection.id AND compiled.provider = asked.provider
      AND compiled.format = asked.format AND compiled.source = left(settings_sealed, ${SOURCE_LENGTH})
      AND rules_sealed IS NULL AND by_provider = '{}'
    ORDER BY place`,
);
/** Unknown client ids may be a flood of invalid requests, which must leave the pool to connected shops. */
const READING_LIMITS: GroupLimits = { statements: 2, items: 20, size: 20 };

/** A request for a version or a row. */
interface Asked {
  clientIdHash: string;
  moduleCode: string;
  /** Compiled settings in this form are sufficient. */
  form?: CompiledForm | undefined;
}

/** Finds connections, reads each at most once per version, and changes their rows. */
@Injectable()
export class ConnectionStore {
  private readonly versions = new StatementGroup<Asked, Pick<ConnectionRow, 'id' | 'version'>>(
    { run: (asked) => this.readVersions(asked), measure: () => 1 },
    GROUP_LIMITS,
  );
  private readonly readings = new StatementGroup<Asked, ConnectionRow | undefined>(
    { run: (asked) => this.readConnections(asked), measure: () => 1 },
    READING_LIMITS,
  );

  constructor(
    private readonly database: Database,
    private readonly modules: HostedModules,
    private readonly memory: ConnectionMemory,
    private readonly values: SealedValues,
    private readonly compilation: SettingsCompilation,
  ) {}

  /**
   * Reads the connection of a clientId from the database, through its first provider. Undefined if the
   * module has no such connection.
   * @param mayBeCompiled whether the connection may have compiled settings instead of `settings`
   */
  async findByClientId(moduleCode: string, clientId: string, mayBeCompiled = false): Promise<Connection | undefined> {
    const module = this.modules.get(moduleCode);
    if (!module) return undefined;
    const remembered = await this.readByClient(moduleCode, clientId, mayBeCompiled ? findCompiledForm(module) : undefined);
    if (!remembered) return undefined;
    remembered.usedAt = performance.now();
    this.memory.refresh(remembered);
    return remembered.connection;
  }

  /**
   * Reads a connection by its public id, through its provider of an integration (default: the first
   * provider). Undefined if it is unknown, or if its module is not hosted here or has no such provider.
   */
  async findById(
    id: string,
    integration?: string,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<Connection | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await manager.getRepository(ConnectionEntity).findOneBy({ id });
    return row && isWithinScope(row.moduleCode) ? this.parse(row, integration) : undefined;
  }

  /** Reads a connection like `findById`. Throws 404 if there is none. */
  async load(id: string): Promise<Connection> {
    const connection = await this.findById(id);
    if (!connection) throw notFound('connection', id);
    return connection;
  }

  /**
   * Reads connections by their public ids, each like `findById`. Leaves out connections not found. In a
   * transaction pass its manager, so that no second database connection is needed.
   */
  async findMany(
    ids: Iterable<string>,
    integration?: string,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<Map<string, Connection>> {
    const known = [...new Set(ids)].filter(isUuid);
    const rows = known.length > 0 ? await manager.query<CallerRow[]>(`${CALLER} WHERE id = ANY ($1::uuid[])`, [known]) : [];
    const found = new Map<string, Connection>();
    for (const row of rows) {
      const connection = this.parse(row, integration);
      if (connection) found.set(row.id, connection);
    }
    return found;
  }

  /** Reads the columns for calls to a connection's CRM. Undefined if the connection is unknown. */
  async findCaller(id: string): Promise<CallerRow | undefined> {
    if (!isUuid(id)) return undefined;
    const [row] = await this.database.run<CallerRow>(FIND_CALLER, [id]);
    return row;
  }

  /** Does the same as `findCaller` for several connections. Leaves out unknown ones. */
  findCallers(ids: readonly string[]): Promise<CallerRow[]> {
    return this.database.run<CallerRow>(FIND_CALLERS, [ids]);
  }

  /** Reads the stored row. */
  async findRow(id: string): Promise<ConnectionEntity | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.database.dataSource.getRepository(ConnectionEntity).findOneBy({ id });
    // Hidden, because an operator may be limited to other modules.
    return row && isWithinScope(row.moduleCode) ? row : undefined;
  }

  /**
   * Finds an account's connection by its code in the CRM, unless it is being erased. In a transaction
   * pass its manager.
   */
  async findByCode(
    systemUrl: string,
    code: string,
    manager: EntityManager = this.database.dataSource.manager,
    integration?: string,
  ): Promise<Connection | undefined> {
    const row = await manager.getRepository(ConnectionEntity).findOneBy({ systemUrl, code });
    return row && !(await this.isErased(row.id, manager)) ? this.parse(row, integration) : undefined;
  }

  /** Whether the connection is being erased. */
  isErased(id: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(ConnectionErasureEntity, { id });
  }

  /**
   * Changes a connection's columns and increases its version, in the manager's transaction if one is passed.
   * If `where` contains the key, a connection with another key is not changed.
   */
  async update(
    which: string | Pick<ConnectionEntity, 'id' | 'apiKeySealed'>,
    change: Partial<ConnectionEntity>,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<void> {
    const where = typeof which === 'string' ? { id: which } : { id: which.id, apiKeySealed: which.apiKeySealed };
    await manager
      .createQueryBuilder()
      .update(ConnectionEntity)
      .set({ ...change, version: () => 'version + 1' })
      .where(where)
      .execute();
    // This process rejects a disabled connection immediately. Others follow within the cache's life.
    this.memory.forget(where.id);
  }

  /** Deletes a disconnected connection with its secrets. */
  async delete(id: string, tx: Transaction): Promise<void> {
    await tx.delete(ConnectionEntity, { id });
    this.memory.drop(id);
  }

  /** Parses a stored row. Returns the same as `findById`. */
  parse(row: ConnectionRow, integration?: string): Connection | undefined {
    const connection = this.remember(row)?.connection;
    return connection && integration !== undefined ? findView(connection, integration) : connection;
  }

  private remember(row: ConnectionRow, compiled?: CompiledSettings): Remembered | undefined {
    const module = this.modules.get(row.moduleCode);
    if (!module) return undefined;
    const before = this.memory.peek(row.id, compiled !== undefined);
    if (before?.connection.version === row.version) return before;
    return this.memory.keep(buildViews(row, module, this.values, before?.views ?? [], compiled), compiled);
  }

  /** Reads only the version of a connection in memory. Reads the whole row if the version has changed. */
  private async readByClient(moduleCode: string, clientId: string, form: CompiledForm | undefined): Promise<Remembered | undefined> {
    const clientIdHash = sha256Hex(clientId);
    const known = this.memory.findByClient(moduleCode, clientId, form !== undefined);
    if (known) {
      const { id, version } = known.connection;
      const now = await this.versions.add({ clientIdHash, moduleCode });
      if (now.id === id && now.version === version) return known;
    }
    let row = await this.readings.add({ clientIdHash, moduleCode, form });
    let compiled = row && form && this.openCompiled(row, form);
    // The compiled bytes were broken, and the settings were not sent with them.
    if (row?.compiledSealed && !compiled) row = await this.readings.add({ clientIdHash, moduleCode });
    if (!row) return undefined;
    // V8 may allocate rows in its old space, which would keep 30 KB of text each until a full collection.
    row.compiledSealed = null;
    if (form) compiled ??= this.compile(row, form);
    this.memory.noteClient(clientId, row.id);
    // Rules, or settings that do not fit, may have replaced compiled settings.
    if (form && !compiled) this.memory.dropCompiled(row.id);
    return this.remember(row, compiled);
  }

  private openCompiled(row: ConnectionRow, form: CompiledForm): CompiledSettings | undefined {
    const known = this.memory.peek(row.id, true)?.compiled;
    return known && known.source === row.compiledSource ? known : this.compilation.open(row, form);
  }

  /** Not with rules, because they may choose other settings, which are merged with all settings. */
  private compile(row: ConnectionRow, form: CompiledForm): CompiledSettings | undefined {
    const { id, settingsSealed, rulesSealed, byProvider } = row;
    const module = this.modules.get(row.moduleCode);
    if (!module || settingsSealed === null || rulesSealed !== null || Object.keys(byProvider).length > 0) return undefined;
    return this.compilation.make(id, settingsSealed, () => this.values.openSettings(module, id, settingsSealed), form);
  }

  private async readConnections(asked: readonly Asked[]): Promise<(ConnectionRow | undefined)[]> {
    const rows = await this.database.run<ConnectionRow | { id: null }>(READ_CONNECTIONS, [
      asked.map((one) => one.clientIdHash),
      asked.map((one) => one.moduleCode),
      asked.map((one) => one.form?.provider ?? null),
      asked.map((one) => one.form?.compiler.format ?? null),
    ]);
    return rows.map((row) => (row.id === null ? undefined : row));
  }

  /** Also reads the versions of other connections in use, because separate statements would cost more. */
  private async readVersions(asked: readonly Asked[]): Promise<Pick<ConnectionRow, 'id' | 'version'>[]> {
    const renewed = this.memory.takeRenewable();
    const freshUntil = renewed.map((remembered) => remembered.freshUntil);
    const rows = await this.database.run<Pick<ConnectionRow, 'id' | 'version'>>(READ_VERSIONS, [
      asked.map((one) => one.clientIdHash),
      asked.map((one) => one.moduleCode),
      // As text, because the driver would quote each value of an array.
      `{${renewed.map(({ connection }) => connection.id).join()}}`,
      `{${renewed.map(({ connection }) => connection.version).join()}}`,
    ]);
    const changed = new Set(rows.slice(asked.length).map(({ id }) => id));
    for (const [index, remembered] of renewed.entries()) {
      // A different time means that the connection was changed or read in the meantime.
      if (!changed.has(remembered.connection.id) && remembered.freshUntil === freshUntil[index]) this.memory.refresh(remembered);
    }
    return rows.slice(0, asked.length);
  }
}
