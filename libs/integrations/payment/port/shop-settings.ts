import { FIELDS, fillIn, type Language, type LocalText, textFor } from '#platform/plain';
import { extendContext, isAuth, isRefusal, makeError } from '#provider-kit';
import type { Shop } from './manifest.js';
import { texts } from './port.texts.js';
import type { CaptureMode } from './requests.js';

const { field } = FIELDS;
/** Format of a shop's code, which invoices name. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/;
const NO_CODE = 'must be at most 50 Latin letters, digits, dashes and underscores';

/** Account page settings of a shop at a gateway without holds. A gateway's own class adds keys and terms. */
export class OneStageShop {
  @field.text(texts.shop.code, { pattern: CODE, problem: NO_CODE }) code!: string;
  @field.text(texts.shop.name, { filled: true, maxLength: 100 }) name!: string;
  @field.flag(texts.shop.active) active: boolean = true;
}

/** Account page settings of a shop at any other gateway. */
export class PaymentShop extends OneStageShop implements Shop {
  @field.choice(['automatic', 'manual'], texts.shop.capture) capture: CaptureMode = 'automatic';
}

/**
 * Rejects two shops with the same code, because invoices identify shops by code. For a manifest's
 * `checkSettings`.
 */
export function checkShopCodes({ shops }: { shops: readonly OneStageShop[] }, language: Language): Record<string, string> {
  const codes = shops.map(({ code }) => code);
  const repeated = codes.flatMap((code, index) =>
    codes.indexOf(code) === index ? [] : [[`shops[${index}].code`, textFor(texts.sameCode, language)]],
  );
  return Object.fromEntries(repeated) as Record<string, string>;
}

/** Describes the problem of settings without a shop. For a manifest's `describeMissing`. */
export function describeMissingShops({ shops }: { shops: readonly unknown[] }): LocalText | undefined {
  return shops.length === 0 ? texts.noShops : undefined;
}

/** Returns the shops in the CRM's format. For a manifest's `listShops`. */
export function listShops({ shops }: { shops: readonly (OneStageShop & Partial<Pick<Shop, 'capture'>>)[] }): Shop[] {
  return shops.map(({ code, name, active, capture = 'automatic' }) => ({ code, name, active, capture }));
}

/** Adds the shop with this code to a context. Throws ProviderError `auth` if the settings lack it. */
export function openShop<S extends { code: string }, C extends { readonly settings: { shops: readonly S[] } }>(
  code: string,
  context: C,
): C & { readonly shop: C['settings']['shops'][number] } {
  const shop = context.settings.shops.find((one) => one.code === code);
  if (!shop) throw makeError('auth', fillIn(texts.shopIsGone, { code: JSON.stringify(code) }));
  return extendContext(context, { shop });
}

/**
 * For a search in all shops: returns undefined if a shop's key is rejected or has no permission to search.
 * That does no harm, because a repeat of `create` also settles a lost reply. Throws any other error.
 */
export function skipShop(error: unknown): undefined {
  if (!isRefusal(error) && !isAuth(error)) throw error;
}
