import { sha256Hex } from '#platform';
import { NothingKept, peek } from './peek.js';
import type { TelegramContext } from './telegram.settings.js';

/** Seconds for which a connection that is not heard of keeps its bot. */
const KEPT_S = 7 * 86_400;
/** Milliseconds after which it says again that the bot is its own. */
const RENEWED_MS = 86_400_000;

/** A bot has one webhook, so one connection of the deployment has it: who, and since when. */
interface Claim {
  /** Digest of the connection's id. */
  by: string;
  at: number;
}

/** Whether another connection has the bot. */
export async function isTaken(botId: string, context: TelegramContext): Promise<boolean> {
  const claim = await peek<Claim>(context.cache, toKey(botId), 'provider');
  return claim !== undefined && claim.by !== sha256Hex(context.connectionId);
}

/** Makes the bot this connection's; returns false when another has it. */
export async function claimBot(botId: string, context: TelegramContext): Promise<boolean> {
  const own: Claim = { by: sha256Hex(context.connectionId), at: context.now.getTime() };
  let claim = await keep(botId, own, context);
  if (claim.by === own.by && own.at - claim.at > RENEWED_MS) {
    await context.cache.forget(toKey(botId), 'provider');
    claim = await keep(botId, own, context);
  }
  return claim.by === own.by;
}

/** Gives the bot up, if it is this connection's. */
export async function releaseBot(botId: string, context: TelegramContext): Promise<void> {
  const claim = await peek<Claim>(context.cache, toKey(botId), 'provider');
  if (claim?.by === sha256Hex(context.connectionId)) await context.cache.forget(toKey(botId), 'provider');
}

/** Keeps a claim where there is none; returns the one that counts. */
async function keep(botId: string, claim: Claim, { cache }: TelegramContext): Promise<Claim> {
  const fetch = (): Promise<Claim> => cache.fetch(toKey(botId), { ttlSeconds: KEPT_S, scope: 'provider' }, () => Promise.resolve(claim));
  try {
    return await fetch();
  } catch (error) {
    // A look of this process at the same time found nothing.
    if (!(error instanceof NothingKept)) throw error;
    return fetch();
  }
}

function toKey(botId: string): string {
  return `claim of bot ${botId}`;
}
