import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { fillIn, textFor } from '#platform';
import { buildTermMatcher, type LookupItem, ProviderError } from '#provider-kit';
import { isAuth, type MercadoPagoAccount, type MercadoPagoClient } from './mercadopago.client.js';
import { type MercadoPagoContext, METHODS_LOOKUP } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';

/** One of `GET /v1/payment_methods`. */
class WireMethod {
  @IsString() id!: string;
  @IsString() payment_type_id!: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() status?: string;
}

class WireMethods {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireMethod) list!: WireMethod[];
}

const HOUR_S = 3_600;
const MOST_ITEMS = 50;
/** The balance of the buyer's own account, which cannot be left out. */
const ALWAYS = 'account_money';

/**
 * Ways to pay of all shops' accounts, for the settings page.
 * @throws ProviderError `invalid` for another list's name, `auth` when no token is accepted
 */
export async function lookUpMethods(
  client: MercadoPagoClient,
  name: string,
  term: string,
  context: MercadoPagoContext,
): Promise<LookupItem[]> {
  if (name !== METHODS_LOOKUP)
    throw new ProviderError('invalid', `${textFor(fillIn(texts.noLookup, { name }), context.account.language)}.`);
  const accounts = client.openAccounts(context.settings.shops, context);
  const outcomes = await Promise.allSettled(accounts.map(recallMethods));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  const found = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  // One revoked token does not hide what the others have.
  if (failed && (found.length === 0 || !isAuth(failed.reason))) throw failed.reason;
  const isWanted = buildTermMatcher(term);
  const items = new Map(found.map((method) => [method.id, method]));
  return [...items.values()]
    .filter((method) => isWanted([method.id, method.name, method.payment_type_id]))
    .slice(0, MOST_ITEMS)
    .map(({ id, name: label = id, payment_type_id: hint }) => ({ value: id, label, hint }));
}

function recallMethods(account: MercadoPagoAccount): Promise<WireMethod[]> {
  return account.context.cache.fetch(`methods:${account.id}`, { ttlSeconds: HOUR_S }, async () => {
    const methods = await account.list(WireMethods, { method: 'GET', path: '/v1/payment_methods', effect: false });
    return methods.filter(({ id, status = 'active' }) => id !== ALWAYS && status === 'active');
  });
}
