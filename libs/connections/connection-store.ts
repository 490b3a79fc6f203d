import { randomInt } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type EntityManager, In, IsNull, MoreThan, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  BadInputError,
  Clock,
  Database,
  type DtoClass,
  Environment,
  getParser,
  type GroupLimits,
  isWithinScope,
  type PreparedStatement,
  randomToken,
  sha256Hex,
  StatementGroup,
  toRows,
  type Transaction,
} from '#platform';
import type { AccountSettings } from '#provider-kit';
import {
  type CompiledForm,
  type CompiledRow,
  type CompiledSettings,
  findCompiledForm,
  SettingsCompilation,
  SOURCE_LENGTH,
} from './compiled-settings.js';
import { type Connection, ConnectionFields, findView, isUuid } from './connection.js';
import { ConnectionSecrets } from './connection-secrets.js';
import { ConnectionErasureEntity } from './connection-erasure.entity.js';
import { ConnectionEntity, type Overload, UNKNOWN_ACCOUNT } from './connection.entity.js';
import { NO_PROBLEMS, type Problems, readProblemKey } from './health/problems.js';
import { type HostedModule, HostedModules } from './hosted-modules.js';
import { type ProviderState, readState, writeState } from './provider-state.js';

/** Milliseconds for which a process may answer `calculate` from a connection in memory (ADR 2). */
const CACHE_LIFE_MS = 1500;
/** Connections in use have their version read with others during the last `leftMs` of their life. */
const RENEWED = { most: 200, leftMs: 1000, usedMs: 10_000 };
/** If memory is full, one of `KEPT_OF` new connections is kept, so that accounts do not evict each other. */
const KEPT_OF = 8;
/** Estimated bytes of a connection without sealed columns, and per character of its sealed columns. */
const BYTES = { connection: 2_000, sealedCharacter: 3 };
/** A connection with stored settings is kept if it returns before this number of others is requested. */
const MOST_ASKED = 500;
/** Maximum number of client ids with a known connection id. Each takes about a hundred bytes. */
const MOST_CLIENTS = 50_000;
/** Rows per page when all connections are read. */
const PAGE = 200;
/** The same condition as the view `live_connection` and `isLive`. */
const LIVE = { active: true, frozen: false, frozenByOperatorAt: IsNull(), shadow: false };

/** End of the address of a connection whose account connected again while the connection was being erased. */
const REPLACED = '.replaced.invalid';

/** Data that a provider's `connect` stored. */
type Memory = Connection['memory'];

const NOTHING: Memory = {};

/** The columns of a connection's row that a `Connection` and calls to its CRM need. */
export type CallerRow = Pick<
  ConnectionEntity,
  | 'id'
  | 'moduleCode'
  | 'code'
  | 'name'
  | 'systemUrl'
  | 'apiKeySealed'
  | 'settingsSealed'
  | 'rulesSealed'
  | 'serviceMemorySealed'
  | 'byProvider'
  | 'account'
  | 'active'
  | 'frozen'
  | 'frozenByOperatorAt'
  | 'disconnectedAt'
  | 'shadow'
  | 'version'
  | 'refusedCalls'
  | 'problems'
>;

const CALLER = `SELECT id, module_code AS "moduleCode", code, name, system_url AS "systemUrl", api_key_sealed AS "apiKeySealed", settings_sealed AS "settingsSealed",
    rules_sealed AS "rulesSealed", service_memory_sealed AS "serviceMemorySealed", by_provider AS "byProvider", account, active, frozen,
    frozen_by_operator_at AS "frozenByOperatorAt",
    disconnected_at AS "disconnectedAt", shadow, version, refused_calls AS "refusedCalls", problems FROM connection`;

const FIND_CALLER: PreparedStatement = { name: 'connection-caller-6', text: `${CALLER} WHERE id = $1` };
const FIND_CALLERS: PreparedStatement = { name: 'connection-callers-5', text: `${CALLER} WHERE id = ANY ($1::uuid[])` };

/** An account whose key was checked. */
export interface NewAccount {
  /** Origin of the account, as accepted by `SystemUrls`. */
  readonly systemUrl: string;
  readonly apiKey: string;
  /** Scopes of the key. */
  readonly scopes: string[];
  /** The account's known settings. */
  readonly account: Partial<AccountSettings>;
}

