import { Injectable, Logger } from '@nestjs/common';
import { type Connection, type ConnectionEntity, CrmClients, type HostedModule, InstanceStore, isCrmRejection, isLive } from '#connections';
import { CrmError } from '#crm-client';
import { errorText } from '#platform';
import { RegistrationContributors } from '../contributors/registration-contributors.js';
import { CRM_LISTS, isCrmLookup } from '../crm-lists/crm-lists.js';

/** Scopes that every module needs: to register itself, and to notify the account of rejected credentials. */
const COMMON_SCOPES = ['integration_read', 'integration_write', 'notification_write'];

/** The scopes of modules' keys, and requests for more (`integration-modules/{code}/update-scopes`). */
@Injectable()
export class ModuleScopes {
  private readonly logger = new Logger(ModuleScopes.name);

  constructor(
    private readonly instances: InstanceStore,
    private readonly crmClients: CrmClients,
    private readonly contributors: RegistrationContributors,
  ) {}

  /** Lists the scopes that a module requests: required and optional ones. */
  listWanted(module: HostedModule): string[] {
    const optional = module.providers.flatMap(({ integration, manifest, lookups }) => [
      ...(this.contributors.of(integration).optionalScopes ?? []),
      ...(manifest.optionalScopes ?? []),
      ...lookups.filter(isCrmLookup).map((name) => CRM_LISTS[name].scope),
    ]);
    return [...new Set([...this.listRequired(module), ...optional])];
  }

  /** Lists the required scopes that a key lacks. Without them the module is not registered. */
  listMissing(module: HostedModule, scopes: readonly string[]): string[] {
    return this.listRequired(module).filter((scope) => !scopes.includes(scope));
  }

  /** Lists the scopes that a module requests with these settings and choices of the shop. */
  listUsed({ chosenScopes }: ConnectionEntity, { module, views }: Connection): string[] {
    const used = views.flatMap((view) => this.contributors.of(view.module.integration).listUsedScopes?.(view) ?? []);
    return [...new Set([...this.listWanted(module), ...used, ...chosenScopes])];
  }

  /** Whether the connection's key has all scopes that it uses. */
  hasAll(row: ConnectionEntity, connection: Connection): boolean {
    return this.listUsed(row, connection).every((scope) => row.scopes.includes(scope));
  }

  /**
   * Requests the scopes that the connection's key lacks, if there are any, and stores the new key.
   * @param registerOthers schedules the registration of the account's other instances, which get the key too
   * @returns the CRM's error about required scopes
   * @throws CrmError if the CRM cannot be reached, and the key lacks required scopes
   */
  async update(
    row: ConnectionEntity,
    connection: Connection,
    priority: 'interactive' | 'background',
    registerOthers: (ids: string[]) => Promise<void>,
  ): Promise<CrmError | undefined> {
    if (this.hasAll(row, connection) || !(await this.isFirstLive(connection))) return undefined;
    const { id, module } = connection;
    const { scopes: held } = row;
    const [wanted, required] = [this.listUsed(row, connection), this.listRequired(module)];
    const lacksRequired = this.listMissing(module, held).length > 0;
    const least = wanted.filter((scope) => required.includes(scope) || held.includes(scope));
    let rejection: CrmError | undefined;
    for (const scopes of lacksRequired && least.length < wanted.length ? [wanted, least] : [wanted]) {
      try {
        await this.request(connection, scopes, priority, registerOthers);
        return undefined;
      } catch (error) {
        // Optional scopes never stop a registration.
        if (!(error instanceof CrmError) || (lacksRequired && !isCrmRejection(error))) throw error;
        this.logger.warn(`connection ${id} gets no key with ${scopes.join(', ')}: ${errorText(error)}`);
        rejection = error;
      }
    }
    return lacksRequired ? rejection : undefined;
  }

  /** Requests a key with these scopes, stores it and registers other instances with it. Throws CrmError. */
  private async request(
    connection: Connection,
    scopes: readonly string[],
    priority: 'interactive' | 'background',
    registerOthers: (ids: string[]) => Promise<void>,
  ): Promise<void> {
    const crm = await this.crmClients.crmFor(connection.id, priority, connection);
    const { apiKey } = await crm.exact.integration.updateScopes(connection.code, { requires: { scopes: [...scopes] } });
    if (!apiKey) return;
    const fresh = this.crmClients.crmAt(connection.systemUrl, apiKey, priority, connection.account.timeZone);
    // Stored before it is used, because the CRM may have revoked the old key already.
    await registerOthers(await this.instances.keepKey(connection, apiKey, [...scopes]));
    const { scopes: granted } = await fresh.exact.api.credentials();
    if (granted) await this.instances.keepScopes(connection, granted);
  }

  /**
   * Whether this is the account's first live instance. Only that one requests scopes, because two keys would
   * race.
   */
  private async isFirstLive(connection: Connection): Promise<boolean> {
    const first = (await this.instances.listInstances(connection)).find(isLive);
    return first === undefined || first.id === connection.id;
  }

  private listRequired(module: HostedModule): string[] {
    return [...new Set([...COMMON_SCOPES, ...this.contributors.ofModule(module).flatMap(({ scopes }) => scopes)])];
  }
}
