import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, ValidateNested } from 'class-validator';
import type { ConnectReport } from '#provider-kit';
import type { ApishipClient } from './apiship.client.js';
import { explain, explainRefusal, isRefusedAs } from './apiship.errors.js';
import type { ApishipContext } from './apiship.settings.js';

class ApishipSubscription {
  @IsString() uuid!: string;
  @IsString() url!: string;
  @IsString() type!: string;
}

/** `GET /webhooks` */
class ApishipSubscriptions {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => ApishipSubscription) rows!: ApishipSubscription[];
}

/** The only one that ApiShip has. */
const TYPE = 'ORDER_STATUS';

/**
 * Subscribes the connection to statuses of orders. An equal subscription is kept; doubled ones of ours and
 * those of an address that the module has left go; others have room of their own. Throws ProviderError.
 */
export async function connect(client: ApishipClient, context: ApishipContext): Promise<ConnectReport> {
  // A repeated request would make a second subscription, and each event would come twice.
  const ours = await listSubscriptions(client, context);
  const kept = ours.find(({ url }) => url === context.webhookUrl);
  for (const one of ours) if (one !== kept) await unsubscribe(client, one, context);
  if (kept) return {};
  const json = { url: context.webhookUrl, type: TYPE };
  await explainRefusal(client.send({ method: 'POST', path: '/webhooks', json, effect: true }, context), context);
  return {};
}

/** Takes down the connection's subscriptions. Throws ProviderError. */
export async function disconnect(client: ApishipClient, context: ApishipContext): Promise<void> {
  for (const one of await listSubscriptions(client, context)) await unsubscribe(client, one, context);
}

/** The connection's subscriptions, at whatever origin and path the deployment had. */
async function listSubscriptions(client: ApishipClient, context: ApishipContext): Promise<ApishipSubscription[]> {
  const asked = client.readRows(ApishipSubscriptions, { method: 'GET', path: '/webhooks', effect: false }, context);
  const { rows } = await explainRefusal(asked, context);
  const mark = `/webhooks/${context.connectionId}/`;
  return rows.filter(({ url, type }) => type === TYPE && URL.canParse(url) && `${new URL(url).pathname}/`.includes(mark));
}

/** One that is gone already is a success. */
async function unsubscribe(client: ApishipClient, { uuid }: ApishipSubscription, context: ApishipContext): Promise<void> {
  try {
    await client.send({ method: 'DELETE', path: `/webhooks/${encodeURIComponent(uuid)}`, effect: true }, context);
  } catch (error) {
    if (!isRefusedAs(error, 'missing')) throw explain(error, context);
  }
}
