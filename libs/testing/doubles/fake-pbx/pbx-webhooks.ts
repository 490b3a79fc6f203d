import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import { signNotice } from './pbx-signatures.js';

/** The form of a notice, all of text. */
export type Notice = Readonly<Record<string, string>>;

/** How held notices are let go. */
export interface PbxFlush extends WebhookFlush {
  /** Signs with another secret. */
  forge?: boolean;
  /** Which of them are posted, by their numbers from 0, in this order; all when left out. */
  order?: readonly number[];
}

/** One posting of a notice. `status` 0: no answer. */
export interface NoticeAttempt {
  notice: Notice;
  status: number;
}

/** Posts notices once each: the PBX gives no second chance, and after an error no more of that call come. */
export class PbxWebhooks extends WebhookSender<Notice, PbxFlush, NoticeAttempt> {
  override attemptsMost = 1;
  /** Where notices go; nowhere when missing. */
  url: string | undefined;
  /** Bodies of the answers to notices that start a call, by its id. */
  readonly answers = new Map<string, string>();
  /** Calls of which a notice was answered with an error, or not at all. */
  readonly lost = new Set<string>();

  constructor(private readonly secret: string) {
    super();
  }

  /** Posts a notice, unless an earlier one of its call was answered with an error. */
  add(notice: Notice): void {
    if (this.url !== undefined && !this.lost.has(notice['pbx_call_id'] ?? '')) this.take(notice);
  }

  override clear(): void {
    super.clear();
    this.answers.clear();
    this.lost.clear();
  }

  protected override arrange(notices: readonly Notice[], options: PbxFlush): Notice[] {
    const { order } = options;
    return order ? order.map((index) => notices[index] ?? {}) : super.arrange(notices, options);
  }

  protected toPost(notice: Notice, { forge }: PbxFlush): WebhookPost<NoticeAttempt> {
    const signature = signNotice(forge ? `${this.secret}-forged` : this.secret, notice) ?? '';
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Fake PBX', signature };
    return { url: this.url ?? '', headers, body: new URLSearchParams(notice).toString(), attempt: { notice } };
  }

  protected override conclude(notice: Notice, { status, body }: WebhookAnswer): void {
    const call = notice['pbx_call_id'] ?? '';
    if (status < 200 || status >= 300) this.lost.add(call);
    if (notice['event'] === 'NOTIFY_START') this.answers.set(call, body);
  }
}
