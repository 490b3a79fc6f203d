import { defineIntegration } from '#integration-kit';
import { ChannelStore } from './channel-store.js';
import { ChatCallbacksController } from './chat-callbacks.controller.js';
import { ChatChannels } from './chat-channels.js';
import { ChatOperatorController } from './chat-operator.controller.js';
import { ChannelEntity, ChannelSyncEntity } from './chat.entity.js';
import { ChatRegistration } from './chat.registration.js';
import { GatewayAddresses } from './gateway/gateway-addresses.js';
import { GatewayClients } from './gateway/gateway-clients.js';
import { Chat1764000500900 } from './migrations/1764000500900-chat.js';
import type { ChatProvider } from './port/index.js';

/** The chat integration. */
export const chat = defineIntegration<ChatProvider>({
  code: 'chat',
  controllers: [ChatCallbacksController],
  services: [ChannelStore, GatewayAddresses, GatewayClients],
  registration: ChatRegistration,
  jobs: [ChatChannels],
  operatorLists: [ChatOperatorController],
  entities: [ChannelEntity, ChannelSyncEntity],
  migrations: [Chat1764000500900],
});
