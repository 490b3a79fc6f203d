import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import type { LocalText, Transaction } from '#platform';
import type { ShopChoices } from './shop-choices.js';
import type { Trials } from './trials.js';

/** What an integration adds to the registration, and to the account page, of modules of its kind. */
export interface RegistrationPart extends ShopChoices {
  /** As `HostedModule.integration`. */
  readonly integration: string;
  /** Scopes that the API key needs (reference: the line "permission is required" of each method used). */
  readonly scopes: readonly string[];
  /** Scopes that it asks for and can do without. */
  readonly optionalScopes?: readonly string[];
  /** Builds the `integrations` member of the registration. */
  build(connection: Connection): IntegrationsInput;
  /** Notes what follows from a registration, in the transaction that stores the CRM's answer to it. */
  afterRegistration?(tx: Transaction, connection: Connection): Promise<void>;
  /** Notes what follows from new settings, or from being switched on, off or frozen, in that transaction. */
  afterChange?(tx: Transaction, connection: Connection): Promise<void>;
  /** Whether nothing of an inactive connection is in use at other services any more; true when left out. */
  isDown?(connection: Connection): Promise<boolean>;
  /** Whether anything was done with it for the account, such as a first payment; false when left out. */
  isUsed?(connection: Connection): Promise<boolean>;
  /** What the page offers to try at the first step `used`. */
  readonly trials?: Trials;
  /** Lists what the account's users should know or can correct, for the page. */
  listNotices?(connection: Connection): Promise<LocalText[]>;
}

/** The parts of all integrations; IntegrationModule adds them at start. */
@Injectable()
export class RegistrationParts {
  private readonly parts = new Map<string, RegistrationPart>();

  add(part: RegistrationPart): void {
    this.parts.set(part.integration, part);
  }

  /** Lets the integrations of all its providers note what follows from a change of the connection. */
  async noteChange(tx: Transaction, { views = [] }: Partial<Pick<Connection, 'views'>>): Promise<void> {
    for (const view of views) await this.of(view.module.integration).afterChange?.(tx, view);
  }

  /** Whether nothing of an inactive connection is in use at other services any more. */
  async isDown(connection: Connection): Promise<boolean> {
    for (const view of connection.views) if ((await this.of(view.module.integration).isDown?.(view)) === false) return false;
    return true;
  }

  of(integration: string): RegistrationPart {
    const part = this.parts.get(integration);
    if (!part) throw new Error(`integration ${integration} has no registration`);
    return part;
  }
}
