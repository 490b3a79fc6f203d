import type { Connection } from '#connections';
import { type DtoClass, listMovedSecrets, type LocalText, type NamedAddress, namedAddressesIn, type Reach, textFor } from '#platform';

/** Messages about addresses that cannot be reached. */
const ADDRESSES: Readonly<Record<'closed' | 'unresolved', LocalText>> = {
  closed: {
    en: 'must be a public address of the internet; another one must be allowed by whoever runs this service (PRIVATE_HOSTS)',
    es: 'debe ser una dirección pública de internet; otra la debe permitir quien administra este servicio (PRIVATE_HOSTS)',
    ru: 'должен быть публичным адресом в интернете; другой должен разрешить тот, кто обслуживает этот сервис (PRIVATE_HOSTS)',
  },
  unresolved: {
    en: 'has no address on the internet just now: it is looked up again at each connection; check the spelling',
    es: 'no tiene ahora dirección en internet: se busca de nuevo en cada conexión; revise cómo está escrito',
    ru: 'сейчас не имеет адреса в интернете: он запрашивается снова при каждом подключении; проверьте написание',
  },
};

/** Messages by path: problems block saving, warnings do not. */
export type JudgedAddresses = Record<'problems' | 'warnings', Record<string, string>>;

/** Checks the addresses that an account entered, in values of a class. */
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

const ENTER_AGAIN: LocalText = {
  en: 'enter it again, because the address changed',
  es: 'vuelva a introducirlo, porque la dirección cambió',
  ru: 'введите ещё раз, потому что адрес изменился',
};

/**
 * Refuses stored secrets that would go to another address than before. Returns messages by path.
 * @param incoming the values sent, before the stored secrets were merged in
 */
export function findMovedSecrets<T extends object>(
  type: DtoClass<T>,
  stored: T,
  { incoming, values, account }: { incoming: unknown; values: T } & Pick<Connection, 'account'>,
): Record<string, string> {
  const message = textFor(ENTER_AGAIN, account.language);
  return Object.fromEntries(listMovedSecrets(type, stored, incoming, values).map((path) => [path, message]));
}
