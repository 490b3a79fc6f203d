export { LedgerModule, ledgerSchema } from './ledger.module.js';
export { LedgerProvider } from './ledger.provider.js';
export { LedgerSettings } from './ledger.settings.js';
export { ledgerManifest } from './ledger.manifest.js';
