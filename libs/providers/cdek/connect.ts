import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, ValidateNested } from 'class-validator';
import type { ConnectReport, ConnectRequest } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { explainRefusal, unlessMissing } from './cdek.errors.js';
import type { CdekContext } from './cdek.settings.js';

class CdekSubscription {
  @IsString() uuid!: string;
  @IsString() url!: string;
  @IsString() type!: string;
}

/** `GET /webhooks` */
class CdekSubscriptions {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekSubscription) list!: CdekSubscription[];
}

/** CDEK keeps so many subscriptions for a client. */
const MOST_SUBSCRIPTIONS = 2;
const TYPE = 'ORDER_STATUS';

/**
 * Subscribes the connection to statuses of orders: an equal subscription is kept, ours of an address that the
 * module has left and doubled ones go. Where others have both places, one of them is the conflict, and with
 * `replace` it alone goes. Throws ProviderError.
 */
export async function connect(client: CdekClient, { replace }: ConnectRequest, context: CdekContext): Promise<ConnectReport> {
  // CDEK makes a second subscription when a request is repeated, so its list is read first.
  const { ours, others } = await listSubscriptions(client, context);
  const kept = ours.find(({ url }) => url === context.webhookUrl);
  for (const one of ours) if (one !== kept) await unsubscribe(client, one, context);
  if (kept) return {};
  if (others.length >= MOST_SUBSCRIPTIONS) {
    const [inTheWay] = others;
    if (inTheWay && !replace) return { conflict: [{ address: hideQuery(inTheWay.url) }] };
    if (inTheWay) await unsubscribe(client, inTheWay, context);
  }
  const json = { url: context.webhookUrl, type: TYPE };
  await explainRefusal(client.send({ method: 'POST', path: '/webhooks', json, effect: true }, context));
  return {};
}

/** Takes down the connection's subscriptions. Throws ProviderError. */
export async function disconnect(client: CdekClient, context: CdekContext): Promise<void> {
  const { ours } = await listSubscriptions(client, context);
  for (const one of ours) await unsubscribe(client, one, context);
}

/** The connection's subscriptions and all others, first those to statuses, each time in the same order. */
async function listSubscriptions(
  client: CdekClient,
  context: CdekContext,
): Promise<{ ours: CdekSubscription[]; others: CdekSubscription[] }> {
  const asked = client.readList(CdekSubscriptions, { method: 'GET', path: '/webhooks', effect: false }, context);
  const { list } = await explainRefusal(asked);
  const ours = list.filter((one) => isOurs(one, context));
  const others = list.filter((one) => !ours.includes(one));
  const rank = ({ type, uuid }: CdekSubscription): string => `${type === TYPE ? 0 : 1} ${uuid}`;
  return { ours, others: others.sort((one, other) => (rank(one) < rank(other) ? -1 : 1)) };
}

/** Whether an address leads to this connection, at whatever origin and path the deployment had. */
function isOurs({ url, type }: CdekSubscription, { connectionId }: CdekContext): boolean {
  return type === TYPE && URL.canParse(url) && `${new URL(url).pathname}/`.includes(`/webhooks/${connectionId}/`);
}

/** One that is gone already is a success. */
async function unsubscribe(client: CdekClient, { uuid }: CdekSubscription, context: CdekContext): Promise<void> {
  await unlessMissing(client.send({ method: 'DELETE', path: `/webhooks/${encodeURIComponent(uuid)}`, effect: true }, context));
}

/** A query may hold the other program's secret. */
function hideQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
