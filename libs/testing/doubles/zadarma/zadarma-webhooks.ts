import { type WebhookAnswer, type WebhookFlush, type WebhookPost, WebhookSender } from '../../double/sender.js';
import type { ZadarmaModes } from './zadarma-modes.js';
import { type SignatureForm, signZadarmaNotice, type ZadarmaNotice } from './zadarma-signatures.js';

/** Longest time in which an answer to the start of a call still steers it. */
const STEERING_MS = 2_000;
/** What an answer to the start of a call may say, and how. */
const STEERING: Readonly<Record<string, (value: unknown) => boolean>> = {
  redirect: (value) => /^(\d{3}|\d-\d|\d-main|blacklist)$/.test(String(value)),
  return_timeout: (value) => Number.isInteger(value) && (value === 0 || Number(value) >= 3),
  hangup: (value) => value === 1,
  caller_name: (value) => typeof value === 'string' && value !== '',
};

/** How held notices are let go. */
export interface ZadarmaFlush extends WebhookFlush {
  /** Which of them are posted, by their numbers from 0, in this order; all when left out. */
  order?: readonly number[];
  /** Notices of these events are lost. */
  without?: readonly string[];
  /** Signs with another secret. */
  forge?: boolean;
  /** How they are signed, if not as the mode says. */
  signatures?: SignatureForm | 'none';
  /** Puts these in the place of their values after they were signed. */
  change?: ZadarmaNotice;
}

/** One posting of a notice. `status` 0: no answer. */
export interface ZadarmaAttempt {
  url: string;
  notice: ZadarmaNotice;
  status: number;
}

/** What the sender of notices knows of an account. */
export interface ZadarmaReceiver {
  readonly secret: string;
  readonly url: string | undefined;
  /** Whether a notice of this event is wanted. */
  listensTo(event: string): boolean;
  /** A notice was answered with success, or not. */
  noteAnswer(isTaken: boolean): void;
}

interface Posting {
  to: ZadarmaReceiver;
  notice: ZadarmaNotice;
  at: number;
}

/** What steered a call that came in: its answer, and what is wrong with that. */
export interface ZadarmaSteered {
  body: string;
  /** The answer as it was understood; empty when it does not steer. */
  steers: Readonly<Record<string, unknown>>;
  complaint?: string;
}

/** Posts notices once each, in order; after an answer that is no 2xx, no more of that call come. */
export class ZadarmaWebhooks extends WebhookSender<Posting, ZadarmaFlush, ZadarmaAttempt> {
  override attemptsMost = 1;
  /** Answers to the starts of calls, by the call. */
  readonly steered = new Map<string, ZadarmaSteered>();
  /** Calls of which a notice was answered with an error, or not at all. */
  readonly lost = new Set<string>();

  constructor(private readonly modes: Readonly<ZadarmaModes>) {
    super();
  }

  /** A notice of a call is due. */
  add(to: ZadarmaReceiver, notice: ZadarmaNotice): void {
    if (to.url !== undefined && to.listensTo(notice['event'] ?? '')) this.take({ to, notice, at: Date.now() });
  }

  override clear(): void {
    super.clear();
    this.steered.clear();
    this.lost.clear();
  }

  protected override isStale({ to, notice }: Posting): boolean {
    return to.url === undefined || this.lost.has(notice['pbx_call_id'] ?? '');
  }

  protected override arrange(postings: readonly Posting[], options: ZadarmaFlush): Posting[] {
    const { order, without = [] } = options;
    const kept = order ? order.flatMap((index) => postings[index] ?? []) : postings;
    return super.arrange(
      kept.filter(({ notice }) => !without.includes(notice['event'] ?? '')),
      options,
    );
  }

  protected toPost(posting: Posting, options: ZadarmaFlush): WebhookPost<ZadarmaAttempt> {
    const { to, notice } = posting;
    posting.at = Date.now();
    const form = options.signatures ?? this.modes.signatures;
    const names = notice['event'] === 'NOTIFY_INTERNAL_END' && this.modes.internalEnd === 'other-fields' ? ['pbx_call_id'] : undefined;
    const secret = options.forge ? `${to.secret}-forged` : to.secret;
    const url = to.url ?? '';
    return {
      url,
      headers: {
        ...{ 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Zadarma API v1' },
        ...(form !== 'none' && { signature: signZadarmaNotice(secret, notice, form, names) }),
      },
      body: new URLSearchParams({ ...notice, ...options.change }).toString(),
      attempt: { url, notice },
    };
  }

  protected override conclude({ to, notice, at }: Posting, { status, body }: WebhookAnswer): void {
    const call = notice['pbx_call_id'] ?? '';
    const isTaken = status >= 200 && status < 300;
    if (!isTaken) this.lost.add(call);
    to.noteAnswer(isTaken);
    if (notice['event'] === 'NOTIFY_START') this.steered.set(call, readSteering(body, Date.now() - at));
  }
}

/** Understands the answer to the start of a call, as strictly as can be. */
function readSteering(body: string, afterMs: number): ZadarmaSteered {
  if (body.trim() === '') return { body, steers: {} };
  if (afterMs > STEERING_MS) return { body, steers: {}, complaint: `it came after ${afterMs} ms` };
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return { body, steers: {}, complaint: 'it is no JSON' };
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { body, steers: {}, complaint: 'it is no object' };
  const wrong = Object.entries(given).find(([name, value]) => !STEERING[name]?.(value));
  return wrong ? { body, steers: {}, complaint: `${wrong[0]} is wrong` } : { body, steers: given as Record<string, unknown> };
}
