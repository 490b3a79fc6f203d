import { Injectable, Logger } from '@nestjs/common';
import { In } from 'typeorm';
import {
  type Connection,
  ConnectionEntity,
  ConnectionSecrets,
  ConnectionLists,
  ConnectionStore,
  CrmClients,
  isContentRejection,
  isCrmRejection,
  isReplaced,
  nameConnection,
  type RejectedWidgets,
} from '#connections';
import { type CrmClient, CrmError, NotFoundError, ValidationError } from '#crm-client';
import type { IntegrationModuleInput, IntegrationsInput } from '#crm-client/wire';
import { OutboxService } from '#outbox';
import { Clock, Database, Environment, errorText, sha256Hex, textFor, toLogLine, type Transaction } from '#platform';
import { RegistrationContributors } from '../contributors/registration-contributors.js';
import { ModuleScopes } from './module-scopes.js';
import { adviseOnRegistration } from './registration-advice.js';
import { type ChatTokens, readRegistrationReply } from './registration-reply.js';
import { type PresentIntegrations, omitShopChoices } from './shop-choices.js';

/** Outbox kind, and subject, of registrations. */
export const REGISTRATION = 'registration';

/** Milliseconds for reading the module in the CRM. */
const READ_MS = 5_000;

/** An unchanged registration that the CRM accepted or rejected is not repeated within this time. */
const ATTEMPT_AGAIN_MS = 24 * 3_600_000;

/** Columns of a connection that is off. The next registration is a new one. */
const UNREGISTERED = { registeredHash: null, attemptedHash: null, attemptedAt: null };

/** Number of registrations scheduled at the same time. */
const BATCH = 50;

