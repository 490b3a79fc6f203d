import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';
import { fillIn, type LocalText } from '#platform';
import type { CheckReport } from '#provider-kit';
import { readAccount } from './account.js';
import { listSharedNames } from './goods.js';
import { isForbidden, isGone, isTokenRefused } from './moysklad.errors.js';
import type { MoyskladCall, MoyskladClient } from './moysklad.client.js';
import type { MoyskladContext, MoyskladSettings } from './moysklad.settings.js';
import { listNames, say, texts } from './moysklad.texts.js';

class WireEntry {
  @IsString() id!: string;
  @IsOptional() @IsBoolean() archived?: boolean;
}

class WireEntries {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireEntry) rows!: WireEntry[];
}

/** No good has this id: the report about it costs nothing and says whether one may ask. */
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** What the user must be allowed, and the call that shows it. */
const RIGHTS: readonly [call: MoyskladCall, text: LocalText][] = [
  [
    {
      method: 'GET',
      path: '/report/stock/bystore/current',
      query: { stockType: 'freeStock', filter: `assortmentId=${NOBODY}` },
    },
    texts.maySee.stocks,
  ],
  [{ method: 'GET', path: '/entity/customerorder', query: { limit: '1' } }, texts.maySee.orders],
  [{ method: 'GET', path: '/entity/webhookstock' }, texts.maySee.hooks],
];

/**
 * Asks MoySklad whose the token is and what it may read, and looks whether what the settings name is there.
 * Whether orders may be made cannot be tried without making one. Throws ProviderError when MoySklad is away.
 */
export async function check(client: MoyskladClient, settings: MoyskladSettings, context: MoyskladContext): Promise<CheckReport> {
  let account: string;
  try {
    const { id, name } = await readAccount(client, context);
    account = `${name}, ${id}`;
  } catch (error) {
    if (settings.token !== '' && !isTokenRefused(error)) throw error;
    return { errors: { token: say(settings.token === '' ? texts.noToken : texts.refusedToken, context) } };
  }
  const [missing, named, shared] = await Promise.all([
    findMissing(client, context),
    findUnnamed(client, settings, context),
    findShared(client, context),
  ]);
  const lacked = [...missing, ...(shared ? [] : [texts.maySee.goods])].map((text) => say(text, context));
  const warnings = {
    ...named,
    ...(lacked.length > 0 && { token: lacked.join('. ') }),
    ...(shared && shared.length > 0 && { searchBy: say(fillIn(texts.sharedNames, { names: listNames(shared) }), context) }),
  };
  return { account, warnings };
}

/** What several goods are called, as far as it can be told in time; undefined: the user may not see goods. */
async function findShared(client: MoyskladClient, context: MoyskladContext): Promise<string[] | undefined> {
  try {
    return await listSharedNames(client, context);
  } catch (error) {
    return isForbidden(error) ? undefined : [];
  }
}

/** The rights that the user lacks. */
async function findMissing(client: MoyskladClient, context: MoyskladContext): Promise<LocalText[]> {
  const asked = await Promise.all(RIGHTS.map(async ([call, text]) => ((await mayDo(client, call, context)) ? [] : [text])));
  return asked.flat();
}

async function mayDo(client: MoyskladClient, call: MoyskladCall, context: MoyskladContext): Promise<boolean> {
  try {
    await client.send(call, context);
    return true;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return false;
  }
}

/** What the settings name and MoySklad does not show, or only in its archive. */
async function findUnnamed(client: MoyskladClient, settings: MoyskladSettings, context: MoyskladContext): Promise<Record<string, string>> {
  const { stores, organization, agent } = settings;
  const [known, company, counterparty] = await Promise.all([
    stores.length > 0 ? listStores(client, context) : [],
    organization === undefined ? undefined : findEntry(client, 'organization', organization, context),
    agent === undefined ? undefined : findEntry(client, 'counterparty', agent, context),
  ]);
  const found: [string, WireEntry | undefined][] = [
    ...stores.map(({ warehouse }, index): [string, WireEntry | undefined] => [
      `stores[${index}].warehouse`,
      known.find(({ id }) => id === warehouse),
    ]),
    ...(organization === undefined ? [] : [['organization', company] as [string, WireEntry | undefined]]),
    ...(agent === undefined ? [] : [['agent', counterparty] as [string, WireEntry | undefined]]),
  ];
  const problems = found.flatMap(([path, entry]) => {
    if (entry && entry.archived !== true) return [];
    return [[path, say(entry ? texts.isArchived : texts.gone, context)] as const];
  });
  return Object.fromEntries(problems);
}

async function listStores(client: MoyskladClient, context: MoyskladContext): Promise<WireEntry[]> {
  const query = { filter: 'archived=false;archived=true', limit: '1000' };
  try {
    return (await client.read(WireEntries, { method: 'GET', path: '/entity/store', query }, context)).rows;
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}

async function findEntry(
  client: MoyskladClient,
  type: 'organization' | 'counterparty',
  id: string,
  context: MoyskladContext,
): Promise<WireEntry | undefined> {
  try {
    return await client.read(WireEntry, { method: 'GET', path: `/entity/${type}/${encodeURIComponent(id)}` }, context);
  } catch (error) {
    if (isGone(error) || isForbidden(error)) return undefined;
    throw error;
  }
}
