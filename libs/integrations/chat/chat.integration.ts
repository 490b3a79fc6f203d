import { defineIntegration } from '#integration-kit';
import { ChatCallbacksController } from './chat-callbacks.controller.js';
import { ChatRegistration } from './chat.registration.js';
import type { ChatProvider } from './port/index.js';

/** The chat integration. It keeps nothing: its providers do. */
export const chat = defineIntegration<ChatProvider>({
  code: 'chat',
  controllers: [ChatCallbacksController],
  services: [],
  registration: ChatRegistration,
  entities: [],
  migrations: [],
});
