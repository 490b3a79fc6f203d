import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import { type RegistrationPart, RegistrationParts } from '#onboarding';
import { RecommendationProviders } from './recommendation-providers.js';

/** What the CRM is told a recommendation module can do: its modes, with their names in every language (reference: RecommendationConfiguration). */
@Injectable()
export class RecommendationRegistration implements RegistrationPart, OnModuleInit {
  readonly integration = 'recommendation';

  constructor(
    private readonly providers: RecommendationProviders,
    private readonly parts: RegistrationParts,
  ) {}

  /** The callback itself needs none; the providers read the CRM. */
  get scopes(): string[] {
    return [...new Set(this.providers.all().flatMap((provider) => provider.manifest.scopes))];
  }

  onModuleInit(): void {
    this.parts.add(this);
  }

  build(connection: Connection): IntegrationsInput {
    const { manifest } = this.providers.of(connection);
    return {
      recommendation: {
        actions: { recommendation: '/recommendation' },
        addDefaultModes: manifest.addDefaultModes(connection.settings),
        modes: manifest.modes.map(({ code, name: { en, es, ru } }) => ({ code, names: { en, es, ru } })),
      },
    };
  }
}
