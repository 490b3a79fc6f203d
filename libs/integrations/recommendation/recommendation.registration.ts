import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { InjectProviders, type Providers } from '#integration-kit';
import type { RegistrationContributor } from '#onboarding';
import { toCrmText } from '#platform';
import type { RecommendationProvider } from './port/index.js';
import { CALLBACK_PATHS } from './recommendation.paths.js';

/** Registers the module's modes, named in every language (reference: RecommendationConfiguration). */
@Injectable()
export class RecommendationRegistration implements RegistrationContributor {
  readonly integration = 'recommendation';

  constructor(@InjectProviders('recommendation') private readonly providers: Providers<RecommendationProvider>) {}

  /** The callback needs no scopes. The providers read the CRM. */
  get scopes(): string[] {
    return [...new Set(this.providers.list().flatMap(({ manifest }) => manifest.scopes))];
  }

  build(connection: Connection): IntegrationsInput {
    const manifest = this.providers.getManifest(connection);
    return {
      recommendation: {
        actions: CALLBACK_PATHS,
        addDefaultModes: manifest.addDefaultModes(connection.settings),
        modes: manifest.modes.map(({ code, name }) => ({ code, names: toCrmText(name) })),
      },
    };
  }
}
