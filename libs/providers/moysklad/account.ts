import { cleanText, cutText, say } from '#provider-kit';
import type { Moysklad } from './moysklad.api.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';

/** The owner of the token. */
export interface MoyskladAccount {
  /** The id of the account, the same for all its users. */
  id: string;
  /** The user or app, as people know it. */
  name: string;
}

const LONGEST_NAME = 150;
const LONGEST_LOGIN = 40;

/** Reads whose the token is: a user's, or an app's. Throws ProviderError. */
export async function readAccount(api: Moysklad, context: MoyskladContext): Promise<MoyskladAccount> {
  const { accountId, uid, ...who } = await api.unless('other-caller', api.employee(context), async () => {
    const app = await api.application(context);
    return { ...app, fullName: `${say(texts.app, context)} ${app.name ?? ''}` };
  });
  const name = cutText(cleanText(who.fullName ?? who.name ?? uid ?? 'MoySklad'), LONGEST_NAME);
  return { id: accountId, name: uid === undefined || name.includes(uid) ? name : `${name} (${cutText(cleanText(uid), LONGEST_LOGIN)})` };
}
