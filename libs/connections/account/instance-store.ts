import { randomInt } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, Database, randomToken, sha256Hex, type Transaction } from '#platform';
import type { AccountSettings } from '#provider-kit';
import type { Connection } from '../connection.js';
import { ConnectionSecrets } from '../connection-secrets.js';
import { ConnectionEntity, UNKNOWN_ACCOUNT } from '../connection.entity.js';
import { type HostedModule, HostedModules } from '../hosted-modules.js';
import { type Problems, readProblemKey } from '../problems.js';
import { ConnectionMemory } from '../store/connection-memory.js';
import { ConnectionStore } from '../store/connection-store.js';
import { SealedValues } from '../store/sealed-values.js';
import { ActivationStore } from './activation-store.js';

/** End of the address of a connection whose account connected again while the connection was being erased. */
const REPLACED = '.replaced.invalid';

/** Alphabet and length of the random part in the code of a further instance. */
const INSTANCE = { letters: 'abcdefghijklmnopqrstuvwxyz0123456789', length: 8 };

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

/** Identifies an account and one of its modules. */
type OfAccount = { readonly module: Pick<HostedModule, 'code'> } & Pick<Connection, 'systemUrl'>;

/** Whether the account connected again while this connection was being erased, so the CRM is not notified. */
export function isReplaced({ systemUrl }: Pick<ConnectionEntity, 'systemUrl'>): boolean {
  return systemUrl.endsWith(REPLACED);
}

/** Connects an account's module, adds instances of it, and gives all of them a new key or address. */
@Injectable()
export class InstanceStore {
  private readonly logger = new Logger(InstanceStore.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly memory: ConnectionMemory,
    private readonly activation: ActivationStore,
    private readonly modules: HostedModules,
    private readonly secrets: ConnectionSecrets,
    private readonly values: SealedValues,
    private readonly clock: Clock,
  ) {}

  /** Reads the instances of an account's module, in the order of their creation. */
  listInstances({ module, systemUrl }: OfAccount, manager: EntityManager = this.database.dataSource.manager): Promise<ConnectionEntity[]> {
    return manager.getRepository(ConnectionEntity).find({ where: { moduleCode: module.code, systemUrl }, order: { id: 'ASC' } });
  }

  /** Prevents other transactions from adding, moving or renewing the instances of an account's module. */
  async lockInstances(tx: Transaction, { module, systemUrl }: OfAccount): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`connect ${module.code} ${systemUrl}`]);
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
    const isErased = first !== undefined && (await this.connections.isErased(first.id, tx));
    if (isErased) await this.connections.update(first.id, { systemUrl: `https://${first.id}${REPLACED}` }, tx);
    const known = isErased ? undefined : first;
    for (const other of instances)
      if (other !== first)
        await this.connections.update(
          other.id,
          { ...this.toKeyColumns(other.id, apiKey, scopes), account: { ...other.account, ...account } },
          tx,
        );
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
    if (known && (!known.active || (known.shadow && shadow === false))) await this.activation.wantServices(id, true, tx);
    this.memory.forget(id);
    // A shop that connects again would look like a repeat of a request made long ago.
    if (wasOff) {
      const before = known.disconnectedAt ? 'had been disconnected' : `the CRM had ${known.active ? 'frozen' : 'switched off'}`;
      this.logger.warn(`a registration switched connection ${id} on again, which ${before}`);
    }
    return { id, created: known === undefined };
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
      for (const { id } of instances) await this.connections.update(id, change(id), tx);
      return instances.map(({ id }) => id);
    });
  }

  /** Lists providers whose default settings are incomplete, with the current time. */
  private listLacking(module: HostedModule | undefined, id: string): Record<string, string> {
    const lacking = (module?.providers ?? []).filter((part) => part.manifest.describeMissing?.(this.values.openSettings(part, id, null)));
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
}

/** A new key ends the problems that the CRM had with the previous key. */
function omitOfCrm(problems: Problems): Problems {
  return Object.fromEntries(Object.entries(problems).filter(([key]) => readProblemKey(key).kind !== 'crm-refuses'));
}
