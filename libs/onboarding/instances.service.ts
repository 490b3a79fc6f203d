import { Injectable, Logger } from '@nestjs/common';
import { IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { bindToRequest, type Connection, type ConnectionEntity, ConnectionStore, isLive, nameConnection } from '#connections';
import { CallbackError, Database, defineProblem, fillIn, getParser, notFound, textFor, toLogLine, type Transaction } from '#platform';
import { AccountService } from './account.service.js';
import { LeavingService } from './leaving.service.js';
import { texts } from './onboarding.texts.js';
import { RegistrationService } from './registration.service.js';
import { ServiceLinks } from './service-links.js';

/** Instances of a module in an account, at most. */
const MOST_INSTANCES = 50;

/** What an instance is to be called. */
export class InstanceDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  @Matches(/^[^\p{C}]*$/u, { message: defineProblem(texts.problems.name) })
  name!: string;
}

/** An instance as the account page shows it. */
export interface InstanceView {
  /** Public id of its connection. */
  id: string;
  /** By which the CRM knows it. */
  code: string;
  /** As the shop calls it; missing: it gave no name. */
  name?: string;
  /** What it is called in the CRM. */
  title: string;
  /** `pending`: the CRM has not taken its registration yet. */
  state: 'active' | 'inactive' | 'frozen' | 'pending';
  /** Why the CRM did not take its last registration. */
  problem?: string;
  /** Whether the page is this one's. */
  isOpen: boolean;
}

/** An account's instances of a module, the first one first. */
export interface InstanceList {
  items: InstanceView[];
  /** After the page's own instance was removed: the address of another instance's page. */
  accountUrl?: string;
}

/**
 * The instances of a module that an account has, for its page. Each method is for the account and module of
 * the connection that is passed, and throws CallbackError 404 where a module may be connected only once.
 */
@Injectable()
export class InstancesService {
  private readonly logger = new Logger(InstancesService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly registration: RegistrationService,
    private readonly accounts: AccountService,
    private readonly leaving: LeavingService,
    private readonly links: ServiceLinks,
    private readonly database: Database,
  ) {}

  /** Lists those that were not removed. */
  async list(connection: Connection): Promise<InstanceList> {
    assertMulti(connection);
    return { items: (await this.read(connection)).map((row) => this.toView(row, connection)) };
  }

  /**
   * Adds one with the provider's default settings and registers it; the list says whether the CRM took it.
   * @throws BadInputError or CallbackError 400 for a name that does not fit or is taken, and for one too many
   */
  async add(connection: Connection, body: unknown): Promise<InstanceList> {
    assertMulti(connection);
    const { language } = connection.account;
    if (!isLive(connection)) throw new CallbackError(400, textFor(texts.instances.off, language));
    const name = readName(body);
    const id = await this.database.transaction(async (tx) => {
      await this.connections.lockInstances(tx, connection);
      const rows = await this.read(connection, tx);
      const present = rows.find((row) => row.id === connection.id);
      if (!present) throw notFound('connection', connection.id);
      if (rows.length >= MOST_INSTANCES)
        throw new CallbackError(400, textFor(fillIn(texts.instances.full, { most: MOST_INSTANCES }), language));
      assertFree(name, rows, connection);
      const added = await this.connections.addInstance(present, name, tx);
      await this.links.scheduleDefaults(tx, added);
      return added;
    }, connection.request);
    this.links.wake();
    this.logger.log(toLogLine(`connection ${id} was added to the account of connection ${connection.id}`, connection.request));
    // A refusal is kept with the connection, and shown in the list.
    await this.registration.registerNow(id, connection.request);
    return this.list(connection);
  }

  /** Gives one a name; the CRM is told through the outbox. Throws as `add`, and CallbackError 404. */
  async rename(connection: Connection, id: string, body: unknown): Promise<InstanceList> {
    assertMulti(connection);
    const name = readName(body);
    await this.database.transaction(async (tx) => {
      await this.connections.lockInstances(tx, connection);
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
      await this.connections.lockInstances(tx, connection);
      const rows = await this.read(connection, tx);
      findIn(rows, id);
      if (rows.length === 1) throw new CallbackError(400, textFor(texts.instances.last, connection.account.language));
    });
    const list = await this.list(connection);
    const [next] = list.items;
    return id === connection.id && next ? { ...list, accountUrl: await this.accounts.issueUrl(connection.module, next.id) } : list;
  }

  /** Issues an address that opens the page of one. Throws CallbackError 404. */
  async open(connection: Connection, id: string): Promise<{ accountUrl: string }> {
    assertMulti(connection);
    const row = findIn(await this.read(connection), id);
    return { accountUrl: await this.accounts.issueUrl(connection.module, row.id) };
  }

  /** Returns the connection whose page is shown for this one: of a removed one, the first that is left. */
  async findShown(connection: Connection): Promise<Connection> {
    if (!connection.module.multiAccount || !connection.disconnectedAt) return connection;
    const [left] = await this.read(connection);
    const shown = left && this.connections.parse(left);
    return shown ? bindToRequest(shown, connection.request) : connection;
  }

  private async read(connection: Connection, tx?: Transaction): Promise<ConnectionEntity[]> {
    return (await this.connections.listInstances(connection, tx)).filter(({ disconnectedAt }) => disconnectedAt === null);
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

/** Throws BadInputError for a name that does not fit. */
function readName(body: unknown): string {
  const { name } = (body ?? {}) as { name?: unknown };
  return getParser(InstanceDto).parse({ name: typeof name === 'string' ? name.trim() : name }).name;
}

function findIn(rows: readonly ConnectionEntity[], id: string): ConnectionEntity {
  const row = rows.find((one) => one.id === id);
  if (!row) throw notFound('connection', id);
  return row;
}

/** Throws CallbackError 400 for a name that one of the rows has, in whatever case. */
function assertFree(name: string, rows: readonly ConnectionEntity[], { module, account }: Connection): void {
  const isTaken = rows.some((row) => (row.name ?? textFor(module.names, account.language)).toLowerCase() === name.toLowerCase());
  if (!isTaken) return;
  const problem = textFor(texts.instances.taken, account.language);
  throw new CallbackError(400, `${name}: ${problem}.`, { name: problem });
}
