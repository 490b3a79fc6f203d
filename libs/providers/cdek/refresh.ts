import { ProviderError } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import type { CdekContext } from './cdek.settings.js';
import { makeError, texts } from './cdek.texts.js';
import { cities } from './cities.js';
import { refreshDirectories } from './directory.js';
import { points } from './points.js';

/** Refused credentials are not tried again for so long. */
const SIGNED_IN = { ttlSeconds: 3_600 };

/** Keeps the directories up to date. Throws ProviderError. */
export async function refresh(client: CdekClient, context: CdekContext): Promise<void> {
  const isRefused = await context.cache.fetch(`refused:${client.identifyAccount(context)}`, SIGNED_IN, async () => {
    try {
      await client.signIn(context);
      return false;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'auth') return true;
      throw error;
    }
  });
  if (isRefused) throw makeError('auth', texts.credentials, context);
  await refreshDirectories([cities, points], client, context);
}
