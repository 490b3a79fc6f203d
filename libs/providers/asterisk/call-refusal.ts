import { fillIn, type LocalText } from '#platform';
import type { AmiMessage } from './ami.message.js';
import { texts } from './asterisk.texts.js';

/** Why a manager's phone cannot be called. */
export type Refusal = 'busy' | 'declined' | 'unavailable' | 'unregistered' | 'unknown' | 'overloaded' | 'unanswered' | 'other';

/** Q.850 causes of the phone's hangup. */
const BY_CAUSE: Readonly<Record<string, Refusal>> = {
  1: 'unknown',
  2: 'unknown',
  3: 'unknown',
  17: 'busy',
  18: 'unavailable',
  19: 'unavailable',
  20: 'unregistered',
  21: 'declined',
  22: 'unknown',
  27: 'overloaded',
  28: 'unknown',
  34: 'overloaded',
  38: 'overloaded',
  41: 'overloaded',
  42: 'overloaded',
  44: 'overloaded',
};

/** `Reason` of `OriginateResponse`, for refusals without a hangup cause. With PJSIP it is always 0. */
const BY_REASON: Readonly<Record<string, Refusal>> = {
  0: 'unregistered',
  1: 'unanswered',
  3: 'unanswered',
  5: 'busy',
  8: 'overloaded',
};

/** A refusal in plain words. `code`: the extension that was called. */
export function explainRefusal(refusal: Refusal, code: string): LocalText {
  return fillIn(texts.refusals[refusal], { code });
}

/** Watches a call just placed until the manager's phone takes it, rings on, or refuses. */
export class CallWatch {
  private settle!: (refusal: Refusal | undefined) => void;
  private readonly settled = new Promise<Refusal | undefined>((resolve) => (this.settle = resolve));
  private timer: NodeJS.Timeout | undefined;
  private cause: string | undefined;
  private rings = false;

  /** `reference`: the first channel's id. `ringingMs`: how long a phone that rings may still refuse. */
  constructor(
    private readonly reference: string,
    private readonly ringingMs: number,
  ) {}

  /** Takes an event of the session that placed the call. */
  hear(event: AmiMessage): void {
    const name = event.get('Event');
    const isOurs = event.get('Uniqueid') === this.reference;
    if (name === 'OriginateResponse' && (isOurs || event.get('ActionID') === this.reference)) this.respond(event);
    else if (!isOurs) return;
    else if (name === 'HangupRequest' || name === 'Hangup') this.cause ??= event.get('Cause');
    else if (name === 'Newstate') this.followState(event.get('ChannelStateDesc'));
  }

  /** Why the phone refused. Undefined when it was taken, rings on, or nothing was reported within `ms`. */
  async awaitRefusal(ms: number): Promise<Refusal | undefined> {
    if (!this.rings) this.wait(ms);
    return this.settled;
  }

  /** Stops waiting. */
  close(): void {
    clearTimeout(this.timer);
  }

  private respond(event: AmiMessage): void {
    if (event.get('Response') === 'Success') return this.settle(undefined);
    const { cause } = this;
    const byCause = cause !== undefined && Object.hasOwn(BY_CAUSE, cause) ? BY_CAUSE[cause] : undefined;
    const reason = event.get('Reason') ?? '';
    // A phone that had a channel is registered, however the call ended.
    const byReason = cause === undefined || reason !== '0' ? BY_REASON[reason] : undefined;
    this.settle(byCause ?? byReason ?? 'other');
  }

  private followState(state: string | undefined): void {
    if (state === 'Up') this.settle(undefined);
    if (state !== 'Ringing' || this.rings) return;
    this.rings = true;
    this.wait(this.ringingMs);
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(undefined), ms);
  }
}
