import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { Conflict, ConnectReport, ConnectRequest } from '#provider-kit';
import { readAccount } from './account.js';
import type { MoyskladClient } from './moysklad.client.js';
import { CODE, isForbidden, isGone, isRefusedAs } from './moysklad.errors.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { say, texts } from './moysklad.texts.js';
import { makeSecretPath } from './webhook.js';

class WireHook {
  @IsString() id!: string;
  @IsString() url!: string;
  @IsOptional() @IsBoolean() enabled?: boolean;
  @IsOptional() @IsString() action?: string;
  @IsOptional() @IsString() entityType?: string;
  @IsOptional() @IsString() stockType?: string;
  @IsOptional() @IsString() reportType?: string;
}

class WireHooks {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireHook) rows!: WireHook[];
}

type Family = 'webhookstock' | 'webhook';
/** What a webhook is told of. */
type About = Partial<Pick<WireHook, 'action' | 'entityType' | 'stockType' | 'reportType'>>;

const FAMILIES: readonly Family[] = ['webhookstock', 'webhook'];
const STOCK: About = { stockType: 'stock', reportType: 'bystore' };
/** Reserves change no physical stock, so orders are watched where reserves count. */
const ORDERS: readonly About[] = ['CREATE', 'UPDATE', 'DELETE'].map((action) => ({ action, entityType: 'customerorder' }));

/**
 * Subscribes the connection to changes of stock and, where reserves count, of orders. One that MoySklad has
 * switched off is switched on again; ours of another address or token are moved; others' stay. Without the
 * right to webhooks there are none, and changes are asked for. Throws ProviderError.
 */
export async function connect(client: MoyskladClient, { replace }: ConnectRequest, context: MoyskladContext): Promise<ConnectReport> {
  const { id: accountId } = await readAccount(client, context);
  const report = { memory: { accountId } };
  const wanted: Readonly<Record<Family, readonly About[]>> = {
    webhookstock: [STOCK],
    webhook: context.settings.figure === 'freeStock' ? ORDERS : [],
  };
  const conflict: Conflict[] = [];
  try {
    for (const family of FAMILIES) conflict.push(...(await setHooks(client, family, wanted[family], replace, context)));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { ...report, warnings: { token: say(texts.maySee.hooks, context) } };
  }
  return { ...report, ...(conflict.length > 0 && { conflict }) };
}

/** Takes down the connection's webhooks. Throws ProviderError. */
export async function disconnect(client: MoyskladClient, context: MoyskladContext): Promise<void> {
  for (const family of FAMILIES) {
    let hooks: WireHook[];
    try {
      hooks = await listHooks(client, family, context);
    } catch (error) {
      // Who may not have any has none.
      if (isForbidden(error)) continue;
      throw error;
    }
    for (const hook of hooks) if (isOurs(hook, context)) await remove(client, family, hook, context);
  }
}

async function setHooks(
  client: MoyskladClient,
  family: Family,
  wanted: readonly About[],
  replace: boolean,
  context: MoyskladContext,
): Promise<Conflict[]> {
  const all = await listHooks(client, family, context);
  const url = `${context.webhookUrl}/${makeSecretPath(context)}`;
  const kept = new Set<WireHook>();
  const conflict: Conflict[] = [];
  for (const about of wanted) {
    const ours = all.filter((hook) => isOurs(hook, context) && isAbout(hook, about));
    const [hook] = [...ours.filter((one) => one.url === url), ...ours];
    if (hook) {
      kept.add(hook);
      if (hook.url !== url || hook.enabled === false)
        await client.send(
          { method: 'PUT', path: `/entity/${family}/${encodeURIComponent(hook.id)}`, json: { url, enabled: true } },
          context,
        );
      continue;
    }
    const others = all.filter((one) => !isOurs(one, context) && isAbout(one, about)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const found = await add(client, family, { url, enabled: true, ...about }, replace, others, context);
    if (found) conflict.push(found);
  }
  for (const hook of all) if (isOurs(hook, context) && !kept.has(hook)) await remove(client, family, hook, context);
  return conflict;
}

/** Makes a webhook; where others have all places, one of theirs is the conflict, and goes with `replace`. */
async function add(
  client: MoyskladClient,
  family: Family,
  json: object,
  replace: boolean,
  others: readonly WireHook[],
  context: MoyskladContext,
): Promise<Conflict | undefined> {
  const call = { method: 'POST', path: `/entity/${family}`, json } as const;
  try {
    await client.send(call, context);
  } catch (error) {
    const [inTheWay] = others;
    if (!isRefusedAs(error, CODE.isFull) || !inTheWay) throw error;
    // A query may hold the other program's secret.
    if (!replace) return { address: inTheWay.url.replace(/[?#].*$/s, '') };
    await remove(client, family, inTheWay, context);
    await client.send(call, context);
  }
  return undefined;
}

async function listHooks(client: MoyskladClient, family: Family, context: MoyskladContext): Promise<WireHook[]> {
  return (await client.read(WireHooks, { method: 'GET', path: `/entity/${family}` }, context)).rows;
}

/** One that is gone already is a success. */
async function remove(client: MoyskladClient, family: Family, { id }: WireHook, context: MoyskladContext): Promise<void> {
  try {
    await client.send({ method: 'DELETE', path: `/entity/${family}/${encodeURIComponent(id)}` }, context);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Whether an address leads to this connection, at whatever origin, path and token it was made. */
function isOurs({ url }: WireHook, { connectionId }: MoyskladContext): boolean {
  return URL.canParse(url) && new URL(url).pathname.includes(`/webhooks/${connectionId}/`);
}

function isAbout(hook: WireHook, about: About): boolean {
  return Object.entries(about).every(([name, value]) => hook[name as keyof About] === value);
}
