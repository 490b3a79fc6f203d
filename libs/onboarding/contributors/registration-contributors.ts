import { Injectable } from '@nestjs/common';
import type { Connection, HostedModule } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import type { LocalText, Transaction } from '#platform';
import type { Trials } from './trials.js';

/**
 * A member of a registration that the account's users may change in the CRM: its integration and its name.
 */
export type ShopChoice = `${keyof IntegrationsInput}.${string}`;

/** Choices in a registration that the shop can also make. */
export interface ShopChoices {
  /**
   * Members that users may change in the CRM. Sent only if they are missing in the CRM or the partner changed
   * them.
   */
  readonly shopChoices?: readonly ShopChoice[];
  /**
   * Whether the shop's choice is still on offer. Default: true. Other choices are replaced.
   * @param choice the choice and its member: `delivery.settings.defaultPayerType`
   */
  isOffered?(built: IntegrationsInput, choice: string, value: unknown): boolean;
}

/** An integration's additions to the registration and the account page of its modules. */
export interface RegistrationContributor extends ShopChoices {
  /** Same as `HostedModule.integration`. */
  readonly integration: string;
  /** Scopes that the API key needs (reference: the line "permission is required" of each method used). */
  readonly scopes: readonly string[];
  /** Scopes that it requests, but works without. */
  readonly optionalScopes?: readonly string[];
  /** Further optional scopes that these settings use. */
  listUsedScopes?(connection: Connection): readonly string[];
  /** Builds the `integrations` member of the registration. */
  build(connection: Connection): IntegrationsInput;
  /**
   * Builds what only the next registration requests, such as a new token: further members in addition
   * to `build`. They do not count as a change of the registration.
   */
  buildOnce?(connection: Connection): Promise<IntegrationsInput>;
  /** Notes the consequences of a registration, in the transaction that stores the CRM's reply to it. */
  afterRegistration?(tx: Transaction, connection: Connection): Promise<void>;
  /** Notes the consequences of new settings, or of being switched on, off or frozen, in that transaction. */
  afterChange?(tx: Transaction, connection: Connection): Promise<void>;
  /** Whether an inactive connection no longer uses anything at other services. Default: true. */
  isDown?(connection: Connection): Promise<boolean>;
  /** Whether the account has used the connection, such as for a first payment. Default: false. */
  isUsed?(connection: Connection): Promise<boolean>;
  /** The trial that the page offers at the step `used`. */
  readonly trials?: Trials;
  /** Lists messages for the account's users, for the page. */
  listNotices?(connection: Connection): Promise<LocalText[]>;
}

/**
 * Adds a member to the registration of every module that the CRM may reject: the registration is repeated
 * without it then.
 */
export interface ModuleExtension {
  /** Builds the member of `integrations`. Empty if the module has nothing to add. */
  build(connection: Connection): IntegrationsInput;
}

/** The contributors of all integrations. IntegrationModule adds them at start. */
@Injectable()
export class RegistrationContributors {
  private readonly contributors = new Map<string, RegistrationContributor>();
  private extension: ModuleExtension | undefined;

  add(contributor: RegistrationContributor): void {
    this.contributors.set(contributor.integration, contributor);
  }

  /** Sets the extension of all modules. */
  extend(extension: ModuleExtension): void {
    this.extension = extension;
  }

  /** Undefined before the start, and in specs without widgets. */
  get moduleExtension(): ModuleExtension | undefined {
    return this.extension;
  }

  /** Notifies the integration of a connection's provider about its new settings. */
  async noteSettings(tx: Transaction, connection: Connection): Promise<void> {
    await this.of(connection.module.integration).afterChange?.(tx, connection);
  }

  /** Notifies the integrations of all its providers about a change of the connection. */
  async noteChange(tx: Transaction, { views = [] }: Partial<Pick<Connection, 'views'>>): Promise<void> {
    for (const view of views) await this.of(view.module.integration).afterChange?.(tx, view);
  }

  /** Whether an inactive connection no longer uses anything at other services. */
  async isDown(connection: Connection): Promise<boolean> {
    for (const view of connection.views) if ((await this.of(view.module.integration).isDown?.(view)) === false) return false;
    return true;
  }

  /** Returns the contributors of a module's providers. */
  ofModule({ providers }: Pick<HostedModule, 'providers'>): RegistrationContributor[] {
    return providers.map(({ integration }) => this.of(integration));
  }

  of(integration: string): RegistrationContributor {
    const contributor = this.contributors.get(integration);
    if (!contributor) throw new Error(`integration ${integration} has no registration`);
    return contributor;
  }
}
