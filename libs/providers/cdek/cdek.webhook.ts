import { parserOf, sha256Hex } from '#platform';
import { ProviderError, type WebhookRequest } from '#provider-kit';
import type { DeliveryWebhook, WebhookEvent } from '#delivery/port';
import type { CdekContext, CdekSettings } from './cdek.settings.js';
import { statusOf } from './cdek.statuses.js';
import { CdekHook } from './cdek.wire.js';

/**
 * CDEK signs nothing: whoever knows the address may post. So an event is only a hint to read its order again (`unsigned`), and what it says of the status
 * is kept for the record. Events of returns and of other kinds are acknowledged and say nothing.
 */
export class CdekWebhook implements DeliveryWebhook<CdekSettings> {
  readonly unsigned = true;

  verify(): boolean {
    return true;
  }

  parse(request: WebhookRequest, context: CdekContext): WebhookEvent[] {
    const hook = read(request);
    const { code, status_date_time, is_return, deleted } = hook.attributes ?? {};
    if (hook.type !== 'ORDER_STATUS' || is_return === true) return [];
    const updatedAt = new Date(status_date_time ?? hook.date_time ?? '');
    if (code === undefined || Number.isNaN(updatedAt.getTime()))
      throw new ProviderError('invalid', 'The webhook names no status or no time');
    // CDEK gives events no id; the same event posted again is the same text.
    const id = sha256Hex([hook.uuid, code, status_date_time, deleted === true, hook.date_time].join(' '));
    return [{ id, reports: [{ externalId: hook.uuid, code: statusOf(code, context.settings.statusRules), updatedAt }] }];
  }
}

function read(request: WebhookRequest): CdekHook {
  try {
    return parserOf(CdekHook).parseJson(Buffer.from(request.rawBody).toString('utf8'), 'body');
  } catch (error) {
    throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
  }
}
