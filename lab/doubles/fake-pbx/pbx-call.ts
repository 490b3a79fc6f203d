import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import type { PbxLeg } from './pbx-statistics.js';

/** The form of a notice, all of text. */
export type Notice = Readonly<Record<string, string>>;

/** How a call ends, in the PBX's words. */
export type Disposition = 'answered' | 'busy' | 'cancel' | 'no answer' | 'failed' | 'no money' | 'unallocated number' | 'line limit';

/** Causes by Q.931. */
const CAUSES: Readonly<Record<Disposition, number>> = {
  ...{ answered: 16, busy: 17, cancel: 16, 'no answer': 19, failed: 41 },
  ...{ 'no money': 16, 'unallocated number': 1, 'line limit': 34 },
};

/** The parts of a PBX that a call needs. */
export interface CallPlace {
  /** IANA zone of the PBX's account. Notices have its times without an offset. */
  readonly zone: string;
  /** The number before an extension's dash in its full login. */
  readonly pbxId: string;
  /** Whether notices name extensions by the full login, as some do. */
  readonly fullLogins: boolean;
  /** Extensions that the PBX has. */
  readonly extensions: ReadonlySet<string>;
  notify(notice: Notice): void;
  /** Begins a recording. Returns its id. */
  beginRecord(pbxCallId: string, bytes: Uint8Array): string;
  /** The call has ended: its recordings are made ready. */
  finishRecord(pbxCallId: string, record: string): void;
  /** Notes parts of an ended call. */
  keepLegs(legs: readonly PbxLeg[]): void;
}

/** Who had a call, from when on. */
interface Talk {
  /** Missing: a voice menu. */
  code: string | undefined;
  at: Date;
}

/** A call that a test plays: each step sends the notice that the PBX would. */
abstract class PbxCall {
  readonly id: string;
  protected readonly startedAt: Date;
  /** In order. Empty until the call is taken. */
  protected readonly talks: Talk[] = [];
  private recordId: string | undefined;
  private over = false;

  protected constructor(
    direction: 'in' | 'out',
    protected readonly place: CallPlace,
    at = new Date(),
  ) {
    this.id = `${direction}_${randomBytes(20).toString('hex')}`;
    this.startedAt = at;
  }

  /** When it began, in the format of notices. */
  get start(): string {
    return DateTime.fromJSDate(this.startedAt, { zone: this.place.zone }).toFormat('yyyy-MM-dd HH:mm:ss');
  }

  /** It is recorded from now on. The bytes are the audio for a listener. */
  record(bytes: Uint8Array = Buffer.from('ID3 a talk')): this {
    this.recordId = this.place.beginRecord(this.id, bytes);
    return this;
  }

  protected extension(code: string): string {
    if (!this.place.extensions.has(code)) throw new Error(`the PBX has no extension ${code}`);
    return this.place.fullLogins ? `${this.place.pbxId}-${code}` : code;
  }

  /** Whether the call was taken. */
  protected get isTaken(): boolean {
    return this.talks.length > 0;
  }

  /** The two sides in the format of the statistics. `code`: the phone of a call that was not taken. */
  protected abstract get sides(): { clid: string; destination: string; code: string | undefined };

  /** Fields of an end at `at`. `duration` is the talk's. A call that rang in vain has 0. */
  protected finish(disposition: Disposition, at = new Date()): Notice {
    if (this.over) throw new Error(`the call ${this.id} is over`);
    this.over = true;
    const { id: pbxCallId, startedAt, recordId, sides } = this;
    const same = {
      pbxCallId,
      startedAt,
      disposition,
      isRecorded: recordId !== undefined,
      clid: sides.clid,
      destination: sides.destination,
    };
    const talks = disposition === 'answered' ? this.talks : [];
    const legs = talks.map(({ code, at: from }, index): PbxLeg => {
      const seconds = Math.round(((talks[index + 1]?.at ?? at).getTime() - from.getTime()) / 1000);
      return { ...same, seconds, ...(code !== undefined && { code }) };
    });
    this.place.keepLegs(legs.length > 0 ? legs : [{ ...same, seconds: 0, ...(sides.code !== undefined && { code: sides.code }) }]);
    if (recordId !== undefined) this.place.finishRecord(this.id, recordId);
    return {
      ...{ duration: String(legs.reduce((sum, { seconds }) => sum + seconds, 0)), disposition, status_code: String(CAUSES[disposition]) },
      ...(recordId === undefined ? { is_recorded: '0' } : { is_recorded: '1', call_id_with_rec: recordId }),
    };
  }
}

/** A customer calls. */
export class IncomingCall extends PbxCall {
  private last: string | undefined;
  private rung: string | undefined;

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
    this.rung ??= code;
    this.place.notify({ event: 'NOTIFY_INTERNAL', ...this.common, internal: this.extension(code) });
    return this;
  }

  /** A phone takes it, or takes it over. */
  answer(code: string, at = new Date()): this {
    this.talks.push({ code, at });
    this.last = this.extension(code);
    const { call_start, pbx_call_id } = this.common;
    const fields = { caller_id: this.phone, destination: code, call_start, pbx_call_id, internal: this.last };
    this.place.notify({ event: 'NOTIFY_ANSWER', ...fields });
    return this;
  }

  /** A voice menu takes it: no notice reports it, and its end is `answered`. */
  answerByMenu(): this {
    this.talks.push({ code: undefined, at: new Date() });
    return this;
  }

  /** Ends the call. By default `answered` for a call that was taken, else `cancel`. */
  end(disposition: Disposition = this.isTaken ? 'answered' : 'cancel', at?: Date): this {
    const who: Notice = this.last === undefined ? {} : { internal: this.last, last_internal: this.last };
    this.place.notify({ event: 'NOTIFY_END', ...this.common, ...who, ...this.finish(disposition, at) });
    return this;
  }

  protected get sides(): { clid: string; destination: string; code: string | undefined } {
    return { clid: this.phone === '' ? 'anonymous' : `"Customer" (${this.phone})`, destination: this.did, code: this.rung };
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
    private readonly code: string,
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
    this.talks.push({ code: this.code, at });
    const { call_start, pbx_call_id } = this.common;
    const fields = { caller_id: this.did, destination: this.phone, call_start, pbx_call_id, internal: this.caller };
    this.place.notify({ event: 'NOTIFY_ANSWER', ...fields });
    return this;
  }

  /** Ends the call. By default `answered` for a call that was taken, else `cancel`. */
  end(disposition: Disposition = this.isTaken ? 'answered' : 'cancel', at?: Date): this {
    this.place.notify({ event: 'NOTIFY_OUT_END', ...this.common, ...this.finish(disposition, at) });
    return this;
  }

  protected get sides(): { clid: string; destination: string; code: string | undefined } {
    return { clid: `"${this.code}" (${this.code})`, destination: this.phone, code: this.code };
  }

  private get common(): { internal: string; destination: string; call_start: string; pbx_call_id: string; caller_id: string } {
    return { call_start: this.start, pbx_call_id: this.id, internal: this.caller, destination: this.phone, caller_id: this.did };
  }
}

/** A call requested through the API: the phone rings first, as a separate call. */
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