/** The columns that a Connection is built from. */
type ConnectionRow = Omit<CallerRow, 'apiKeySealed'> & CompiledRow;

/** SQL: one row per client id and module in order, null without a connection, then ids with a new version. */
const READ_VERSIONS: PreparedStatement = {
  name: 'connection-versions-3',
  text: `SELECT id, version FROM (
    SELECT connection.id, connection.version, place
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (client_id_hash, module_code, place)
    LEFT JOIN connection USING (client_id_hash, module_code)
    UNION ALL
    SELECT renewed.id, connection.version, NULL
    FROM unnest($3::uuid[], $4::integer[]) AS renewed (id, version) LEFT JOIN connection USING (id)
    WHERE connection.version IS DISTINCT FROM renewed.version) AS found
    ORDER BY place`,
};
/** Requests of one turn share a statement, as do requests that arrive while two statements are running. */
const GROUP_LIMITS: GroupLimits = { statements: 2, items: 100, size: 100, slowMs: 250 };
/** SQL: the same for whole rows. If settings are compiled in the requested format, only these. */
const READ_CONNECTIONS: PreparedStatement = {
  name: 'connections-of-clients-2',
  text: `SELECT id, module_code AS "moduleCode", code, name, system_url AS "systemUrl", active, frozen,
      frozen_by_operator_at AS "frozenByOperatorAt", disconnected_at AS "disconnectedAt", shadow,
      account, version, refused_calls AS "refusedCalls", CASE WHEN compiled.sealed IS NULL THEN settings_sealed END AS "settingsSealed",
      rules_sealed AS "rulesSealed", service_memory_sealed AS "serviceMemorySealed", by_provider AS "byProvider", problems,
      compiled.source AS "compiledSource", compiled.sealed AS "compiledSealed"
    FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) WITH ORDINALITY
      AS asked (client_id_hash, module_code, provider, format, place)
    LEFT JOIN connection USING (client_id_hash, module_code)
    LEFT JOIN compiled_settings AS compiled ON compiled.connection_id = connection.id AND compiled.provider = asked.provider
      AND compiled.format = asked.format AND compiled.source = left(settings_sealed, ${SOURCE_LENGTH})
      AND rules_sealed IS NULL AND by_provider = '{}'
    ORDER BY place`,
};
/** Unknown client ids may be a flood of invalid requests, which must leave the pool to connected shops. */
const READING_LIMITS: GroupLimits = { statements: 2, items: 20, size: 20 };

/** SQL of an account's host, the same expression as in its index. */
const HOST_SQL = `split_part(system_url, '//', 2)`;
/** Alphabet and length of the random part in the code of a further instance. */
const INSTANCE = { letters: 'abcdefghijklmnopqrstuvwxyz0123456789', length: 8 };

/** Identifies an account and one of its modules. */
type OfAccount = { readonly module: Pick<HostedModule, 'code'> } & Pick<Connection, 'systemUrl'>;

/** A request for a version or a row. */
interface Asked {
  clientIdHash: string;
  moduleCode: string;
  /** Compiled settings in this form are sufficient. */
  form?: CompiledForm | undefined;
}

/** A connection that this process keeps in memory. */
interface Remembered {
  /** The connection through the module's first provider. */
  readonly connection: Connection;
  readonly views: readonly StoredConnection[];
  /** Its key in memory. */
  readonly key: string;
  /** Estimated bytes. */
  readonly bytes: number;
  readonly compiled: CompiledSettings | undefined;
  /** End of the time in which `recall` returns it, on the clock of `performance`. */
  freshUntil: number;
  /** When a callback last used it, on the same clock. */
  usedAt: number;
}

/** A sealed column that is opened when it is first read. */
class Stored<Value> {
  private opened: Value | undefined;

  constructor(
    readonly sealed: string | null,
    private readonly open: () => Value,
  ) {}

  get(): Value {
    return (this.opened ??= this.open());
  }
}

class StoredConnection extends ConnectionFields {
  constructor(
    row: ConnectionRow,
    module: HostedModule,
    /** Views of all providers. They share this list, which is complete once all views are built. */
    readonly views: readonly StoredConnection[],
    readonly stored: Stored<object>,
    readonly ruled: Stored<object | undefined>,
    private readonly memories: Stored<Readonly<Record<string, Memory>>>,
    private readonly compiledSettings: CompiledSettings | undefined,
  ) {
    super({ ...row, refusedCalls: readState(row, module).refusedCalls, problems: toProblems(row.problems) }, module);
  }

