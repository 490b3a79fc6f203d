import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { equalInConstantTime, getParser, hmacSha256Hex } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { StockEvent, StockNews } from '#store/port';
import type { FakeWarehouseClient } from './fake-warehouse.client.js';
import { explain, WarehouseError } from './fake-warehouse.errors.js';
import type { FakeWarehouseContext, FakeWarehouseSettings } from './fake-warehouse.settings.js';
import { toOffer, WireGood } from './stocks.js';

class WireEvent {
  @IsString() @MaxLength(200) id!: string;
  /** Missing: something changed. */
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WireGood) goods?: WireGood[];
}

class WireEvents {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WireEvent) events!: WireEvent[];
}

class WireChanges {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireGood) goods!: WireGood[];
  @IsString() next!: string;
  @IsBoolean() more!: boolean;
  @IsOptional() @IsInt() againSeconds?: number;
}

class WirePage {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireGood) goods!: WireGood[];
  @IsInt() pages!: number;
}

const LIMIT = '100';
/** A cursor of ours while all goods are read: the page, and where changes go on from afterwards. */
const ALL = /^all:(\d+):(.+)$/;

/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;

/** Verifies HMAC-SHA256 of `{seconds since 1970}.{raw body}`; headers hold the time and the hex signature. */
export class FakeWarehouseWebhook implements ProviderWebhook<FakeWarehouseSettings, StockEvent> {
  verify({ headers, rawBody }: WebhookRequest, { settings, now }: FakeWarehouseContext): boolean {
    const timestamp = headers['x-warehouse-timestamp'] ?? '';
    // An empty secret would let anyone sign.
    if (settings.secret === '' || !/^\d{1,12}$/.test(timestamp)) return false;
    const signed = hmacSha256Hex(settings.secret, Buffer.concat([Buffer.from(`${timestamp}.`), rawBody]));
    const isFresh = Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_S;
    return equalInConstantTime(headers['x-warehouse-signature'] ?? '', signed) && isFresh;
  }

  /** Throws ProviderError `invalid` when the events cannot be read. */
  parse({ rawBody }: WebhookRequest): StockEvent[] {
    try {
      const { events } = getParser(WireEvents).parseJson(Buffer.from(rawBody).toString('utf8'), 'body');
      return events.map(({ id, goods }) => ({ id, ...(goods && { offers: goods.map(toOffer) }) }));
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}

/** Lists changes since a cursor; all goods when the warehouse has forgotten it. Throws ProviderError. */
export async function listChanges(
  client: FakeWarehouseClient,
  cursor: string | undefined,
  context: FakeWarehouseContext,
): Promise<StockNews> {
  const [, page, after] = ALL.exec(cursor ?? '') ?? [];
  if (page !== undefined && after !== undefined) return listPage(client, Number(page), after, context);
  try {
    return toNews(await readChanges(client, cursor, context));
  } catch (error) {
    // Also one of other settings.
    if (!(error instanceof WarehouseError) || (error.code !== 'cursor_gone' && error.code !== 'bad_cursor')) throw explain(error);
  }
  try {
    // Changes from now on are listed after all goods.
    const { next } = await readChanges(client, undefined, context);
    return { offers: [], cursor: `all:1:${next}`, more: true };
  } catch (error) {
    throw explain(error);
  }
}

function readChanges(client: FakeWarehouseClient, since: string | undefined, context: FakeWarehouseContext): Promise<WireChanges> {
  const query = { limit: LIMIT, ...(since !== undefined && { since }) };
  return client.read(WireChanges, { method: 'GET', path: '/v1/changes', query }, context);
}

async function listPage(client: FakeWarehouseClient, page: number, after: string, context: FakeWarehouseContext): Promise<StockNews> {
  const query = { page: String(page), limit: LIMIT };
  const { goods, pages } = await client.ask(WirePage, { method: 'GET', path: '/v1/goods', query }, context);
  const isLast = page >= pages;
  return { offers: goods.map(toOffer), cursor: isLast ? after : `all:${page + 1}:${after}`, more: true };
}

function toNews({ goods, next, more, againSeconds }: WireChanges): StockNews {
  return { offers: goods.map(toOffer), cursor: next, more, ...(againSeconds !== undefined && { againSeconds }) };
}
