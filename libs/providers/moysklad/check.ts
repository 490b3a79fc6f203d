import { fillIn, type LocalText } from '#platform';
import { type CheckReport, cleanText, cutText, say, unlessError } from '#provider-kit';
import { listSharedNames } from './goods.js';
import { isForbidden, type Moysklad, type MoyskladMethod } from './moysklad.api.js';
import { letOthersFirst } from './moysklad.pace.js';
import type { MoyskladContext, MoyskladSettings } from './moysklad.settings.js';
import { listNames, texts } from './moysklad.texts.js';

/** No good has this id: the report about it costs nothing and shows whether the user has the right. */
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** The rights that the user needs, and the call that shows each. */
const RIGHTS: readonly [call: (api: Moysklad, context: MoyskladContext) => Promise<unknown>, text: LocalText][] = [
  [(api, context) => api.stock(context, { query: { stockType: 'freeStock', filter: `assortmentId=${NOBODY}` } }), texts.maySee.stocks],
  [(api, context) => api.any(context, { type: 'customerorder', query: { limit: 1 } }), texts.maySee.orders],
  [(api, context) => api.any(context, { type: 'webhookstock' }), texts.maySee.hooks],
];

/**
 * Reads the account of the token and its rights, and looks for the objects of the settings. Whether orders
 * may be made cannot be tried without making one. Its eight calls leave half of the limit to callbacks: it
 * also probes a failing service. Throws ProviderError if MoySklad is unavailable.
 */
export const check: MoyskladMethod<'check'> = async (api, settings, callContext) => {
  const context = letOthersFirst(callContext);
  const refuse = (text: LocalText): CheckReport => ({ errors: { token: say(text, context) } });
  if (settings.token === '') return refuse(texts.noToken);
  const account = await api.unless('token', readAccount(api, context), () => undefined);
  if (!account) return refuse(texts.refusedToken);
  const [missing, named, shared] = await Promise.all([
    findMissing(api, context),
    findUnnamed(api, settings, context),
    // If they are not found in time, the goods may be seen at least.
    listSharedNames(api, context).catch((error: unknown) => (isForbidden(error) ? undefined : [])),
  ]);
  const lacked = [...missing, ...(shared ? [] : [texts.maySee.goods])].map((text) => say(text, context));
  const warnings = {
    ...named,
    ...(lacked.length > 0 && { token: lacked.join('. ') }),
    ...(shared && shared.length > 0 && { searchBy: say(fillIn(texts.sharedNames, { names: listNames(shared) }), context) }),
  };
  return { account: `${account.name}, ${account.id}`, warnings };
};

/** The rights that the user lacks. */
async function findMissing(api: Moysklad, context: MoyskladContext): Promise<LocalText[]> {
  const calls = RIGHTS.map(([call, text]) => {
    const seen = call(api, context).then((): LocalText[] => []);
    return unlessForbidden(seen, [text]);
  });
  return (await Promise.all(calls)).flat();
}

/** Objects of the settings that MoySklad does not show, or only in its archive. */
async function findUnnamed(api: Moysklad, settings: MoyskladSettings, context: MoyskladContext): Promise<Record<string, string>> {
  const { stores, organization, agent } = settings;
  const query = { filter: 'archived=false;archived=true', limit: 1_000 };
  const readOne = async (path: string, type: string, id: string | undefined) =>
    id === undefined ? [] : [[path, await unlessForbidden(api.unlessMissing(api.entry(context, { type, id })), undefined)] as const];
  const [{ rows: known }, ...others] = await Promise.all([
    stores.length > 0 ? unlessForbidden(api.entries(context, { type: 'store', query }), { rows: [] }) : { rows: [] },
    readOne('organization', 'organization', organization),
    readOne('agent', 'counterparty', agent),
  ]);
  const named = stores.map(({ warehouse }, index) => [`stores[${index}].warehouse`, known.find(({ id }) => id === warehouse)] as const);
  const problems = [...named, ...others.flat()].flatMap(([path, entry]) =>
    entry && entry.archived !== true ? [] : [[path, say(entry ? texts.isArchived : texts.gone, context)] as const],
  );
  return Object.fromEntries(problems);
}

/** Awaits an answer; `instead` if the user may not have it. */
function unlessForbidden<T, U>(answer: Promise<T>, instead: U): Promise<T | U> {
  return unlessError(isForbidden, answer, () => instead);
}

/** The owner of the token. */
interface MoyskladAccount {
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
