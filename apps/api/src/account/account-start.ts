import { type Connection, isLive, nameConnection } from '#connections';
import { type Language, type LocalText, textFor, toLanguage } from '#platform';
import type { ProviderManifest } from '#provider-kit';

/** The data of a connection's page for one provider. */
export interface PagePart {
  provider: Pick<ProviderManifest<object>, 'code' | 'title'>;
  /** Address for the service's webhooks. The account's user enters it at the service. */
  webhookUrl?: string | undefined;
  /** Whether settings can be checked at the service. */
  canCheck: boolean;
  /** Whether the account can consent at the service instead of pasting credentials. */
  canConsent: boolean;
  /** Whether the provider supports rules. */
  hasRules: boolean;
  notices: readonly LocalText[];
}

/** Data that the account page gets before its first call: `apps/web/src/account/start.ts` reads it. */
export interface AccountStart {
  token: string;
  language: Language;
  timeZone: string;
  module: string;
  name: string;
  host: string;
  isActive: boolean;
  hasInstances: boolean;
  /** Whether users of the CRM can get actions with an effect in its cards. */
  hasWidgetActions: boolean;
  /** Whether the module has carriers or gateways with money. */
  hasMoney: boolean;
  notices: string[];
  parts: {
    /** Only for modules with several providers. */
    provider?: string;
    title: string;
    webhookUrl?: string | undefined;
    canCheck: boolean;
    canConsent: boolean;
    hasRules: boolean;
    notices: string[];
  }[];
}

/** Describes a connection's page in the account's language. `token`: bearer of the page's API. */
export function describeStart(
  connection: Connection,
  token: string,
  {
    notices,
    parts,
    ...has
  }: { notices: readonly LocalText[]; parts: readonly PagePart[] } & Pick<AccountStart, 'hasWidgetActions' | 'hasMoney'>,
): AccountStart {
  const language = toLanguage(connection.account.language);
  const say = (text: LocalText): string => textFor(text, language);
  return {
    ...{ token, language, timeZone: connection.account.timeZone },
    ...{ module: connection.module.code, name: nameConnection(connection) },
    host: new URL(connection.systemUrl).host,
    isActive: isLive(connection),
    hasInstances: connection.module.multiAccount === true,
    ...has,
    notices: notices.map(say),
    parts: parts.map(({ provider, notices: own, ...part }) => ({
      ...part,
      ...(parts.length > 1 && { provider: provider.code }),
      title: say(provider.title),
      notices: own.map(say),
    })),
  };
}
