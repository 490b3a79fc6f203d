import { isAuth, makeError } from '#provider-kit';
import type { Cdek } from './cdek.api.js';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';

/** Seconds before rejected credentials are tried again. */
const SIGNED_IN = { ttlSeconds: 3_600 };

/** Keeps the directories up to date. Throws ProviderError. */
export async function refresh(api: Cdek, context: CdekContext): Promise<void> {
  const isRefused = await context.cache.fetch(`refused:${api.identifyAccount(context)}`, SIGNED_IN, async () => {
    try {
      await api.signIn(context);
      return false;
    } catch (error) {
      if (!isAuth(error)) throw error;
      return true;
    }
  });
  if (isRefused) throw makeError('auth', texts.credentials);
  await api.cities.refresh(context);
  await api.points.refresh(context);
}
