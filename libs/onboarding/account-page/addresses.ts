import type { Connection } from '#connections';
import { type DtoClass, listMovedSecrets, type LocalText, type NamedAddress, namedAddressesIn, type Reach, textFor } from '#platform';
import { texts } from '../onboarding.texts.js';

/** Messages about addresses that cannot be reached. */
const ADDRESSES: Readonly<Record<'closed' | 'unresolved', LocalText>> = texts.addresses;

/** Messages by path: problems block saving, warnings do not. */
export type JudgedAddresses = Record<'problems' | 'warnings', Record<string, string>>;

/** Checks the addresses that an account entered in its settings. */
export async function judgeAddresses<T extends object>(
  reach: Reach,
  type: DtoClass<T>,
  values: T,
  { account }: Pick<Connection, 'account'>,
): Promise<JudgedAddresses> {
  const judged: JudgedAddresses = { problems: {}, warnings: {} };
  const judge = async ({ path, host, port }: NamedAddress): Promise<void> => {
    const found = await reach.check(host, port);
    if (found !== 'open') judged[found === 'closed' ? 'problems' : 'warnings'][path] = textFor(ADDRESSES[found], account.language);
  };
  await Promise.all(namedAddressesIn(type, values).map(judge));
  return judged;
}

/**
 * Rejects stored secrets that would be sent to a changed address. Returns messages by path.
 * @param incoming the received values, before the stored secrets were merged in
 */
export function findMovedSecrets<T extends object>(
  type: DtoClass<T>,
  stored: T,
  { incoming, values, account }: { incoming: unknown; values: T } & Pick<Connection, 'account'>,
): Record<string, string> {
  const message = textFor(texts.enterAgain, account.language);
  return Object.fromEntries(listMovedSecrets(type, stored, incoming, values).map((path) => [path, message]));
}
