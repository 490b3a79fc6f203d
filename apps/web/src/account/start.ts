import type { Language } from '../kit/index.js';

/** Data that the server writes into the page. */
export interface Start {
  /** Bearer of the page's API. It is kept only in memory. */
  readonly token: string;
  readonly language: Language;
  /** IANA name of the account's time zone. */
  readonly timeZone: string;
  /** Code of the module, as in the page URL. */
  readonly module: string;
  /** The connection's name in the CRM. */
  readonly name: string;
  /** Host of the account's CRM. */
  readonly host: string;
  /** Whether the module is switched on in the CRM. */
  readonly isActive: boolean;
  /** Whether the account can connect the module several times. */
  readonly hasInstances: boolean;
  /** Whether users of the CRM can get actions with an effect in its cards. */
  readonly hasWidgetActions: boolean;
  /** Whether the module has carriers or gateways with money. */
  readonly hasMoney: boolean;
  /** Problems, in the account's language. */
  readonly notices: readonly string[];
  /** One part for each provider of the module. */
  readonly parts: readonly StartPart[];
}

/** The provider's part of the data. */
export interface StartPart {
  /** Code of the provider. Only for modules with several providers. */
  readonly provider?: string;
  readonly title: string;
  /** Address for the service's webhooks. The user enters it at the service. */
  readonly webhookUrl?: string;
  /** Whether settings can be checked at the service. */
  readonly canCheck: boolean;
  /** Whether the account can consent at the service instead of entering credentials. */
  readonly canConsent: boolean;
  /** Whether the provider supports rules. */
  readonly hasRules: boolean;
  readonly notices: readonly string[];
}

/** Reads the data and removes it from the document. */
export function readStart(): Start {
  const element = document.getElementById('start');
  if (!element?.textContent) throw new Error('The page has no start');
  element.remove();
  return JSON.parse(element.textContent) as Start;
}
