import type { BillingInfo, ChatEndpoint, RegistrationReply } from '#connections';
import { toList, toLoose, toNumber, toText } from '../crm-lists/loose.js';

/** Tokens issued by the CRM for a chat transport and a bot. */
export interface ChatTokens {
  mgTransport?: string;
  mgBot?: string;
}

/**
 * Reads `info` of a registration's reply and its tokens. Lenient: an unexpected reply must not undo the
 * registration.
 */
export function readRegistrationReply(info: unknown): { reply: RegistrationReply; tokens: ChatTokens } {
  const { notExistUsersIds, notExistSiteCodes, deliveryType, billingInfo, mgTransport, mgBot } = toLoose(info);
  const reply: RegistrationReply = {
    ...pickMember('deliveryType', toText(toLoose(deliveryType).code) ?? toText(deliveryType)),
    ...pickMember('mgTransport', readEndpoint(mgTransport)),
    ...pickMember('mgBot', readEndpoint(mgBot)),
    ...pickMember('unknownUsers', omitEmpty(toList(notExistUsersIds).flatMap((id) => toNumber(id) ?? []))),
    ...pickMember('unknownSites', omitEmpty(toList(notExistSiteCodes).flatMap((code) => toText(code) ?? []))),
    ...pickMember('billingInfo', readBillingInfo(billingInfo)),
  };
  const tokens: ChatTokens = {
    ...pickMember('mgTransport', toText(toLoose(mgTransport).token)),
    ...pickMember('mgBot', toText(toLoose(mgBot).token)),
  };
  return { reply, tokens };
}

/** Reads a module's price, leniently. Returns undefined if there is none. */
export function readBillingInfo(value: unknown): BillingInfo | undefined {
  const { price, priceWithDiscount, currency, billingType } = toLoose(value);
  const info: BillingInfo = {
    ...pickMember('price', toNumber(price)),
    ...pickMember('priceWithDiscount', toNumber(priceWithDiscount)),
    ...pickMember('currency', toText(toLoose(currency).code) ?? toText(currency)),
    ...pickMember('billingType', toText(billingType)),
  };
  return Object.keys(info).length > 0 ? info : undefined;
}

function readEndpoint(value: unknown): ChatEndpoint | undefined {
  const endpointUrl = toText(toLoose(value).endpointUrl);
  return endpointUrl === undefined ? undefined : { endpointUrl };
}

function omitEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function pickMember<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value };
}
