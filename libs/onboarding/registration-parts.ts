import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import type { ShopChoice } from './shop-choices.js';

/** What an integration adds to the registration of modules of its kind. */
export interface RegistrationPart {
  /** As `HostedModule.integration`. */
  readonly integration: string;
  /** Scopes the API key needs for it (reference: the line "permission is required" of each method used). */
  readonly scopes: readonly string[];
  /** Members of it that the account's users may change in the CRM; they go when they are new or the partner changed them, not with every registration. */
  readonly shopChoices?: readonly ShopChoice[];
  /** The `integrations` member of the registration. */
  build(connection: Connection): IntegrationsInput;
}

/** The parts of all integrations; each registers its own at start. */
@Injectable()
export class RegistrationParts {
  private readonly parts = new Map<string, RegistrationPart>();

  add(part: RegistrationPart): void {
    this.parts.set(part.integration, part);
  }

  of(integration: string): RegistrationPart {
    const part = this.parts.get(integration);
    if (!part) throw new Error(`integration ${integration} has no registration`);
    return part;
  }
}
