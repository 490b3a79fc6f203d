import { fillIn, type LocalText } from '#platform';
import { type CheckReport, isRefusal, say } from '#provider-kit';
import { readAccount } from './account.js';
import { listSharedNames } from './goods.js';
import { isForbidden, type Moysklad } from './moysklad.api.js';
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
export async function check(api: Moysklad, settings: MoyskladSettings, callContext: MoyskladContext): Promise<CheckReport> {
  const context = letOthersFirst(callContext);
  const refuse = (text: LocalText): CheckReport => ({ errors: { token: say(text, context) } });
  if (settings.token === '') return refuse(texts.noToken);
  const account = await readAccount(api, context).catch((error: unknown) => {
    if (!isRefusal(error, 'token')) throw error;
    return undefined;
  });
  if (!account) return refuse(texts.refusedToken);
  const [missing, named, shared] = await Promise.all([
    findMissing(api, context),
    findUnnamed(api, settings, context),
    findShared(api, context),
  ]);
  const lacked = [...missing, ...(shared ? [] : [texts.maySee.goods])].map((text) => say(text, context));
  const warnings = {
    ...named,
    ...(lacked.length > 0 && { token: lacked.join('. ') }),
    ...(shared && shared.length > 0 && { searchBy: say(fillIn(texts.sharedNames, { names: listNames(shared) }), context) }),
  };
  return { account: `${account.name}, ${account.id}`, warnings };
}

/** Names that several goods have, if they are found in time. Undefined if the user may not see goods. */
async function findShared(api: Moysklad, context: MoyskladContext): Promise<string[] | undefined> {
  return listSharedNames(api, context).catch((error: unknown) => (isForbidden(error) ? undefined : []));
}

/** The rights that the user lacks. */
async function findMissing(api: Moysklad, context: MoyskladContext): Promise<LocalText[]> {
  const found = await Promise.all(
    RIGHTS.map(
      async ([call, text]) =>
        await unlessForbidden(
          call(api, context).then(() => []),
          [text],
        ),
    ),
  );
  return found.flat();
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
async function unlessForbidden<T, U>(answer: Promise<T>, instead: U): Promise<T | U> {
  return answer.catch((error: unknown) => {
    if (!isForbidden(error)) throw error;
    return instead;
  });
}
