import type { AccountData } from '#platform';

/** The connection with its settings, secrets, drafts and setup at its services. */
export const connectionsData: AccountData = {
  name: 'connection',
  tables: [
    { table: 'provider_setup' },
    { table: 'connection_check' },
    { table: 'health_change' },
    { table: 'connection_seen' },
    { table: 'connection_failure' },
    { table: 'account_draft' },
    { table: 'compiled_settings' },
    { table: 'oauth_grant' },
    { table: 'oauth_attempt' },
    { table: 'connection', where: 'id = $1' },
  ],
};
