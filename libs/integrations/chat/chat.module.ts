import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ProviderService, registryModule } from '#connections';
import { ChatCallbacksController } from './chat-callbacks.controller.js';
import { ChatProviders } from './chat-providers.js';
import { ChatRegistration } from './chat.registration.js';
import type { ChatProvider } from './port/index.js';

/** The providers, apart from the integration: what modules there are follows from them. */
@Global()
@Module({})
export class ChatProvidersModule {
  static forRoot(adapters: readonly ChatProvider[], services: readonly ProviderService<ChatProvider>[]): DynamicModule {
    return registryModule(ChatProvidersModule, ChatProviders, adapters, services);
  }
}

/** The chat integration. It keeps nothing: its providers do. */
@Module({ controllers: [ChatCallbacksController], providers: [ChatRegistration] })
export class ChatModule {}
