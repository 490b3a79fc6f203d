import type { ConnectReport, ConnectRequest } from '../provider.js';

/** A webhook as the service lists it. */
export interface Hook {
  id: string;
  url: string;
  /** The service has switched it off. */
  isOff?: boolean;
  /** No one has its signing secret: if it is ours, it is made again. */
  isUnknown?: boolean;
}

/** The members of a context that webhooks need. */
export interface HookContext {
  readonly connectionId: string;
  readonly webhookUrl: string;
}

/** A service's calls about webhooks, and its rules. */
export interface HookCalls<H extends Hook, C extends HookContext> {
  /** Lists all webhooks of the account, also of other programs. */
  list(context: C): Promise<H[]>;
  create(url: string, context: C): Promise<unknown>;
  /** Succeeds if the webhook is gone already. */
  remove(hook: H, context: C): Promise<unknown>;
  /** Moves a webhook to another address and switches it on. Missing: it is made again. */
  move?(hook: H, url: string, context: C): Promise<unknown>;
  /** Whether a webhook is the connection's. Default: `isOwnHook`. */
  isOurs?(hook: H, context: C): boolean;
  /** Whether a webhook has the wanted kind. Default: every webhook. */
  isWanted?(hook: H): boolean;
  /** Address for the webhook. Default: that of the connection. */
  address?(context: C): string;
  /** Whether `create` failed because others have all places. */
  isFull?(error: unknown): boolean;
  /** The number of webhooks that the service keeps, if it does not refuse more. */
  most?: number;
  /** The account has one webhook: `create` takes the place of another, which stays if it fails. */
  hasOnePlace?: boolean;
}

/** Whether an address leads to a connection, at whatever origin and path the deployment had. */
export function isOwnHook(url: string, { connectionId }: Pick<HookContext, 'connectionId'>): boolean {
  return URL.canParse(url) && `${new URL(url).pathname}/`.includes(`/webhooks/${connectionId}/`);
}

/** An address for people, without query and login, which may contain the other program's secret. */
export function hideQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}

/**
 * Makes the connection have one webhook with its address. An equal one is kept, ours at another address is
 * moved or made again, doubled ones go. If others have all places, one of them is the conflict, and with
 * `replace` only that one goes. Safe to repeat.
 */
export async function connectHook<H extends Hook, C extends HookContext>(
  calls: HookCalls<H, C>,
  { replace }: ConnectRequest,
  context: C,
): Promise<Pick<ConnectReport, 'conflict'>> {
  const url = calls.address?.(context) ?? context.webhookUrl;
  // A service may make a second webhook when a request is repeated, so the list is read first.
  const all = await calls.list(context);
  const ours = listOurs(all, calls, context);
  const usable = ours.filter(({ isUnknown }) => !isUnknown);
  const kept = usable.find((hook) => hook.url === url) ?? (calls.move ? usable[0] : undefined);
  for (const hook of ours) if (hook !== kept) await calls.remove(hook, context);
  if (kept) {
    if (kept.url !== url || kept.isOff) await calls.move?.(kept, url, context);
    return {};
  }
  // The same one at each call, because the page may show a question about replacing it.
  const rank = (hook: H): string => `${calls.isWanted?.(hook) === false ? 1 : 0} ${hook.id}`;
  const others = all.filter((hook) => !ours.includes(hook)).sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  const [inTheWay] = others;
  try {
    if (inTheWay && others.length >= (calls.hasOnePlace ? 1 : (calls.most ?? Infinity))) throw new FullError();
    await calls.create(url, context);
  } catch (error) {
    if (!inTheWay || !(error instanceof FullError || calls.isFull?.(error))) throw error;
    if (!replace) return { conflict: [{ address: hideQuery(inTheWay.url) }] };
    if (!calls.hasOnePlace) await calls.remove(inTheWay, context);
    await calls.create(url, context);
  }
  return {};
}

/** Removes the connection's webhooks. */
export async function disconnectHook<H extends Hook, C extends HookContext>(calls: HookCalls<H, C>, context: C): Promise<void> {
  for (const hook of listOurs(await calls.list(context), calls, context)) await calls.remove(hook, context);
}

function listOurs<H extends Hook, C extends HookContext>(all: readonly H[], calls: HookCalls<H, C>, context: C): H[] {
  const isOurs = (hook: H): boolean => calls.isOurs?.(hook, context) ?? isOwnHook(hook.url, context);
  return all.filter((hook) => calls.isWanted?.(hook) !== false && isOurs(hook));
}

/** Others have all places. */
class FullError extends Error {}
