import { isAuth, isRefusal } from '#provider-kit';
import type { ShopContext, WireAccount, Yookassa } from './yookassa.api.js';

/**
 * Reads the shop's settings; empty if this key may not read them, which is then tried with a list of
 * payments. Throws ProviderError `auth` for a key that is refused there too.
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