/** Registers modules with the CRM (`integration-modules/{code}/edit`). */
@Injectable()
export class RegistrationService {
  private readonly logger = new Logger(RegistrationService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly lists: ConnectionLists,
    private readonly scopes: ModuleScopes,
    private readonly crmClients: CrmClients,
    private readonly secrets: ConnectionSecrets,
    private readonly contributors: RegistrationContributors,
    private readonly environment: Environment,
    private readonly database: Database,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends the connection's state to the CRM: that a disconnected connection is off, or its registration.
   * Requests missing scopes, registers the connection without rejected scopes or widgets and stores the
   * CRM's reply. A rejected scope is stored as a problem only if it is required. Choices that the shop may
   * change keep their values in the CRM (`shop-choices.ts`). Nothing is sent for a trial connection.
   * @throws CrmError if the CRM rejects the call or cannot be reached. The reason is stored with the
   * connection. A rejection of the notice that the connection is off is only stored.
   */
  async register(connectionId: string, priority: 'interactive' | 'background'): Promise<void> {
    const row = await this.connections.findRow(connectionId);
    const connection = row && this.connections.parse(row);
    // The shop uses another module in the CRM instead of a trial connection.
    if (!row || !connection || row.shadow) return;
    if (row.disconnectedAt) return this.deregister(row, priority, () => this.buildModule(connection, this.secrets.open(row, 'clientId')));
    try {
      const rejection = await this.scopes.update(row, connection, priority, (ids) => this.scheduleAll(ids, connection.request));
      const crm = await this.crmClients.crmFor(connectionId, priority);
      const built = this.build(connection, row);
      const present = await this.readPresentIntegrations(connection, crm);
      let integrations = built.integrations ?? {};
      const sent: Record<string, string> = {};
      for (const contributor of this.contributors.ofModule(connection.module)) {
        const omitted = omitShopChoices(integrations, contributor, row.sentChoices, present);
        integrations = omitted.integrations;
        Object.assign(sent, omitted.sent);
      }
      const once = await this.buildOnce(connection, integrations);
      const { info, widgetsRejected } = await this.send(crm, connection, { ...built, integrations: once });
      const whole = widgetsRejected ? { ...built, integrations: omitWidgets(built.integrations) } : built;
      const change = {
        registeredHash: hashRegistration(whole),
        sentChoices: sent,
        ...this.toReplyColumns(row, info, widgetsRejected ?? this.findRejected(connection, row)),
        registeredAt: this.clock.now(),
        registrationError: rejection?.message ?? null,
        ...(await this.toAttemptColumns(connection)),
      };
      await this.database.transaction(async (tx) => {
        await this.connections.update(connectionId, change, tx);
        for (const view of connection.views) await this.contributors.of(view.module.integration).afterRegistration?.(tx, view);
        await this.tellChange(row, tx);
      });
    } catch (error) {
      // An error about an old key does not apply to a key that the account has entered since.
      await this.connections.update(row, {
        registrationError: errorText(error),
        ...(isCrmRejection(error) ? await this.toAttemptColumns(connection) : { attemptedHash: null, attemptedAt: null }),
      });
      throw error;
    }
  }

  /**
   * Sends a registration. If the CRM rejects it, and not because of another field, it is repeated once
   * without the widgets, because the shop needs the module more than its widgets.
   */
  private async send(
    crm: CrmClient,
    { id, code }: Connection,
    integrationModule: IntegrationModuleInput,
  ): Promise<{ info: unknown; widgetsRejected?: RejectedWidgets }> {
    const { embedJs } = integrationModule.integrations ?? {};
    try {
      const { info } = await crm.integration.edit(code, { integrationModule });
      return { info };
    } catch (error) {
      if (!embedJs || !mayBeAboutWidgets(error)) throw error;
      const integrations = omitWidgets(integrationModule.integrations);
      const { info } = await crm.integration.edit(code, { integrationModule: { ...integrationModule, integrations } });
      const reason = errorText(error);
      this.logger.warn(`the CRM accepts connection ${id} only without widgets: ${reason}`);
      return { info, widgetsRejected: { hash: hashWidgets(embedJs), reason } };
    }
  }

  /** Returns the earlier rejection of the widgets that the connection has now. */
  private findRejected(connection: Connection, { registrationReply }: ConnectionEntity): RejectedWidgets | undefined {
    const rejected = registrationReply?.widgetsRejected;
    const { embedJs } = this.contributors.moduleExtension?.build(connection) ?? {};
    return rejected && embedJs && rejected.hash === hashWidgets(embedJs) ? rejected : undefined;
  }

  /**
   * Registers the connection while a person waits. If the CRM does not respond, the outbox continues. Returns
   * the CRM's error if it rejected the registration.
   */
  async registerNow(connectionId: string, request?: string): Promise<CrmError | undefined> {
    try {
      await this.register(connectionId, 'interactive');
    } catch (error) {
      if (isCrmRejection(error)) return error;
      const line = `registration of connection ${connectionId} continues in the background: ${errorText(error)}`;
      this.logger.warn(toLogLine(line, request));
      await this.database.transaction((tx) => this.schedule(tx, connectionId), request);
    }
    return undefined;
  }

  /** Advises the operator about a connection's registration. Returns undefined if there is nothing to do. */
  adviseOn(row: ConnectionEntity): string | undefined {
    const connection = this.connections.parse(row);
    return connection && adviseOnRegistration(row, this.scopes.listMissing(connection.module, row.scopes));
  }

  /**
   * Schedules registration of live connections whose registration changed or whose key lacks a scope. Skips
   * waiting connections, and unchanged registrations that the CRM answered within a day. Starts after a
   * connection and schedules at most one batch.
   * @returns the number of scheduled registrations, and the connection to continue after. Without one, all
   * were checked
   */
  async scheduleOutdated(after?: string): Promise<{ scheduled: number; next?: string }> {
    const due: string[] = [];
    for await (const row of this.lists.readLive(after)) {
      if (this.isDue(row)) due.push(row.id);
      if (due.length === BATCH) return { scheduled: await this.scheduleDue(due), next: row.id };
    }
    return { scheduled: await this.scheduleDue(due) };
  }

  /** Schedules a registration through the outbox, in the transaction of the change that requires it. */
  async schedule(tx: Transaction, connectionId: string): Promise<void> {
    // This row replaces earlier rejected ones.
    await this.outbox.dropRejected(tx, { connectionId, kind: REGISTRATION });
    await this.outbox.add(tx, [{ connectionId, kind: REGISTRATION, subject: REGISTRATION, payload: {} }]);
  }

  /**
   * Notifies the CRM that a retired module is off. The module's name and logo are read from the CRM.
   * @throws CrmError if the CRM cannot be reached
   */
  async deregisterRetired(row: ConnectionEntity): Promise<void> {
    await this.deregister(row, 'background', async (crm) => {
      const { code, moduleCode: integrationCode } = row;
      const { integrationModule } = await crm.integration.get(code, { totalTimeout: READ_MS });
      const { name, logo } = (integrationModule ?? {}) as Pick<IntegrationModuleInput, 'name' | 'logo'>;
      return { code, integrationCode, ...(name && { name }), ...(logo && { logo }), clientId: this.secrets.open(row, 'clientId') };
    });
  }

  /** Notifies the CRM that the module is off. A rejection, such as of a dead key, is stored and ends this. */
  private async deregister(
    row: ConnectionEntity,
    priority: 'interactive' | 'background',
    build: (crm: CrmClient) => Promise<IntegrationModuleInput> | IntegrationModuleInput,
  ): Promise<void> {
    if (isReplaced(row)) return;
    try {
      const crm = await this.crmClients.crmFor(row.id, priority);
      await crm.integration.edit(row.code, { integrationModule: { ...(await build(crm)), active: false } });
      await this.database.transaction(async (tx) => {
        await this.connections.update(row.id, { ...UNREGISTERED, registrationError: null }, tx);
        await this.tellChange(row, tx);
      });
    } catch (error) {
      const isRejected = isCrmRejection(error);
      const attemptedAt = isRejected ? this.clock.now() : null;
      await this.connections.update(row.id, { ...UNREGISTERED, registrationError: errorText(error), attemptedAt });
      if (!isRejected) throw error;
      this.logger.warn(`the CRM cannot be notified that connection ${row.id} is off: ${errorText(error)}`);
    }
  }

  /** If the connection changed in the meantime, the other change may have reached the CRM before this one. */
  private async tellChange({ id, disconnectedAt }: ConnectionEntity, tx: Transaction): Promise<void> {
    const now = await this.connections.findById(id, undefined, tx);
    if (now && !now.disconnectedAt !== !disconnectedAt) await this.schedule(tx, id);
  }

  /** Schedules registrations of several connections of an account. */
  async scheduleAll(connectionIds: readonly string[], request?: string): Promise<void> {
    if (connectionIds.length === 0) return;
    await this.database.transaction(async (tx) => {
      for (const id of connectionIds) await this.schedule(tx, id);
    }, request);
  }

  /** Schedules the given connections that are still due. Only one check at a time does this. */
  private async scheduleDue(ids: string[]): Promise<number> {
    if (ids.length === 0) return 0;
    return this.database.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('registrations.check', 0))`);
      const waiting = await this.outbox.findWaiting(tx, REGISTRATION, ids);
      // Reads again, because a row that no longer waits has stored its registration before.
      const rows = await tx.getRepository(ConnectionEntity).findBy({ id: In(ids.filter((id) => !waiting.has(id))) });
      const due = rows.filter((row) => this.isDue(row));
      for (const { id } of due) await this.schedule(tx, id);
      return due.length;
    });
  }

  private isDue(row: ConnectionEntity): boolean {
    const connection = this.connections.parse(row);
    try {
      return connection !== undefined && this.isOutdated(row, connection);
    } catch (error) {
      // Settings that are no longer valid must not stop the other connections.
      this.logger.warn(`registration of connection ${row.id} cannot be made: ${errorText(error)}`);
      return false;
    }
  }

  private isOutdated(row: ConnectionEntity, connection: Connection): boolean {
    if (this.scopes.hasAll(row, connection) && row.registeredHash === hashRegistration(this.build(connection, row))) return false;
    const fresh = row.attemptedAt !== null && this.clock.now().getTime() - row.attemptedAt.getTime() < ATTEMPT_AGAIN_MS;
    return !fresh || row.attemptedHash !== this.hashAttempt(row, connection);
  }

  /** Returns the columns that record an attempt that the CRM accepted or rejected. */
  private async toAttemptColumns({ id }: Connection): Promise<Pick<ConnectionEntity, 'attemptedHash' | 'attemptedAt'>> {
    // Reads again, because the key may have been replaced by one with more scopes.
    const row = await this.connections.findRow(id);
    const connection = row && this.connections.parse(row);
    return { attemptedHash: connection ? this.hashAttempt(row, connection) : null, attemptedAt: this.clock.now() };
  }

  /**
   * Hashes everything that the CRM's reply depends on. A new key, scope or registration makes a retry
   * worthwhile.
   */
  private hashAttempt(row: ConnectionEntity, connection: Connection): string {
    const registration = hashRegistration(this.build(connection, row));
    // Hashes the decrypted key, because encrypting the same key again changes only the ciphertext.
    return sha256Hex([registration, this.secrets.open(row, 'apiKey'), ...this.scopes.listUsed(row, connection)].join(' '));
  }

  /** Reads the module from the CRM. A failure does not stop the registration. */
  private async readPresentIntegrations({ id, code, module }: Connection, crm: CrmClient): Promise<PresentIntegrations> {
    if (!this.contributors.ofModule(module).some(({ shopChoices }) => shopChoices)) return undefined;
    try {
      const { integrationModule } = await crm.integration.get(code, { totalTimeout: READ_MS });
      return readPresent(integrationModule);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      this.logger.warn(`registration of connection ${id} cannot be read first: ${errorText(error)}`);
      return 'unread';
    }
  }

  /**
   * Maps the CRM's reply to columns, with its tokens sealed. Values missing from the reply stay unchanged.
   */
  private toReplyColumns(
    { id, registrationReply, chatTokensSealed }: ConnectionEntity,
    info: unknown,
    widgetsRejected: RejectedWidgets | undefined,
  ): Partial<ConnectionEntity> {
    const { reply, tokens: fresh } = readRegistrationReply(info);
    const known = chatTokensSealed === null ? {} : (JSON.parse(this.secrets.open({ id, chatTokensSealed }, 'chatTokens')) as ChatTokens);
    const tokens: ChatTokens = { ...known, ...fresh };
    const { mgTransport, mgBot } = registrationReply ?? {};
    return {
      registrationReply: {
        ...(mgTransport && { mgTransport }),
        ...(mgBot && { mgBot }),
        ...reply,
        ...(widgetsRejected && { widgetsRejected }),
      },
      ...(Object.keys(fresh).length > 0 && { chatTokensSealed: this.secrets.seal(id, 'chatTokens', JSON.stringify(tokens)) }),
      ...(reply.billingInfo && { billingInfo: { ...reply.billingInfo, at: this.clock.now().toISOString() } }),
    };
  }

  private build(connection: Connection, row: ConnectionEntity): IntegrationModuleInput {
    const integrations = connection.views.map((view) => this.contributors.of(view.module.integration).build(view));
    const extended = this.findRejected(connection, row) ? {} : this.contributors.moduleExtension?.build(connection);
    return {
      ...this.buildModule(connection, this.secrets.open(row, 'clientId')),
      integrations: Object.assign({}, ...integrations, extended) as IntegrationsInput,
    };
  }

  /** Adds what only this registration requests. */
  private async buildOnce({ views }: Connection, integrations: IntegrationsInput): Promise<IntegrationsInput> {
    const all: Record<string, unknown> = { ...integrations };
    for (const view of views)
      for (const [name, members] of Object.entries((await this.contributors.of(view.module.integration).buildOnce?.(view)) ?? {}))
        all[name] = { ...(all[name] as object | undefined), ...(members as object) };
    return all as IntegrationsInput;
  }

  private buildModule(connection: Connection, clientId: string): IntegrationModuleInput & { code: string } {
    const { code, module } = connection;
    const { language } = connection.account;
    const base = `${this.environment.publicUrl}/${module.code}`;
    return {
      code,
      integrationCode: module.code,
      active: true,
      name: nameConnection(connection),
      logo: `${base}/logo${textFor(module.logos, language) === module.logo ? '' : `-${language}`}.svg`,
      clientId,
      baseUrl: `${base}/callbacks`,
      actions: { activity: '/activity', settings: '/settings' },
      availableCountries: [...module.countries],
      accountUrl: `${base}/account`,
    };
  }
}

/** Lenient: an unreadable module counts as absent. */
function readPresent(module: unknown): PresentIntegrations {
  const { integrations } = (module ?? {}) as { integrations?: unknown };
  return typeof integrations === 'object' && integrations !== null ? (integrations as Record<string, unknown>) : {};
}

/** Whether the CRM rejected the content of a registration, and not because of another field. */
function mayBeAboutWidgets(error: unknown): boolean {
  if (!isContentRejection(error)) return false;
  const fields = error instanceof ValidationError ? Object.keys(error.fieldErrors) : [];
  return fields.length === 0 || fields.some((field) => field.includes('embedJs'));
}

function omitWidgets(integrations: IntegrationModuleInput['integrations']): IntegrationsInput {
  const { embedJs: _, ...others } = integrations ?? {};
  return others;
}

function hashWidgets(embedJs: NonNullable<IntegrationsInput['embedJs']>): string {
  return sha256Hex(JSON.stringify(embedJs));
}

function hashRegistration(registration: IntegrationModuleInput): string {
  return sha256Hex(JSON.stringify(registration));
}
