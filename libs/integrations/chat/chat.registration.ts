import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { InjectProviders, type Providers } from '#integration-kit';
import type { RegistrationPart } from '#onboarding';
import { CALLBACK_PATHS } from './chat.paths.js';
import type { ChatProvider } from './port/index.js';

/**
 * Registers a chat module's transport and optional bot (reference: TransportConfiguration, BotConfiguration).
 */
@Injectable()
export class ChatRegistration implements RegistrationPart {
  readonly integration = 'chat';
  /** The callbacks read nothing of the CRM's. */
  readonly scopes = [];

  constructor(@InjectProviders('chat') private readonly providers: Providers<ChatProvider>) {}

  build(connection: Connection): IntegrationsInput {
    const manifest = this.providers.getManifest(connection);
    const { active, token, webhookUrl, endpointUrl } = manifest.describeTransport(connection.settings);
    const bot = manifest.describeBot(connection.settings);
    return {
      mgTransport: {
        ...(token && { token }),
        isActive: active,
        ...(webhookUrl && { webhookUrl }),
        ...(endpointUrl && { endpointUrl }),
        actions: CALLBACK_PATHS,
      },
      ...(bot && {
        mgBot: {
          isActive: bot.active,
          ...(bot.logo && { logo: bot.logo }),
          ...(bot.token && { token: bot.token }),
          name: bot.name,
          ...(bot.endpointUrl && { endpointUrl: bot.endpointUrl }),
        },
      }),
    };
  }
}
