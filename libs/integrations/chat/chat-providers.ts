import { ProviderRegistry } from '#connections';
import type { ChatProvider } from './port/index.js';

/** The chat providers of this deployment. */
export class ChatProviders extends ProviderRegistry<ChatProvider> {}
