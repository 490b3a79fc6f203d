import { setTimeout as sleep } from 'node:timers/promises';

/** How held webhooks are let go. */
export interface WebhookFlush {
  /** How often each is posted, 1. */
  copies?: number;
  /** The newest first. */
  reverse?: boolean;
}

/** What is posted: the request, and what an attempt is remembered by. */
export interface WebhookPost<Attempt extends { status: number }> {
  url: string;
  headers: Record<string, string>;
  body: string;
  attempt: Omit<Attempt, 'status'>;
}

/** The answer to one posting. */
export interface WebhookAnswer {
  /** 0: none. */
  status: number;
  body: string;
  /** There was no answer within `timeoutMs`. */
  timedOut: boolean;
}

/** Posts webhooks one by one until accepted or given up. Without an answer an attempt's `status` is 0. */
export abstract class WebhookSender<Event, Flush extends WebhookFlush, Attempt extends { status: number }> {
  /** `auto` posts at once, `hold` keeps them for `flush`, `off` drops them. */
  mode: 'auto' | 'hold' | 'off' = 'auto';
  /** Milliseconds between attempts. */
  retryMs = 200;
  /** Milliseconds until an attempt is given up. */
  timeoutMs = 5_000;
  readonly attempts: Attempt[] = [];
  private held: Event[] = [];
  private readonly stopping = new AbortController();
  private last: Promise<void> = Promise.resolve();

  /** Posts what is held and waits until each was answered or given up. */
  async flush(options: Flush = {} as Flush): Promise<void> {
    const waiting = this.held.splice(0);
    for (let copy = 0; copy < (options.copies ?? 1); copy++)
      for (const event of this.arrange(waiting, options)) this.enqueue(event, options);
    await this.last;
  }

  /** Waits for what is under way. */
  async idle(): Promise<void> {
    await this.last;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.last;
  }

  clear(): void {
    this.held = [];
    this.attempts.length = 0;
  }

  /** An event has happened. */
  protected take(event: Event): void {
    if (this.mode === 'hold') this.held.push(event);
    else if (this.mode === 'auto') this.enqueue(event, {} as Flush);
  }

  /** The events of one copy, in the order to post. */
  protected arrange(events: readonly Event[], options: Flush): Event[] {
    return options.reverse ? events.toReversed() : [...events];
  }

  /** The request for an event; each attempt is signed on its own. */
  protected abstract toPost(event: Event, options: Flush): WebhookPost<Attempt>;

  /** How often an event is posted at most. */
  protected get mostAttempts(): number {
    return 5;
  }

  /** Whether an answer ends the attempts: a client error will not get better. */
  protected isFinal({ status }: WebhookAnswer): boolean {
    return (status >= 200 && status < 300) || (status >= 400 && status < 500);
  }

  /** Whether an event waits for the end of the one before. */
  protected get isOrdered(): boolean {
    return true;
  }

  /** Whether an event is no longer to be posted when its turn comes. */
  protected isStale(_event: Event): boolean {
    return false;
  }

  /** Takes the last answer to an event; not called once the sender is stopped. */
  protected conclude(_event: Event, _answer: WebhookAnswer): void {}

  private enqueue(event: Event, options: Flush): void {
    const before = this.last;
    const sent = (this.isOrdered ? before : Promise.resolve()).then(() => this.send(event, options)).catch(() => undefined);
    this.last = Promise.all([before, sent]).then(() => undefined);
  }

  private async send(event: Event, options: Flush): Promise<void> {
    const { signal } = this.stopping;
    if (this.isStale(event)) return;
    for (let sent = 1; sent <= this.mostAttempts; sent++) {
      const { attempt, ...request } = this.toPost(event, options);
      const answer = await this.post(request);
      this.attempts.push({ ...attempt, status: answer.status } as Attempt);
      if (signal.aborted) return;
      if (this.isFinal(answer) || sent === this.mostAttempts) return this.conclude(event, answer);
      await sleep(this.retryMs, undefined, { signal });
    }
  }

  private async post({ url, headers, body }: { url: string; headers: Record<string, string>; body: string }): Promise<WebhookAnswer> {
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const signal = AbortSignal.any([this.stopping.signal, timeout]);
    try {
      const reply = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
      return { status: reply.status, body: await reply.text(), timedOut: false };
    } catch {
      return { status: 0, body: '', timedOut: timeout.aborted };
    }
  }
}
