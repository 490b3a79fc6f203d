export { WhatsAppEnvironment } from './whatsapp.environment.js';
export { WhatsAppProvider } from './whatsapp.provider.js';
export { WhatsAppSettings } from './whatsapp.settings.js';
