import type { ConnectionEntity } from '#connections';

/** Advises the operator, if there is anything to do. `missing`: required scopes that the key lacks. */
export function adviseOnRegistration(row: ConnectionEntity, missing: readonly string[]): string | undefined {
  if (row.disconnectedAt) return adviseOnDisconnected(row);
  const again = `Unchanged, it is repeated once a day, or immediately by POST /operator/api/connections/${row.id}/register.`;
  if (missing.length > 0)
    return `The account's key lacks ${missing.join(', ')} and the CRM issued no key with more scopes. The shop must connect the module again. ${again}`;
  if (row.registrationError === null) return undefined;
  if (row.attemptedHash === null)
    return 'Nothing to do: the CRM did not respond. The registration is repeated automatically, at growing intervals.';
  return `The CRM rejected it for the stated reason. If the key is the reason, the shop must connect the module again. Otherwise change the stated values: the settings (PUT /operator/api/connections/${row.id}/settings), or the module's name, logo and countries (modules.json), or the entry in the partner account. ${again}`;
}

function adviseOnDisconnected({ id, registrationError, attemptedAt }: ConnectionEntity): string | undefined {
  if (registrationError === null) return undefined;
  if (attemptedAt === null)
    return 'Nothing to do: the CRM did not respond. The notice that the module is off is repeated automatically, at growing intervals.';
  return `The CRM rejected the notice that the module is off. If the CRM shows the module as active, the shop can switch it off there. To repeat the notice, use POST /operator/api/connections/${id}/register.`;
}
