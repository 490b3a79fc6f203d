import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { MoySkladHook } from './moysklad-objects.js';

/** How held notices are let go. */
export interface MoySkladWebhookFlush extends WebhookFlush {
  /** Only those of this family; the others are lost. */
  only?: MoySkladHook['family'];
  /** Names another account: nothing in a notice proves anything. */
  accountId?: string;
  /** Names another report. */
  reportUrl?: string;
}

/** One posting of a notice. `status` 0: no answer. */
export interface MoySkladWebhookAttempt {
  hook: string;
  family: MoySkladHook['family'];
  url: string;
  /** The same for every try of one notice. */
  requestId: string;
  status: number;
}

/** A notice, as it is posted. */
export interface MoySkladNotice {
  hook: MoySkladHook;
  requestId: string;
  accountId: string;
  body: { accountId?: string; reportUrl?: string; events?: ({ accountId: string } & Record<string, unknown>)[] } & Record<string, unknown>;
}

/** Posts notices, unsigned: an answer within 1.5 seconds, three more tries at once, then a notice is lost. */
export class MoySkladWebhooks extends WebhookSender<MoySkladNotice, MoySkladWebhookFlush, MoySkladWebhookAttempt> {
  override attemptsMost = 4;
  override retryMs = 0;
  override timeoutMs = 1_500;
  /** Told how each notice ended: taken, or lost. */
  onEnd: (notice: MoySkladNotice, isTaken: boolean) => void = () => undefined;

  add(notice: MoySkladNotice): void {
    this.take(notice);
  }

  protected override isFinal({ status }: WebhookAnswer): boolean {
    return status === 200 || status === 204;
  }

  protected override conclude(notice: MoySkladNotice, answer: WebhookAnswer): void {
    this.onEnd(notice, this.isFinal(answer));
  }

  protected override arrange(notices: readonly MoySkladNotice[], options: MoySkladWebhookFlush): MoySkladNotice[] {
    return super.arrange(
      notices.filter(({ hook }) => options.only === undefined || hook.family === options.only),
      options,
    );
  }

  protected toPost({ hook, requestId, body }: MoySkladNotice, options: MoySkladWebhookFlush): WebhookPost<MoySkladWebhookAttempt> {
    const { accountId, reportUrl } = options;
    const sent = {
      ...body,
      ...(accountId !== undefined && (body.events ? { events: body.events.map((event) => ({ ...event, accountId })) } : { accountId })),
      ...(reportUrl !== undefined && body.reportUrl !== undefined && { reportUrl }),
    };
    const url = `${hook.url}${hook.url.includes('?') ? '&' : '?'}requestId=${requestId}`;
    const headers = { 'content-type': 'application/json' };
    return { url, headers, body: JSON.stringify(sent), attempt: { hook: hook.id, family: hook.family, url: hook.url, requestId } };
  }
}
