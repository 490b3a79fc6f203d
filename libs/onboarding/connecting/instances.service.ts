import { Injectable, Logger } from '@nestjs/common';
import { IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import {
  bindToRequest,
  type Connection,
  type ConnectionEntity,
  InstanceStore,
  ConnectionStore,
  isLive,
  nameConnection,
} from '#connections';
import { CallbackError, Database, defineProblem, fillIn, getParser, notFound, textFor, toLogLine, type Transaction } from '#platform';
import { AccountService } from '../account-page/account.service.js';
import { AccountChanges } from '../changes/account-changes.js';
import { LeavingService } from './leaving.service.js';
import { texts } from '../onboarding.texts.js';
import { RegistrationService } from '../registration/registration.service.js';

/** Maximum number of instances of a module in an account. */
const MOST_INSTANCES = 50;

/** Name of an instance. */
export class InstanceDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  @Matches(/^[^\p{C}]*$/u, { message: defineProblem(texts.problems.name) })
  name!: string;
}

/** An instance on the account page. */
export interface InstanceView {
  /** Public id of its connection. */
  id: string;
  /** The CRM's code of the instance. */
  code: string;
  /** The shop's name for it. Missing: the shop gave no name. */
  name?: string;
  /** Title in the CRM. */
  title: string;
  /** `pending`: the CRM has not accepted its registration yet. */
  state: 'active' | 'inactive' | 'frozen' | 'pending';
  /** Reason why the CRM did not accept its last registration. */
  problem?: string;
  /** Whether the open page belongs to this instance. */
  isOpen: boolean;
}

/** An account's instances of a module, oldest first. */
export interface InstanceList {
  items: InstanceView[];
  /** After the page's own instance was removed: the address of another instance's page. */
  accountUrl?: string;
}

/**
 * The instances of a module in an account, for its page. Each method acts on the account and module of the
 * passed connection, and throws CallbackError 404 if the module allows only one connection.
 */
@Injectable()
export class InstancesService {
  private readonly logger = new Logger(InstancesService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly instances: InstanceStore,
    private readonly registration: RegistrationService,
    private readonly accounts: AccountService,
    private readonly leaving: LeavingService,
    private readonly changes: AccountChanges,
    private readonly database: Database,
  ) {}

  /** Lists the instances that were not removed. */
  async list(connection: Connection): Promise<InstanceList> {
    assertMulti(connection);
    return { items: (await this.read(connection)).map((row) => this.toView(row, connection)) };
  }

  /**
   * Adds an instance with the provider's default settings and registers it. The list shows whether the CRM
   * accepted it.
   * @throws BadInputError or CallbackError 400 if the name is invalid or taken, or if there are too many
   * instances
   */
  async add(connection: Connection, body: unknown): Promise<InstanceList> {
    assertMulti(connection);
    const { language } = connection.account;
    if (!isLive(connection)) throw new CallbackError(400, textFor(texts.instances.off, language));
    const name = readName(body);
    const id = await this.database.transaction(async (tx) => {
      await this.instances.lockInstances(tx, connection);
      const rows = await this.read(connection, tx);
      const present = rows.find((row) => row.id === connection.id);
      if (!present) throw notFound('connection', connection.id);
      if (rows.length >= MOST_INSTANCES)
        throw new CallbackError(400, textFor(fillIn(texts.instances.full, { most: MOST_INSTANCES }), language));
      assertFree(name, rows, connection);
      const added = await this.instances.addInstance(present, name, tx);
      const instance = await this.connections.findById(added, undefined, tx);
      if (instance) await this.changes.note(tx, { kind: 'connected', connection: instance, isNew: true, hasSettings: false });
      return added;
    }, connection.request);
    this.logger.log(toLogLine(`connection ${id} was added to the account of connection ${connection.id}`, connection.request));
    // A rejection is stored with the connection, and shown in the list.
    await this.registration.registerNow(id, connection.request);
    return this.list(connection);
  }

