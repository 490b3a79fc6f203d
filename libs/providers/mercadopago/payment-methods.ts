import { fillIn } from '#platform';
import { buildTermMatcher, isAuth, type LookupItem, makeError } from '#provider-kit';
import { type MercadoPago, openShops, type ShopContext, type WireMethod } from './mercadopago.api.js';
import { type MercadoPagoContext, METHODS_LOOKUP } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';

const HOUR_S = 3_600;
const MOST_ITEMS = 50;
/** The balance of the buyer's own account, which cannot be excluded. */
const ALWAYS = 'account_money';

/**
 * Ways to pay of all shops' accounts, for the settings page.
 * @throws ProviderError `invalid` for another list's name, `auth` when no token is accepted
 */
export async function lookUpMethods(api: MercadoPago, name: string, term: string, context: MercadoPagoContext): Promise<LookupItem[]> {
  if (name !== METHODS_LOOKUP) throw makeError('invalid', fillIn(texts.noLookup, { name }));
  const outcomes = await Promise.allSettled(openShops(context.settings.shops, context).map((shop) => recallMethods(api, shop)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  const found = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  // One revoked token does not hide the methods of the others.
  if (failed && (found.length === 0 || !isAuth(failed.reason))) throw failed.reason;
  const isWanted = buildTermMatcher(term);
  const items = new Map(found.map((method) => [method.id, method]));
  return [...items.values()]
    .filter((method) => isWanted([method.id, method.name, method.payment_type_id]))
    .slice(0, MOST_ITEMS)
    .map(({ id, name: label = id, payment_type_id: hint }) => ({ value: id, label, hint }));
}

function recallMethods(api: MercadoPago, context: ShopContext): Promise<WireMethod[]> {
  return context.cache.fetch(`methods:${api.identify(context)}`, { ttlSeconds: HOUR_S }, async () => {
    const methods = await api.methods(context);
    return methods.filter(({ id, status = 'active' }) => id !== ALWAYS && status === 'active');
  });
}
