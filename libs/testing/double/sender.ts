import { setTimeout as sleep } from 'node:timers/promises';

/** How held webhooks are posted. */
export interface WebhookFlush {
  /** How often each is posted. 1 when left out. */
  copies?: number;
  /** The newest first. */
  reverse?: boolean;
}

/** A request to post, and what its attempt is remembered by. */
export interface WebhookPost<Attempt extends { status: number }> {
  url: string;
  headers: Record<string, string>;
  body: string;
  attempt: Omit<Attempt, 'status'>;
}

/** The answer to one posting. */
export interface WebhookAnswer {
  /** 0: no answer. */
  status: number;
  body: string;
  /** There was no answer within `timeoutMs`. */
  timedOut: boolean;
}

/** Posts webhooks until accepted or given up, those of a lane one by one. `status` is 0 without an answer. */
export abstract class WebhookSender<Event, Flush extends WebhookFlush, Attempt extends { status: number }> {
  /** `auto` posts at once, `hold` keeps them for `flush`, `off` drops them. */
  mode: 'auto' | 'hold' | 'off' = 'auto';
  /** Milliseconds between attempts. */
  retryMs = 200;
  /** Milliseconds until an attempt is given up. */
  timeoutMs = 5_000;
  /** Attempts per event at most. */
  attemptsMost = 5;
  readonly attempts: Attempt[] = [];
  private held: Event[] = [];
  private readonly stopping = new AbortController();
  /** The ends of what is under way, by lane. */
  private readonly lanes = new Map<string, Promise<void>>();
  private last: Promise<void> = Promise.resolve();

  /** Posts what is held, waits until each was answered or given up, and returns all attempts so far. */
  async flush(options: Flush = {} as Flush): Promise<readonly Attempt[]> {
    const waiting = this.held.splice(0);
    for (let copy = 0; copy < (options.copies ?? 1); copy++)
      for (const event of this.arrange(waiting, options)) this.enqueue(event, options);
    await this.last;
    return this.attempts;
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

  /** The request for an event; each attempt is signed on its own. Undefined: it is not posted (any more). */
  protected abstract toPost(event: Event, options: Flush): WebhookPost<Attempt> | undefined;

  /** Whether an answer to an event ends the attempts: a client error will not get better. */
  protected isFinal({ status }: WebhookAnswer, _event?: Event): boolean {
    return (status >= 200 && status < 300) || (status >= 400 && status < 500);
  }

  /** An event waits for the end of the one before in its lane; undefined: it waits for none. */
  protected laneOf(_event: Event): string | undefined {
    return '';
  }

  /** Whether an event is no longer to be posted, when its turn comes or before another attempt. */
  protected isStale(_event: Event): boolean {
    return false;
  }

  /** Receives the last answer to an event. Not called once the sender is stopped. */
  protected conclude(_event: Event, _answer: WebhookAnswer, _afterMs: number): void {}

  private enqueue(event: Event, options: Flush): void {
    const lane = this.laneOf(event);
    const before = (lane !== undefined && this.lanes.get(lane)) || Promise.resolve();
    const sent = before.then(() => this.send(event, options)).catch(() => undefined);
    if (lane !== undefined) this.lanes.set(lane, sent);
    this.last = Promise.all([this.last, sent]).then(() => undefined);
  }

  private async send(event: Event, options: Flush): Promise<void> {
    const { signal } = this.stopping;
    for (let sent = 1; sent <= this.attemptsMost; sent++) {
      if (this.isStale(event)) return;
      const post = this.toPost(event, options);
      if (post === undefined) return;
      const { attempt, ...request } = post;
      const began = Date.now();
      const answer = await this.post(request);
      this.attempts.push({ ...attempt, status: answer.status } as Attempt);
      if (signal.aborted) return;
      if (this.isFinal(answer, event) || sent === this.attemptsMost) return this.conclude(event, answer, Date.now() - began);
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
