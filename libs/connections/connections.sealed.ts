import type { SealedTable } from '#platform';
import type { ConnectionSecret } from './connection-secrets.js';

const COLUMNS: Readonly<Record<ConnectionSecret, string>> = {
  clientId: 'client_id_sealed',
  apiKey: 'api_key_sealed',
  settings: 'settings_sealed',
  rules: 'rules_sealed',
  chatTokens: 'chat_tokens_sealed',
  serviceMemory: 'service_memory_sealed',
};

/** The secrets of a connection, each sealed for its id and name. */
export const connectionsSealed: SealedTable = {
  table: 'connection',
  key: ['id'],
  columns: [
    ...Object.entries(COLUMNS).map(([name, column]) => ({ column, context: `id || '/${name}'` })),
    // Settings of a combined module's providers.
    { column: 'by_provider', context: `id || '/settings'`, isJson: true },
  ],
};

/** Settings compiled by their providers. */
export const compiledSealed: SealedTable = {
  table: 'compiled_settings',
  key: ['connection_id', 'provider'],
  columns: [{ column: 'sealed', context: `connection_id || '/compiled/' || provider` }],
};

/** Drafts of account pages, each sealed for its connection, provider and form. */
export const draftsSealed: SealedTable = {
  table: 'account_draft',
  key: ['id'],
  columns: [{ column: 'values_sealed', context: `connection_id || '/draft/' || provider || '/' || form` }],
};

const CONSENT = `connection_id || '/oauth/' || provider`;

/** Consents of accounts, and attempts to give them. */
export const consentsSealed: readonly SealedTable[] = [
  { table: 'oauth_grant', key: ['connection_id', 'provider'], columns: [{ column: 'tokens_sealed', context: CONSENT }] },
  {
    table: 'oauth_attempt',
    key: ['id'],
    columns: ['verifier_sealed', 'tokens_sealed'].map((column) => ({ column, context: CONSENT })),
  },
];
