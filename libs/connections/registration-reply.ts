/** What a module costs the account, as the CRM tells it of modules of the marketplace (reference: BillingInfo). */
export interface BillingInfo {
  price?: number;
  priceWithDiscount?: number;
  /** ISO 4217. */
  currency?: string;
  billingType?: string;
}

/** Where a chat transport or bot of the account is reached. Its token is kept apart, sealed. */
export interface ChatEndpoint {
  endpointUrl?: string;
}

/** What the CRM answered to a registration, without secrets. Empty members are left out. */
export interface RegistrationReply {
  /** Code of the delivery type that stands for the module. */
  deliveryType?: string;
  mgTransport?: ChatEndpoint;
  mgBot?: ChatEndpoint;
  /** Users whom the registration gives codes and whom the account does not have. */
  unknownUsers?: number[];
  /** Sites to which it gives numbers and which the account does not have. */
  unknownSites?: string[];
  billingInfo?: BillingInfo;
}

/** Tokens that the CRM gave out: of a chat transport and of a bot. */
export interface ChatTokens {
  mgTransport?: string;
  mgBot?: string;
}

type Loose = { readonly [name: string]: unknown };

/**
 * Reads `info` of a registration's answer as leniently as it can: it was taken, and nothing that is odd about the answer may undo that.
 * Gives the tokens apart from the rest.
 */
export function registrationReplyOf(info: unknown): { reply: RegistrationReply; tokens: ChatTokens } {
  const { notExistUsersIds, notExistSiteCodes, deliveryType, billingInfo, mgTransport, mgBot } = looseOf(info);
  const reply: RegistrationReply = {
    ...member('deliveryType', textOf(looseOf(deliveryType).code) ?? textOf(deliveryType)),
    ...member('mgTransport', endpointOf(mgTransport)),
    ...member('mgBot', endpointOf(mgBot)),
    ...member('unknownUsers', filled(listOf(notExistUsersIds).flatMap((id) => numberOf(id) ?? []))),
    ...member('unknownSites', filled(listOf(notExistSiteCodes).flatMap((code) => textOf(code) ?? []))),
    ...member('billingInfo', billingInfoOf(billingInfo)),
  };
  const tokens: ChatTokens = {
    ...member('mgTransport', textOf(looseOf(mgTransport).token)),
    ...member('mgBot', textOf(looseOf(mgBot).token)),
  };
  return { reply, tokens };
}

/** Reads what a module costs, as leniently; undefined when it says nothing. */
export function billingInfoOf(value: unknown): BillingInfo | undefined {
  const { price, priceWithDiscount, currency, billingType } = looseOf(value);
  const info: BillingInfo = {
    ...member('price', numberOf(price)),
    ...member('priceWithDiscount', numberOf(priceWithDiscount)),
    ...member('currency', textOf(looseOf(currency).code) ?? textOf(currency)),
    ...member('billingType', textOf(billingType)),
  };
  return Object.keys(info).length > 0 ? info : undefined;
}

function endpointOf(value: unknown): ChatEndpoint | undefined {
  const endpointUrl = textOf(looseOf(value).endpointUrl);
  return endpointUrl === undefined ? undefined : { endpointUrl };
}

function filled<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function looseOf(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/** Lists come numbered or keyed. */
function listOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function member<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value };
}
