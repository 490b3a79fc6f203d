import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Notice } from './pbx-webhooks.js';

/** How a call ends, in the PBX's words. */
export type Disposition = 'answered' | 'busy' | 'cancel' | 'no answer' | 'failed' | 'no money' | 'unallocated number' | 'line limit';

/** Causes by Q.931. */
const CAUSES: Readonly<Record<Disposition, number>> = {
  ...{ answered: 16, busy: 17, cancel: 16, 'no answer': 19, failed: 41 },
  ...{ 'no money': 16, 'unallocated number': 1, 'line limit': 34 },
};

/** What a call needs of its PBX. */
export interface CallPlace {
  /** IANA zone of the PBX's account, in which its notices tell the time without an offset. */
  readonly zone: string;
  /** The number before an extension's dash in its full login. */
  readonly pbxId: string;
  /** Whether notices name extensions by the full login, as some do. */
  readonly fullLogins: boolean;
  /** Extensions that the PBX has. */
  readonly extensions: ReadonlySet<string>;
  notify(notice: Notice): void;
}

/** A call that a test plays: each step sends the notice that the PBX would. */
abstract class PbxCall {
  readonly id: string;
  protected readonly startedAt: Date;
  protected answeredAt: Date | undefined;
  private over = false;

  protected constructor(
    direction: 'in' | 'out',
    protected readonly place: CallPlace,
    at = new Date(),
  ) {
    this.id = `${direction}_${randomBytes(20).toString('hex')}`;
    this.startedAt = at;
  }

  /** When it began, as notices tell it. */
  get start(): string {
    return DateTime.fromJSDate(this.startedAt, { zone: this.place.zone }).toFormat('yyyy-MM-dd HH:mm:ss');
  }

  protected extension(code: string): string {
    if (!this.place.extensions.has(code)) throw new Error(`the PBX has no extension ${code}`);
    return this.place.fullLogins ? `${this.place.pbxId}-${code}` : code;
  }

  /** Fields of an end. `duration` is the talk; a call that rang in vain has 0. */
  protected finish(disposition: Disposition): Notice {
    if (this.over) throw new Error(`the call ${this.id} is over`);
    this.over = true;
    const talk = this.answeredAt && disposition === 'answered' ? Math.round((Date.now() - this.answeredAt.getTime()) / 1000) : 0;
    return { duration: String(talk), disposition, status_code: String(CAUSES[disposition]), is_recorded: '0' };
  }
}

/** A customer calls. */
export class IncomingCall extends PbxCall {
  private last: string | undefined;

  constructor(
    place: CallPlace,
    private readonly phone: string,
    private readonly did: string,
    at?: Date,
  ) {
    super('in', place, at);
    this.place.notify({ event: 'NOTIFY_START', ...this.common });
  }

  /** A phone begins to ring. */
  ring(code: string): this {
    this.place.notify({ event: 'NOTIFY_INTERNAL', ...this.common, internal: this.extension(code) });
    return this;
  }

  /** A phone takes it, or takes it over. */
  answer(code: string, at = new Date()): this {
    this.answeredAt ??= at;
    this.last = this.extension(code);
    const { call_start, pbx_call_id } = this.common;
    const fields = { caller_id: this.phone, destination: code, call_start, pbx_call_id, internal: this.last };
    this.place.notify({ event: 'NOTIFY_ANSWER', ...fields });
    return this;
  }

  /** A voice menu takes it: no notice says so, and its end is `answered`. */
  answerByMenu(): this {
    this.answeredAt ??= new Date();
    return this;
  }

  /** It is over; of a call that was taken `answered` when left out, else `cancel`. */
  end(disposition: Disposition = this.answeredAt ? 'answered' : 'cancel'): this {
    const who: Notice = this.last === undefined ? {} : { internal: this.last, last_internal: this.last };
    this.place.notify({ event: 'NOTIFY_END', ...this.common, ...who, ...this.finish(disposition) });
    return this;
  }

  private get common(): { caller_id: string; called_did: string; call_start: string; pbx_call_id: string } {
    return { call_start: this.start, pbx_call_id: this.id, caller_id: this.phone, called_did: this.did };
  }
}

/** A phone of the PBX calls. */
export class OutgoingCall extends PbxCall {
  private readonly caller: string;

  /** `did`: the company's number that is shown, `0` when none is. */
  constructor(
    place: CallPlace,
    code: string,
    private readonly phone: string,
    private readonly did = '0',
    at?: Date,
  ) {
    super('out', place, at);
    this.caller = this.extension(code);
    this.place.notify({ event: 'NOTIFY_OUT_START', ...this.common });
  }

  /** Who was called takes it. */
  answer(at = new Date()): this {
    this.answeredAt ??= at;
    const { call_start, pbx_call_id } = this.common;
    const fields = { caller_id: this.did, destination: this.phone, call_start, pbx_call_id, internal: this.caller };
    this.place.notify({ event: 'NOTIFY_ANSWER', ...fields });
    return this;
  }

  /** It is over; of a call that was taken `answered` when left out, else `cancel`. */
  end(disposition: Disposition = this.answeredAt ? 'answered' : 'cancel'): this {
    this.place.notify({ event: 'NOTIFY_OUT_END', ...this.common, ...this.finish(disposition) });
    return this;
  }

  private get common(): { internal: string; destination: string; call_start: string; pbx_call_id: string; caller_id: string } {
    return { call_start: this.start, pbx_call_id: this.id, internal: this.caller, destination: this.phone, caller_id: this.did };
  }
}

/** A call that the API was asked for: the phone rings first, as a call of its own. */
export class ClickedCall {
  private readonly first: OutgoingCall;

  constructor(
    private readonly place: CallPlace,
    readonly code: string,
    readonly phone: string,
  ) {
    this.first = new OutgoingCall(place, code, code);
  }

  /** The manager takes the phone: the customer is called. */
  pickUp(): OutgoingCall {
    this.first.answer().end();
    return new OutgoingCall(this.place, this.code, this.phone);
  }

  /** The manager does not. */
  ignore(): void {
    this.first.end('no answer');
  }
}
