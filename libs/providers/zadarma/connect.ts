import type { ConnectReport, ConnectRequest } from '#provider-kit';
import { readOffset } from './account-clock.js';
import { hideQuery, readCallinfo, removeUrl, setUrl, switchOn } from './callinfo.js';
import { readPbx } from './numbers.js';
import type { ZadarmaClient } from './zadarma.client.js';
import { describeTrouble } from './trouble.js';
import { isConfigured, type ZadarmaContext } from './zadarma.settings.js';

/**
 * Has notices of calls sent here, and remembers what is needed to read them: by how much the account's clock
 * is ahead of UTC, and the PBX's extensions. An account has one address for notices, so that of another
 * program is the conflict. Warns of calls that the account's money or limits stopped. Throws ProviderError.
 */
export async function connect({ replace }: ConnectRequest, client: ZadarmaClient, context: ZadarmaContext): Promise<ConnectReport> {
  if (!isConfigured(context.settings)) return {};
  const { url, whose, isComplete } = await readCallinfo(client, context);
  const offset = await readOffset(client, context);
  const { extensions } = await readPbx(client, context);
  const memory = { offset: String(offset), extensions: extensions.join(',') };
  const trouble = await describeTrouble(context);
  const said = { memory, ...(trouble !== undefined && { warnings: { '': trouble } }) };
  if (whose === 'others' && !replace) return { ...said, conflict: [{ address: hideQuery(url) }] };
  if (url !== context.webhookUrl) await setUrl(client, context);
  if (!isComplete) await switchOn(client, context);
  return said;
}

/** Has notices sent nowhere, if they come here. Throws ProviderError. */
export async function disconnect(client: ZadarmaClient, context: ZadarmaContext): Promise<void> {
  if (!isConfigured(context.settings)) return;
  const { whose } = await readCallinfo(client, context);
  if (whose === 'ours') await removeUrl(client, context);
}
