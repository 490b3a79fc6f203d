export * from './whatsapp-double.js';
export type { WhatsAppContent, WhatsAppFile, WhatsAppKept, WhatsAppPerson } from './whatsapp-records.js';
