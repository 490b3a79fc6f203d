import { Injectable } from '@nestjs/common';
import type { IntegrationModuleInput } from '#crm-client/wire';
import { Clock, Database, Environment, sha256Hex } from '#platform';
import { type Connection, ConnectionsService } from './connections.service.js';
import { ConnectionEntity } from './connection.entity.js';
import type { HostedModule } from './modules.js';
import { RegistrationParts } from './registration-parts.js';
import { RegistrationScheduler } from './registration-scheduler.js';

/** Scopes every module needs: it registers itself. */
const COMMON_SCOPES = ['integration_read', 'integration_write'];

/** Tells the CRM what a module can do (`integration-modules/{code}/edit`). */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly parts: RegistrationParts,
    private readonly environment: Environment,
    private readonly database: Database,
    private readonly scheduler: RegistrationScheduler,
    private readonly clock: Clock,
  ) {}

  /** Scopes a module's key needs. */
  requiredScopes(module: HostedModule): string[] {
    return [...new Set([...COMMON_SCOPES, ...this.parts.of(module.integration).scopes])];
  }

  /** Those of them that a key lacks. */
  missingScopes(module: HostedModule, scopes: readonly string[]): string[] {
    return this.requiredScopes(module).filter((scope) => !scopes.includes(scope));
  }

  /**
   * Registers a connection as it is now: asks for missing scopes first, then sends the registration and keeps that it was accepted.
   * Throws CrmError when the CRM refuses or cannot be reached; the reason is kept with the connection.
   */
  async register(connectionId: string, priority: 'interactive' | 'background'): Promise<void> {
    const row = await this.connections.rowById(connectionId);
    const connection = row && this.connections.parse(row);
    if (!row || !connection) return;
    try {
      if (this.missingScopes(connection.module, row.scopes).length > 0) await this.updateScopes(connection, priority);
      const crm = await this.connections.crmFor(connectionId, priority);
      const integrationModule = this.build(connection, this.connections.secretsOf(row).clientId);
      await crm.integration.edit(connection.module.code, { integrationModule });
      await this.connections.update(connectionId, {
        registeredHash: hashOf(integrationModule),
        registeredAt: this.clock.now(),
        registrationError: null,
      });
    } catch (error) {
      await this.connections.update(connectionId, { registrationError: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  /**
   * Schedules a registration for every active connection whose registration would differ from the one the CRM has, or whose key lacks a scope:
   * after an upgrade, or a change of PUBLIC_URL or of `modules.json`. Gives how many.
   */
  async scheduleOutdated(): Promise<number> {
    const repository = this.database.dataSource.getRepository(ConnectionEntity);
    const due: string[] = [];
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = await repository
        .createQueryBuilder('c')
        .where('c.id > :after AND c.active AND NOT c.frozen', { after })
        .orderBy('c.id')
        .limit(200)
        .getMany();
      for (const row of rows) {
        const connection = this.connections.parse(row);
        if (connection && this.isOutdated(row, connection)) due.push(row.id);
      }
      const last = rows.at(-1);
      if (!last || rows.length < 200) break;
      after = last.id;
    }
    for (const id of due) {
      await this.database.transaction((manager) => this.scheduler.schedule(id, manager));
      this.scheduler.wake(id);
    }
    return due.length;
  }

  private isOutdated(row: ConnectionEntity, connection: Connection): boolean {
    if (this.missingScopes(connection.module, row.scopes).length > 0) return true;
    return row.registeredHash !== hashOf(this.build(connection, this.connections.secretsOf(row).clientId));
  }

  private async updateScopes(connection: Connection, priority: 'interactive' | 'background'): Promise<void> {
    const crm = await this.connections.crmFor(connection.id, priority);
    const reply = await crm.exact.integration.updateScopes(connection.module.code, {
      requires: { scopes: this.requiredScopes(connection.module) },
    });
    if (!reply.apiKey) return;
    const fresh = this.connections.crmAt(connection.systemUrl, reply.apiKey, priority, connection.account.timeZone);
    // The new key is kept before it is asked anything: the CRM may have ended the old one already.
    await this.connections.keepKey(connection.id, reply.apiKey, this.requiredScopes(connection.module));
    const { scopes } = await fresh.exact.api.credentials();
    if (scopes) await this.connections.keepKey(connection.id, reply.apiKey, scopes);
  }

  private build(connection: Connection, clientId: string): IntegrationModuleInput {
    const { module } = connection;
    const base = `${this.environment.publicUrl}/${module.code}`;
    return {
      code: module.code,
      integrationCode: module.code,
      active: true,
      name: module.name,
      logo: `${base}/logo.svg`,
      clientId,
      baseUrl: `${base}/callbacks`,
      actions: { activity: '/activity', settings: '/settings' },
      availableCountries: [...module.countries],
      accountUrl: `${base}/account`,
      integrations: this.parts.of(module.integration).build(connection),
    };
  }
}

function hashOf(registration: IntegrationModuleInput): string {
  return sha256Hex(JSON.stringify(registration));
}
