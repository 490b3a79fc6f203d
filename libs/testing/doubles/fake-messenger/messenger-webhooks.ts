import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';

/** Header with the secret of its webhooks. */
const SECRET_HEADER = 'x-messenger-secret';

/** What happened in a chat, as it is posted. */
export interface MessengerPosting {
  /** Unique at the messenger. */
  id: string;
  bot: string;
  chat: string;
  /** RFC 3339. */
  at: string;
  type: 'message' | 'edit' | 'delete' | 'read' | 'reaction' | 'blocked' | 'unblocked';
  [field: string]: unknown;
}

/** How held webhooks are let go. */
export interface MessengerFlush extends WebhookFlush {
  /** Sends another secret. */
  forge?: boolean;
}

/** One posting. `status` 0: no answer. */
export interface MessengerAttempt {
  id: string;
  status: number;
}

/** Posts what happens to one address, one after the other, for minutes until the answer is 2xx. */
export class MessengerWebhooks extends WebhookSender<MessengerPosting, MessengerFlush, MessengerAttempt> {
  override attemptsMost = 1_000;
  /** Where to; undefined: nowhere. */
  url: string | undefined;

  constructor(private readonly secret: string) {
    super();
  }

  add(posting: MessengerPosting): void {
    if (this.url !== undefined) this.take(posting);
  }

  protected toPost(posting: MessengerPosting, { forge }: MessengerFlush): WebhookPost<MessengerAttempt> {
    return {
      url: this.url ?? '',
      headers: { 'content-type': 'application/json', [SECRET_HEADER]: forge ? `not ${this.secret}` : this.secret },
      body: JSON.stringify(posting),
      attempt: { id: posting.id },
    };
  }

  /** Only a forged one gets 400: all else may be taken later. */
  protected override isFinal({ status }: WebhookAnswer): boolean {
    return (status >= 200 && status < 300) || status === 400;
  }
}
