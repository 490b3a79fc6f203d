import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { equalInConstantTime, getParser, hmacSha256Hex, isUuid, sha256Hex } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { StockEvent } from '#store/port';
import type { MoyskladContext, MoyskladSettings } from './moysklad.settings.js';

class WireEvent {
  @IsString() accountId!: string;
}

/** A notice of stock names its account, one of orders has it in each event. */
class WireNotice {
  @IsOptional() @IsString() accountId?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WireEvent) events?: WireEvent[];
}

const notices = getParser(WireNotice);

/**
 * MoySklad's notices. Nothing is signed: who knows the address and names our account may say that something
 * changed, and MoySklad is then asked what. Addresses in a notice are not looked at.
 */
export class MoyskladWebhook implements ProviderWebhook<MoyskladSettings, StockEvent> {
  verify({ method, path, rawBody }: WebhookRequest, context: MoyskladContext): boolean {
    const isKnown = equalInConstantTime(path, makeSecretPath(context));
    const ours = context.memory['accountId'];
    // Without a token anybody could make the path.
    if (method !== 'POST' || !isKnown || ours === undefined || context.settings.token === '') return false;
    const accounts = readAccounts(rawBody);
    // What cannot be read is refused by `parse`.
    return accounts === undefined || (accounts.length > 0 && accounts.every((account) => equalInConstantTime(account, ours)));
  }

  /** Throws ProviderError `invalid` when it cannot be read. */
  parse({ rawBody, query }: WebhookRequest): StockEvent[] {
    const accounts = readAccounts(rawBody);
    if (!accounts?.length) throw new ProviderError('invalid', 'The notice cannot be read');
    const requestId = query.get('requestId') ?? '';
    // The same at each of the four tries.
    return [{ id: isUuid(requestId) ? requestId : sha256Hex(Buffer.from(rawBody).toString('latin1')) }];
  }
}

/** What follows the connection's address in our webhooks: nobody else can tell it. */
export function makeSecretPath({ settings, connectionId }: MoyskladContext): string {
  return hmacSha256Hex(settings.token, `webhook ${connectionId}`);
}

/** The accounts that a notice names; undefined: it is none. */
function readAccounts(rawBody: Uint8Array): string[] | undefined {
  try {
    const { accountId, events = [] } = notices.parseJson(Buffer.from(rawBody).toString('utf8'), 'body');
    return accountId === undefined ? events.map((event) => event.accountId) : [accountId];
  } catch {
    return undefined;
  }
}
