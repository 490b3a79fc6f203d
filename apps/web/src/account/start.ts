import type { Language } from '../kit/index.js';

/** What the server writes into the page for its start. */
export interface Start {
  /** Bearer of the page's API; it lives in memory only. */
  readonly token: string;
  readonly language: Language;
  /** IANA name of the account's time zone. */
  readonly timeZone: string;
  /** Code of the module, as in the page's address. */
  readonly module: string;
  /** What the connection is called in the CRM. */
  readonly name: string;
  /** Host of the account's CRM. */
  readonly host: string;
  /** The module is switched on in the CRM. */
  readonly isActive: boolean;
  /** The account may connect the module several times. */
  readonly hasInstances: boolean;
  /** What is not as it should be, in the account's language. */
  readonly notices: readonly string[];
  /** One for each provider of the module. */
  readonly parts: readonly StartPart[];
}

/** What of the page depends on one provider. */
export interface StartPart {
  /** Code of the provider, where the module is of several. */
  readonly provider?: string;
  readonly title: string;
  /** Where its service sends webhooks, for the account's user to enter there. */
  readonly webhookUrl?: string;
  /** Settings can be tried at its service. */
  readonly canCheck: boolean;
  /** It leaves something to rule. */
  readonly hasRules: boolean;
  readonly notices: readonly string[];
}

/** Reads it, and takes it out of the document. */
export function readStart(): Start {
  const element = document.getElementById('start');
  if (!element?.textContent) throw new Error('The page has no start');
  element.remove();
  return JSON.parse(element.textContent) as Start;
}
