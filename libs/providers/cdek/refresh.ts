import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, ValidateNested } from 'class-validator';
import { sha256Hex } from '#platform';
import { ProviderError, type ProviderErrorKind } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { explainRefusal } from './cdek.errors.js';
import type { CdekContext } from './cdek.settings.js';
import { makeError, texts } from './cdek.texts.js';
import { cities } from './cities.js';
import { refreshDirectories } from './directory.js';
import { points } from './points.js';

class CdekSubscription {
  @IsString() uuid!: string;
  @IsString() url!: string;
  @IsString() type!: string;
}

/** `GET /webhooks` */
class CdekSubscriptions {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekSubscription) list!: CdekSubscription[];
}

/** The subscription is checked once an hour: CDEK switches off one that fails for long. */
const SUBSCRIBED = { ttlSeconds: 3_600 };
/** CDEK keeps two subscriptions for a client. */
const MOST_SUBSCRIPTIONS = 2;
/** Errors that last until somebody acts: the subscription is not tried again for an hour. */
const LASTING: readonly ProviderErrorKind[] = ['auth', 'invalid', 'rejected'];

/** Keeps this connection's webhook subscribed and the directories up to date. Throws ProviderError. */
export async function refresh(client: CdekClient, context: CdekContext): Promise<void> {
  const { clientId, clientSecret, contour } = context.settings;
  const key = `subscription:${sha256Hex([contour, clientId, clientSecret, context.webhookUrl].join(' ')).slice(0, 16)}`;
  const refusal = await context.cache.fetch<{ kind: ProviderErrorKind; message: string } | null>(key, SUBSCRIBED, async () => {
    try {
      await explainRefusal(subscribe(client, context));
      return null;
    } catch (error) {
      if (!(error instanceof ProviderError) || !LASTING.includes(error.kind)) throw error;
      return { kind: error.kind, message: error.message };
    }
  });
  // Without credentials there is nothing to load either.
  if (refusal?.kind !== 'auth') await refreshDirectories([cities, points], client, context);
  if (refusal) throw new ProviderError(refusal.kind, refusal.message);
}

/** CDEK makes a second subscription when a request is repeated, so its list is read first. */
async function subscribe(client: CdekClient, context: CdekContext): Promise<void> {
  const { list } = await client.readList(CdekSubscriptions, { method: 'GET', path: '/webhooks', effect: false }, context);
  const present = list.filter(({ type }) => type === 'ORDER_STATUS');
  const path = new URL(context.webhookUrl).pathname;
  // Ours at an address that the module has left, and ours that were made twice.
  const ours = present.filter(({ url }) => url === context.webhookUrl || (URL.canParse(url) && new URL(url).pathname === path));
  const [kept] = ours.filter(({ url }) => url === context.webhookUrl);
  for (const { uuid } of ours.filter((one) => one !== kept))
    await client.send({ method: 'DELETE', path: `/webhooks/${encodeURIComponent(uuid)}`, effect: true }, context);
  if (kept) return;
  if (present.length - ours.length >= MOST_SUBSCRIPTIONS) throw makeError('rejected', texts.subscriptionsTaken, context);
  const json = { url: context.webhookUrl, type: 'ORDER_STATUS' };
  await client.send({ method: 'POST', path: '/webhooks', json, effect: true }, context);
}
