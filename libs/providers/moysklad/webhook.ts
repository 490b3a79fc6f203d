import { equalInConstantTime, hmacSha256Hex, isUuid, sha256Hex } from '#platform';
import {
  list,
  maybe,
  ProviderError,
  type ProviderWebhook,
  readWebhook,
  shape,
  sharedToken,
  text,
  type WebhookRequest,
} from '#provider-kit';
import type { StockEvent } from '#inventory/port';
import type { MoyskladContext, MoyskladSettings } from './moysklad.settings.js';

/** A notice of stock contains its account. A notice of orders has it in each event. */
const notice = shape({ accountId: maybe(text), events: maybe(list(shape({ accountId: text }), 1_000)) });

// Without a token anyone could make the path.
const hasSecretPath = sharedToken<MoyskladContext>(
  ({ path }) => path,
  (context) => (context.settings.token === '' ? undefined : makeSecretPath(context)),
);

/**
 * MoySklad's notices. Nothing is signed: anyone who has the address and our account's id may report a change,
 * and MoySklad is then queried. Addresses in a notice are ignored.
 */
export class MoyskladWebhook implements ProviderWebhook<MoyskladSettings, StockEvent> {
  verify(request: WebhookRequest, context: MoyskladContext): boolean {
    const ours = context.memory['accountId'];
    if (!hasSecretPath(request, context) || request.method !== 'POST' || ours === undefined) return false;
    const accounts = readAccounts(request);
    // `parse` refuses an unreadable notice.
    return accounts === undefined || (accounts.length > 0 && accounts.every((account) => equalInConstantTime(account, ours)));
  }

  /** Throws ProviderError `invalid` when it cannot be read. */
  parse(request: WebhookRequest): StockEvent[] {
    if (!readAccounts(request)?.length) throw new ProviderError('invalid', 'The notice cannot be read');
    const requestId = request.query.get('requestId') ?? '';
    // The same at each of the four tries.
    return [{ id: isUuid(requestId) ? requestId : sha256Hex(Buffer.from(request.rawBody).toString('latin1')) }];
  }
}

/** The secret end of the path of our webhooks. */
export function makeSecretPath({ settings, connectionId }: MoyskladContext): string {
  return hmacSha256Hex(settings.token, `webhook ${connectionId}`);
}

/** The accounts in a notice. Undefined for an unreadable one. */
function readAccounts(request: WebhookRequest): string[] | undefined {
  try {
    const { accountId, events = [] } = readWebhook(request, notice);
    return accountId === undefined ? events.map((event) => event.accountId) : [accountId];
  } catch {
    return undefined;
  }
}
