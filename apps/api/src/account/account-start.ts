import { type Connection, isLive, nameConnection } from '#connections';
import { type Language, type LocalText, textFor, toLanguage } from '#platform';
import type { ProviderManifest } from '#provider-kit';

/** What of a connection's page depends on one provider. */
export interface PagePart {
  provider: Pick<ProviderManifest<object>, 'code' | 'title'>;
  /** Where its service sends webhooks, for the account's user to enter there. */
  webhookUrl?: string | undefined;
  /** Settings can be tried at its service. */
  canCheck: boolean;
  /** It leaves something to rule. */
  hasRules: boolean;
  notices: readonly LocalText[];
}

/** What the account page knows before it asks: `apps/web/src/account/start.ts` reads it. */
export interface AccountStart {
  token: string;
  language: Language;
  timeZone: string;
  module: string;
  name: string;
  host: string;
  isActive: boolean;
  hasInstances: boolean;
  notices: string[];
  parts: {
    /** Of a module of several. */
    provider?: string;
    title: string;
    webhookUrl?: string | undefined;
    canCheck: boolean;
    hasRules: boolean;
    notices: string[];
  }[];
}

/** Describes a connection's page, in the account's language; `token`: bearer of the page's API. */
export function describeStart(
  connection: Connection,
  token: string,
  { notices, parts }: { notices: readonly LocalText[]; parts: readonly PagePart[] },
): AccountStart {
  const language = toLanguage(connection.account.language);
  const say = (text: LocalText): string => textFor(text, language);
  return {
    ...{ token, language, timeZone: connection.account.timeZone },
    ...{ module: connection.module.code, name: nameConnection(connection) },
    host: new URL(connection.systemUrl).host,
    isActive: isLive(connection),
    hasInstances: connection.module.multiAccount === true,
    notices: notices.map(say),
    parts: parts.map(({ provider, notices: own, ...part }) => ({
      ...part,
      ...(parts.length > 1 && { provider: provider.code }),
      title: say(provider.title),
      notices: own.map(say),
    })),
  };
}