  get settings(): object {
    return this.stored.get();
  }

  get compiled(): object | undefined {
    return this.compiledSettings?.open();
  }

  get rules(): object | undefined {
    return this.ruled.get();
  }

  get memory(): Memory {
    return this.memories.get()[this.module.manifest.code] ?? NOTHING;
  }
}

/** Returns the same object for no problems, so that a check for problems is a cheap comparison. */
function toProblems(stored: Problems): Problems {
  return Object.keys(stored).length === 0 ? NO_PROBLEMS : stored;
}

/** Whether the account connected again while this connection was being erased, so the CRM is not notified. */
export function isReplaced({ systemUrl }: Pick<ConnectionEntity, 'systemUrl'>): boolean {
  return systemUrl.endsWith(REPLACED);
}

/** Finds, stores and changes connections. */
@Injectable()
export class ConnectionStore {
  private readonly logger = new Logger(ConnectionStore.name);
  /** By `toKey`. A connection may have two entries: with compiled settings and without. */
  private readonly byId: LRUCache<string, Remembered>;
  /** Connections that `recall` may return, the oldest read first. */
  private readonly renewable = new Map<string, Remembered>();
  /** Number of connections with compiled settings that did not fit into memory. */
  private newcomers = 0;
  private readonly compilation: SettingsCompilation;
  /** Ids with stored settings that were recently requested. The second request keeps them (`remember`). */
  private readonly asked = new LRUCache<string, true>({ max: MOST_ASKED });
  private readonly idsByClient = new LRUCache<string, string>({ max: MOST_CLIENTS });
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
    private readonly secrets: ConnectionSecrets,
    private readonly clock: Clock,
    private readonly environment: Environment,
  ) {
    this.byId = new LRUCache({ maxSize: environment.CONNECTION_CACHE_MB * 1024 * 1024, sizeCalculation: ({ bytes }) => bytes });
    this.compilation = new SettingsCompilation(database, secrets);
  }

  /** Estimated bytes of the connections in memory, at most CONNECTION_CACHE_MB. */
  get rememberedBytes(): number {
    return this.byId.calculatedSize;
  }

  /**
   * Returns a connection from memory through its first provider, at most two seconds old, possibly with
   * compiled settings. Undefined if it is not in memory.
   */
  recall(moduleCode: string, clientId: string): Connection | undefined {
    const remembered = this.findRemembered(moduleCode, clientId, true);
    const now = performance.now();
    if (!remembered || now >= remembered.freshUntil) return undefined;
    remembered.usedAt = now;
    return remembered.connection;
  }

  /** Returns a connection that this process last read at any time. Undefined if it is not in memory. */
  recallStale(id: string): Connection | undefined {
    return this.byId.get(id)?.connection;
  }

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
    this.refresh(remembered);
    return remembered.connection;
  }

  /** Reads only the version of a connection in memory. Reads the whole row if the version has changed. */
  private async readByClient(moduleCode: string, clientId: string, form: CompiledForm | undefined): Promise<Remembered | undefined> {
    const clientIdHash = sha256Hex(clientId);
    const known = this.findRemembered(moduleCode, clientId, form !== undefined);
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
    // The text is a slice of the request's body and would keep it in memory. A copy does not.
    this.idsByClient.set(Buffer.from(clientId).toString(), row.id);
    // Rules, or settings that do not fit, may have replaced compiled settings.
    if (form && !compiled) this.byId.delete(toKey(row.id, true));
    return this.remember(row, compiled);
  }

  private openCompiled(row: ConnectionRow, form: CompiledForm): CompiledSettings | undefined {
    const known = this.byId.peek(toKey(row.id, true))?.compiled;
    return known && known.source === row.compiledSource ? known : this.compilation.open(row, form);
  }

  /** Not with rules, because they may choose other settings, which are merged with all settings. */
  private compile(row: ConnectionRow, form: CompiledForm): CompiledSettings | undefined {
    const { id, settingsSealed, rulesSealed, byProvider } = row;
    const module = this.modules.get(row.moduleCode);
    if (!module || settingsSealed === null || rulesSealed !== null || Object.keys(byProvider).length > 0) return undefined;
    return this.compilation.make(id, settingsSealed, () => this.openSettings(module, id, settingsSealed), form);
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
    const renewed = this.takeRenewable();
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
      if (!changed.has(remembered.connection.id) && remembered.freshUntil === freshUntil[index]) this.refresh(remembered);
    }
    return rows.slice(0, asked.length);
  }

  private refresh(remembered: Remembered): void {
    remembered.freshUntil = performance.now() + CACHE_LIFE_MS;
    const { key } = remembered;
    this.renewable.delete(key);
    if (this.byId.peek(key) === remembered) this.renewable.set(key, remembered);
  }

  /** Removes and returns connections in use that expire soon. Unused connections are no longer renewed. */
  private takeRenewable(): Remembered[] {
    const now = performance.now();
    const taken: Remembered[] = [];
    for (const [key, remembered] of this.renewable) {
      if (taken.length >= RENEWED.most || remembered.freshUntil > now + RENEWED.leftMs) break;
      this.renewable.delete(key);
      if (this.byId.peek(key) === remembered && remembered.freshUntil > 0 && remembered.usedAt > now - RENEWED.usedMs)
        taken.push(remembered);
    }
    return taken;
  }

  private findRemembered(moduleCode: string, clientId: string, mayBeCompiled: boolean): Remembered | undefined {
    const id = this.idsByClient.get(clientId);
    if (id === undefined) return undefined;
    const remembered = (mayBeCompiled ? this.byId.get(toKey(id, true)) : undefined) ?? this.byId.get(id);
    return remembered?.connection.module.code === moduleCode ? remembered : undefined;
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

  private isErased(id: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(ConnectionErasureEntity, { id });
  }

  /**
   * Stores an account's first connection of a module, or renews it with a new key and makes it active. Its
   * other instances get the key without becoming active. Concurrent calls create only one connection. A
   * connection that is being erased is not renewed. It is replaced by a new one.
   * @param shadow undefined: unchanged, and false for a new connection
   */
  async connect(
    tx: Transaction,
    module: HostedModule,
    { systemUrl, apiKey, scopes, account }: NewAccount,
    shadow?: boolean,
  ): Promise<{ id: string; created: boolean }> {
    await this.lockInstances(tx, { module, systemUrl });
    const repository = tx.getRepository(ConnectionEntity);
    const instances = await this.listInstances({ module, systemUrl }, tx);
    const first = instances.find(({ instance }) => instance === null);
    const isErased = first !== undefined && (await this.isErased(first.id, tx));
    if (isErased) await this.update(first.id, { systemUrl: `https://${first.id}${REPLACED}` }, tx);
    const known = isErased ? undefined : first;
    for (const other of instances)
      if (other !== first)
        await this.update(other.id, { ...this.toKeyColumns(other.id, apiKey, scopes), account: { ...other.account, ...account } }, tx);
    const id = known?.id ?? uuidv7();
    const wasOff = known !== undefined && (!known.active || known.frozen);
    const clientId = randomToken(24);
    await repository.save({
      ...(known ?? {
        id,
        moduleCode: module.code,
        systemUrl,
        clientIdHash: sha256Hex(clientId),
        clientIdSealed: this.secrets.seal(id, 'clientId', clientId),
        settingsSealed: null,
        notSetUp: this.listLacking(module, id),
      }),
      apiKeySealed: this.secrets.seal(id, 'apiKey', apiKey),
      scopes,
      account: { ...UNKNOWN_ACCOUNT, ...known?.account, ...account },
      active: true,
      frozen: false,
      disconnectedAt: null,
      shadow: shadow ?? known?.shadow ?? false,
      registrationError: null,
      ...(known && { problems: omitOfCrm(known.problems) }),
      ...(wasOff && { switchedOnAgainAt: this.clock.now() }),
      version: (known?.version ?? 0) + 1,
    });
    if (known && (!known.active || (known.shadow && shadow === false))) await this.wantServices(id, true, tx);
    this.forget(id);
    // A shop that connects again would look like a repeat of a request made long ago.
    if (wasOff) {
      const before = known.disconnectedAt ? 'had been disconnected' : `the CRM had ${known.active ? 'frozen' : 'switched off'}`;
      this.logger.warn(`a registration switched connection ${id} on again, which ${before}`);
    }
    return { id, created: known === undefined };
  }

  /** Ends a trial. Its services are set up in the background. Returns false if it is not a trial. */
  async goLive(id: string, tx: Transaction): Promise<boolean> {
    const ended = toRows(
      await tx.query(
        'UPDATE connection SET shadow = false, version = version + 1, updated_at = now() WHERE id = $1 AND shadow RETURNING id',
        [id],
      ),
    );
    if (ended.length === 0) return false;
    this.forget(id);
    await this.wantServices(id, true, tx);
    return true;
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
    this.forget(where.id);
  }

  /**
   * Stores whether a connection is active and frozen in the CRM. Its services follow in the background. A
   * disconnected connection does not become active.
   */
  async setActivity(before: Connection, { active, frozen }: Pick<Connection, 'active' | 'frozen'>, tx: Transaction): Promise<void> {
    const [now] = toRows<{ active: boolean }>(
      await tx.query(
        `UPDATE connection SET active = $2 AND disconnected_at IS NULL, frozen = $3, version = version + 1, updated_at = now()
         WHERE id = $1 RETURNING active`,
        [before.id, active, frozen],
      ),
    );
    this.forget(before.id);
    if (now && now.active !== before.active) await this.wantServices(before.id, now.active, tx);
  }

  /**
   * Marks a connection as disconnected until the account connects again. Its services follow in the
   * background. Returns false, and changes nothing, if it was disconnected before.
   */
  async disconnect(id: string, tx: Transaction): Promise<boolean> {
    const rows = toRows(
      await tx.query(
        `UPDATE connection SET active = false, disconnected_at = now(), version = version + 1, updated_at = now()
         WHERE id = $1 AND disconnected_at IS NULL RETURNING id`,
        [id],
      ),
    );
    if (rows.length === 0) return false;
    this.forget(id);
    await this.wantServices(id, false, tx);
    return true;
  }

  /** Whether no process serves the module of a connection. */
  async isRetired(id: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(ConnectionEntity, { id, retiredAt: Not(IsNull()) });
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

  /** Deletes a disconnected connection with its secrets. */
  async delete(id: string, tx: Transaction): Promise<void> {
    await tx.delete(ConnectionEntity, { id });
    for (const isCompiled of [false, true]) this.byId.delete(toKey(id, isCompiled));
  }

  /** Freezes a connection for the operator, or unfreezes it. Returns whether this changed anything. */
  async setFrozenByOperator(id: string, frozen: boolean, tx: Transaction): Promise<boolean> {
    const rows = toRows(
      await tx.query(
        `UPDATE connection SET frozen_by_operator_at = CASE WHEN $2 THEN now() END, version = version + 1, updated_at = now()
         WHERE id = $1 AND (frozen_by_operator_at IS NULL) = $2 RETURNING id`,
        [id, frozen],
      ),
    );
    this.forget(id);
    return rows.length > 0;
  }

  /** Schedules the setup of the connection's services, or its removal, as soon as possible. */
  private async wantServices(id: string, wanted: boolean, tx: Transaction): Promise<void> {
    await tx.query('UPDATE connection_service SET wanted = $2, due_at = now(), tries = 0 WHERE connection_id = $1', [id, wanted]);
  }

  /**
   * Drops a changed connection from `recall`. The settings object stays, in case the settings did
   * not change.
   */
  forget(id: string): void {
    for (const isCompiled of [false, true]) {
      const remembered = this.byId.peek(toKey(id, isCompiled));
      if (remembered) remembered.freshUntil = 0;
    }
  }

  /** Reads the instances of an account's module, in the order of their creation. */
  listInstances({ module, systemUrl }: OfAccount, manager: EntityManager = this.database.dataSource.manager): Promise<ConnectionEntity[]> {
    return manager.getRepository(ConnectionEntity).find({ where: { moduleCode: module.code, systemUrl }, order: { id: 'ASC' } });
  }

  /** Prevents other transactions from adding, moving or renewing the instances of an account's module. */
  async lockInstances(tx: Transaction, { module, systemUrl }: OfAccount): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`connect ${module.code} ${systemUrl}`]);
  }

  /**
   * Stores a further instance with the key and account of an existing instance, and the provider's default
   * settings. Returns its id. Requires `lockInstances`.
   */
  async addInstance(present: ConnectionEntity, name: string, tx: Transaction): Promise<string> {
    const id = uuidv7();
    const clientId = randomToken(24);
    const { moduleCode, systemUrl, scopes, account, settingsError } = present;
    await tx.getRepository(ConnectionEntity).save({
      ...{ id, moduleCode, systemUrl, scopes, account, name, instance: this.makeInstance(moduleCode), shadow: present.shadow },
      notSetUp: this.listLacking(this.modules.get(moduleCode), id),
      clientIdHash: sha256Hex(clientId),
      clientIdSealed: this.secrets.seal(id, 'clientId', clientId),
      apiKeySealed: this.secrets.seal(id, 'apiKey', this.secrets.open(present, 'apiKey')),
      ...(settingsError !== null && { settingsError, settingsDueAt: this.clock.now() }),
    });
    return id;
  }

  /** Lists providers whose default settings are incomplete, with the current time. */
  private listLacking(module: HostedModule | undefined, id: string): Record<string, string> {
    const lacking = (module?.parts ?? []).filter((part) => part.manifest.describeMissing?.(this.openSettings(part, id, null)));
    return Object.fromEntries(lacking.map(({ manifest }) => [manifest.code, this.clock.now().toISOString()]));
  }

  /** Makes a code that no hosted module has. The database rejects a code that is taken in the account. */
  private makeInstance(moduleCode: string): string {
    for (;;) {
      const letters = Array.from({ length: INSTANCE.length }, () => INSTANCE.letters[randomInt(INSTANCE.letters.length)]);
      const instance = letters.join('');
      if (!this.modules.get(`${moduleCode}-${instance}`)) return instance;
    }
  }

  /**
   * Stores a new API key and its scopes in all instances of the account's module. The others become due for
   * registration. Returns their ids.
   */
  async keepKey(connection: Connection, apiKey: string, scopes: string[]): Promise<string[]> {
    const { id } = connection;
    const ids = await this.updateInstances(connection, (one) =>
      one === id ? { apiKeySealed: this.secrets.seal(id, 'apiKey', apiKey), scopes } : this.toKeyColumns(one, apiKey, scopes),
    );
    return ids.filter((one) => one !== id);
  }

  /** Stores the scopes of the current key. */
  async keepScopes(connection: Connection, scopes: string[]): Promise<void> {
    await this.updateInstances(connection, () => ({ scopes }));
  }

  /** Stores the account's new address in all instances of the module. Returns their ids. */
  moveAccount(connection: Connection, systemUrl: string): Promise<string[]> {
    return this.updateInstances(connection, () => ({ systemUrl }));
  }

  /** Returns the columns of a new key. The registration must be sent to the CRM again. */
  private toKeyColumns(id: string, apiKey: string, scopes: string[]): Partial<ConnectionEntity> {
    return { apiKeySealed: this.secrets.seal(id, 'apiKey', apiKey), scopes, registeredHash: null };
  }

  /** Changes all instances of a connection's account and module. Returns their ids. */
  private updateInstances(connection: Connection, change: (id: string) => Partial<ConnectionEntity>): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      await this.lockInstances(tx, connection);
      // Read again, because the account may have moved in the meantime.
      const row = await tx.getRepository(ConnectionEntity).findOneBy({ id: connection.id });
      const instances = row ? await this.listInstances({ ...connection, systemUrl: row.systemUrl }, tx) : [];
      for (const { id } of instances) await this.update(id, change(id), tx);
      return instances.map(({ id }) => id);
    });
  }

  /**
   * Stores validated settings of this provider. `judge` throws if the current settings must not be
   * replaced.
   */
  async keepSettings(
    { id, module }: Pick<Connection, 'id' | 'module'>,
    settings: object,
    tx: Transaction,
    judge?: (stored: object) => void,
  ): Promise<void> {
    const settingsSealed = this.secrets.seal(id, 'settings', JSON.stringify(settings));
    await this.changeState({ id, module }, tx, (before) => {
      judge?.(this.openSettings(module, id, before.settingsSealed));
      return { settingsSealed };
    });
    const form = findCompiledForm(module);
    if (form) await this.compilation.keep(tx, id, settingsSealed, settings, form);
    const { code, describeMissing } = module.manifest;
    await tx.query(
      `UPDATE connection SET not_set_up = CASE WHEN NOT $3 THEN not_set_up - $2
         ELSE jsonb_build_object($2::text, to_jsonb(now())) || not_set_up END WHERE id = $1`,
      [id, code, describeMissing?.(settings) !== undefined],
    );
  }

  /**
   * Changes the stored state of this provider only. `change` receives the current state, which is
   * locked. If it returns undefined, nothing is changed.
   */
  async changeState(
    { id, module }: Pick<Connection, 'id' | 'module'>,
    tx: Transaction,
    change: (stored: ProviderState) => Partial<ProviderState> | undefined,
  ): Promise<void> {
    const row = await tx.getRepository(ConnectionEntity).findOne({
      where: { id },
      select: { id: true, settingsSealed: true, refusedCalls: true, credentialsToldAt: true, byProvider: true },
      lock: { mode: 'pessimistic_write' },
    });
    if (!row) return;
    const before = readState(row, module);
    const changed = change(before);
    if (changed) await this.update(id, writeState(row, module, { ...before, ...changed }), tx);
  }

  /** Stores validated rules of the account. Undefined removes them. */
  async keepRules(id: string, rules: object | undefined, tx: Transaction): Promise<void> {
    await this.update(id, { rulesSealed: rules ? this.secrets.seal(id, 'rules', JSON.stringify(rules)) : null }, tx);
  }

  /** Stores data of this provider's `connect`. Data of the module's other providers stays. */
  async keepMemory({ id, module }: Pick<Connection, 'id' | 'module'>, memory: Memory, tx: Transaction): Promise<void> {
    const row = await tx
      .getRepository(ConnectionEntity)
      .findOne({ where: { id }, select: { id: true, serviceMemorySealed: true }, lock: { mode: 'pessimistic_write' } });
    if (!row) return;
    const all = { ...this.openMemory(row), [module.manifest.code]: memory };
    await this.update(id, { serviceMemorySealed: this.secrets.seal(id, 'serviceMemory', JSON.stringify(all)) }, tx);
  }

  /** Records that the account's settings could not be read (they are due in a minute), or that they could. */
  async noteSettingsRead(tx: Transaction, id: string, problem: string | undefined): Promise<void> {
    await tx.query(
      `UPDATE connection SET settings_error = $2, settings_tries = 0, version = version + 1,
         settings_due_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() + interval '1 minute' END
       WHERE id = $1 AND ($2::text IS NOT NULL OR settings_error IS NOT NULL)`,
      [id, problem ?? null],
    );
  }

  /**
   * Claims up to `most` live connections whose account settings are due to be read. The pause doubles with
   * each attempt, up to `longestPauseMin` minutes. Returns their ids.
   */
  async claimDueSettings(most: number, longestPauseMin: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `UPDATE connection SET settings_tries = settings_tries + 1, version = version + 1,
         settings_due_at = now() + make_interval(mins => least($1, power(2, least(settings_tries, 20) + 1)::int))
       WHERE id IN (
         SELECT id FROM connection WHERE settings_due_at <= now() AND id IN (SELECT id FROM served_connection) ORDER BY settings_due_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [longestPauseMin, most],
    );
    return rows.map(({ id }) => id);
  }

  /** Counts data that was dropped because a connection had too much of it, for the operator. */
  async markOverload(id: string, { events, calls }: Pick<Overload, 'events' | 'calls'>): Promise<void> {
    await this.database.query(
      `UPDATE connection SET overload = jsonb_build_object('events', coalesce((overload->>'events')::bigint, 0) + $2::bigint,
         'calls', coalesce((overload->>'calls')::bigint, 0) + $3::bigint, 'lastAt', now()) WHERE id = $1`,
      [id, events, calls],
    );
  }

  /** Finds a connection by a one-time page token and spends it. Undefined if unknown, spent or expired. */
  async spendAccountToken(moduleCode: string, token: string): Promise<Connection | undefined> {
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
    return id ? this.findById(id) : undefined;
  }

  /** Parses a stored row. Returns the same as `findById`. */
  parse(row: ConnectionRow, integration?: string): Connection | undefined {
    const connection = this.remember(row)?.connection;
    return connection && integration !== undefined ? findView(connection, integration) : connection;
  }

  private remember(row: ConnectionRow, compiled?: CompiledSettings): Remembered | undefined {
    const module = this.modules.get(row.moduleCode);
    if (!module) return undefined;
    // Closures must not reference the row, whose compiled settings are 30 KB of text.
    const { id, rulesSealed, serviceMemorySealed } = row;
    const key = toKey(id, compiled !== undefined);
    const before = this.byId.get(key);
    if (before?.connection.version === row.version) return before;
    const memories = new Stored(serviceMemorySealed, () => this.openMemory({ id, serviceMemorySealed }));
    const views: StoredConnection[] = [];
    for (const part of module.parts) {
      const sealed = compiled ? null : readState(row, part).settingsSealed;
      const known = before?.views.find((view) => view.module === part);
      const open = compiled ? refuseSettings : (): object => this.openSettings(part, id, sealed);
      // Unchanged settings keep the same object, because providers cache the results of compiling it.
      const settings = known?.stored.sealed === sealed ? known.stored : new Stored(sealed, open);
      const rules =
        known?.ruled.sealed === rulesSealed ? known.ruled : new Stored(rulesSealed, () => this.openRules(part, id, rulesSealed));
      views.push(new StoredConnection(row, part, views, settings, rules, memories, compiled));
    }
    const [connection] = views;
    if (!connection) return undefined;
    const lengths = [rulesSealed, memories.sealed, ...views.map(({ stored }) => stored.sealed)].map((sealed) => sealed?.length ?? 0);
    const sealedLength = lengths.reduce((sum, length) => sum + length, 0);
    const bytes = BYTES.connection + BYTES.sealedCharacter * sealedLength + (compiled?.size ?? 0);
    const remembered = { key, connection, views, bytes, compiled, freshUntil: 0, usedAt: 0 };
    // If each request belongs to another account, keeping all would only evict the accounts that return.
    if (before || (compiled ? this.hasRoom(bytes) : this.isAskedAgain(id, views))) this.byId.set(key, remembered);
    return remembered;
  }

  private hasRoom(bytes: number): boolean {
    return this.byId.calculatedSize + bytes <= this.byId.maxSize || this.newcomers++ % KEPT_OF === 0;
  }

  private isAskedAgain(id: string, views: readonly StoredConnection[]): boolean {
    if (views.every(({ stored }) => stored.sealed === null) || this.asked.has(id)) return true;
    this.asked.set(id, true);
    return false;
  }

  /** Returns the data by the provider's code. */
  private openMemory({ id, serviceMemorySealed }: Pick<ConnectionRow, 'id' | 'serviceMemorySealed'>): Readonly<Record<string, Memory>> {
    if (serviceMemorySealed === null) return {};
    return JSON.parse(this.secrets.open({ id, serviceMemorySealed }, 'serviceMemory')) as Record<string, Memory>;
  }

  private openSettings({ manifest }: HostedModule, id: string, sealed: string | null): object {
    if (sealed === null) return manifest.createDefaultSettings(this.environment.production);
    const text = this.secrets.open({ id, settingsSealed: sealed }, 'settings');
    return parseStored(manifest.settings, text, `the stored settings of connection ${id} no longer fit provider ${manifest.code}`);
  }

  /** Returns the rules of a provider. At most one provider of a module supports rules. */
  private openRules({ manifest, rules }: HostedModule, id: string, sealed: string | null): object | undefined {
    if (sealed === null || rules === undefined) return undefined;
    const text = this.secrets.open({ id, rulesSealed: sealed }, 'rules');
    return parseStored(rules, text, `the stored rules of connection ${id} no longer fit provider ${manifest.code}`);
  }
}

/** Returns the key under which a connection is kept in memory. */
function toKey(id: string, isCompiled: boolean): string {
  return isCompiled ? `${id} compiled` : id;
}

function refuseSettings(): never {
  throw new Error('this connection was read with compiled settings: use those, or read it whole');
}

/** A new key ends the problems that the CRM had with the previous key. */
function omitOfCrm(problems: Problems): Problems {
  return Object.fromEntries(Object.entries(problems).filter(([key]) => readProblemKey(key).kind !== 'crm-refuses'));
}

/** Throws an Error that begins with `misfit` if the class rejects the text. */
function parseStored(type: DtoClass<object>, text: string, misfit: string): object {
  try {
    return getParser(type).parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new Error(`${misfit}: ${error.message}`, { cause: error });
  }
}
