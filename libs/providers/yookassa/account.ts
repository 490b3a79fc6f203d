import { isAuth, isRefusal } from '#provider-kit';
import type { ShopContext, WireAccount, Yookassa } from './yookassa.api.js';

/**
 * Reads the shop's settings. Empty if this key may not read them: then a list of payments tests the key.
 * Throws ProviderError `auth` for a key that is rejected there too.
 */
export async function readAccount(api: Yookassa, context: ShopContext): Promise<WireAccount> {
  try {
    return await api.me(context);
  } catch (error) {
    if (!isRefusal(error) && !isAuth(error)) throw error;
    await api.anyPayments(context, { query: { limit: 1 } });
    return {};
  }
}
