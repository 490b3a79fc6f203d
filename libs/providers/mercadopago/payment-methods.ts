import { isAuth, keepFulfilled, type LookupItem, makeLookUp } from '#provider-kit';
import { type MercadoPago, openShops, type ShopContext, type WireMethod } from './mercadopago.api.js';
import { type MercadoPagoContext, METHODS_LOOKUP } from './mercadopago.settings.js';

const HOUR_S = 3_600;
/** The balance of the buyer's own account, which cannot be excluded. */
const ALWAYS = 'account_money';

/** Finds values for the settings page. */
export const lookUp = makeLookUp<MercadoPago, MercadoPagoContext>({ [METHODS_LOOKUP]: { list: listMethods } });

/** Ways to pay of all shops' accounts. Throws ProviderError `auth` when no token is accepted. */
async function listMethods(api: MercadoPago, context: MercadoPagoContext): Promise<LookupItem[]> {
  const outcomes = await Promise.allSettled(openShops(context.settings.shops, context).map((shop) => recallMethods(api, shop)));
  // One revoked token does not hide the methods of the others.
  const other = outcomes.find((outcome) => outcome.status === 'rejected' && !isAuth(outcome.reason));
  const found = keepFulfilled(other ? [other] : outcomes).flat();
  const methods = new Map(found.map((method) => [method.id, method]));
  return [...methods.values()].map(({ id, name: label = id, payment_type_id: hint }) => ({ value: id, label, hint }));
}

function recallMethods(api: MercadoPago, context: ShopContext): Promise<WireMethod[]> {
  return context.cache.fetch(`methods:${api.identify(context)}`, { ttlSeconds: HOUR_S }, async () => {
    const methods = await api.methods(context);
    return methods.filter(({ id, status = 'active' }) => id !== ALWAYS && status === 'active');
  });
}