  /**
   * Renames an instance. The CRM is notified through the outbox. Throws like `add`, and CallbackError 404.
   */
  async rename(connection: Connection, id: string, body: unknown): Promise<InstanceList> {
    assertMulti(connection);
    const name = readName(body);
    await this.database.transaction(async (tx) => {
      await this.instances.lockInstances(tx, connection);
      const rows = await this.read(connection, tx);
      const row = findIn(rows, id);
      assertFree(
        name,
        rows.filter((other) => other !== row),
        connection,
      );
      await this.connections.update(row.id, { name }, tx);
      await this.registration.schedule(tx, row.id);
    }, connection.request);
    return this.list(connection);
  }

  /** Disconnects an instance: it is no longer listed. Throws CallbackError 404, or 400 for the last one. */
  async remove(connection: Connection, id: string): Promise<InstanceList> {
    assertMulti(connection);
    const removed = this.connections.parse(findIn(await this.read(connection), id));
    if (!removed) throw notFound('connection', id);
    await this.leaving.disconnect(bindToRequest(removed, connection.request), async (tx) => {
      await this.instances.lockInstances(tx, connection);
      const rows = await this.read(connection, tx);
      findIn(rows, id);
      if (rows.length === 1) throw new CallbackError(400, textFor(texts.instances.last, connection.account.language));
    });
    const list = await this.list(connection);
    const [next] = list.items;
    return id === connection.id && next ? { ...list, accountUrl: await this.accounts.issueUrl(connection.module, next.id) } : list;
  }

  /** Issues an address that opens an instance's page. Throws CallbackError 404. */
  async open(connection: Connection, id: string): Promise<{ accountUrl: string }> {
    assertMulti(connection);
    const row = findIn(await this.read(connection), id);
    return { accountUrl: await this.accounts.issueUrl(connection.module, row.id) };
  }

  /**
   * Returns the connection whose page is shown for this one. For a removed connection, that is the first
   * remaining instance.
   */
  async findShown(connection: Connection): Promise<Connection> {
    if (!connection.module.multiAccount || !connection.disconnectedAt) return connection;
    const [left] = await this.read(connection);
    const shown = left && this.connections.parse(left);
    return shown ? bindToRequest(shown, connection.request) : connection;
  }

  private async read(connection: Connection, tx?: Transaction): Promise<ConnectionEntity[]> {
    return (await this.instances.listInstances(connection, tx)).filter(({ disconnectedAt }) => disconnectedAt === null);
  }

  private toView(row: ConnectionEntity, { module, account, id }: Connection): InstanceView {
    const { code, name, registrationError } = row;
    return {
      ...{ id: row.id, code, ...(name !== null && { name }), title: nameConnection({ module, code, name, account }) },
      state: describeState(row),
      ...(registrationError !== null && { problem: registrationError }),
      isOpen: row.id === id,
    };
  }
}

function describeState(row: ConnectionEntity): InstanceView['state'] {
  if (!row.active) return 'inactive';
  if (row.frozen || row.frozenByOperatorAt) return 'frozen';
  return row.registeredAt === null ? 'pending' : 'active';
}

function assertMulti({ module, account }: Connection): void {
  if (!module.multiAccount) throw new CallbackError(404, textFor(texts.instances.single, account.language));
}

/** Throws BadInputError if the name is invalid. */
function readName(body: unknown): string {
  const { name } = (body ?? {}) as { name?: unknown };
  return getParser(InstanceDto).parse({ name: typeof name === 'string' ? name.trim() : name }).name;
}

function findIn(rows: readonly ConnectionEntity[], id: string): ConnectionEntity {
  const row = rows.find((one) => one.id === id);
  if (!row) throw notFound('connection', id);
  return row;
}

/** Throws CallbackError 400 if one of the rows has the name. Case does not matter. */
function assertFree(name: string, rows: readonly ConnectionEntity[], { module, account }: Connection): void {
  const isTaken = rows.some((row) => (row.name ?? textFor(module.names, account.language)).toLowerCase() === name.toLowerCase());
  if (!isTaken) return;
  const problem = textFor(texts.instances.taken, account.language);
  throw new CallbackError(400, `${name}: ${problem}.`, { name: problem });
}
