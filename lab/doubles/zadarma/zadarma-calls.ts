import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import type { ZadarmaLeg } from './zadarma-statistics.js';
import type { ZadarmaModes } from './zadarma-modes.js';
import type { ZadarmaNotice } from './zadarma-signatures.js';

/** How a call ends, in the words of notices. */
export type ZadarmaDisposition = keyof typeof CAUSES;

/** Causes by Q.931. */
const CAUSES = {
  ...{ answered: 16, busy: 17, cancel: 16, 'no answer': 19, failed: 41, 'unallocated number': 1 },
  ...{ 'no money': 16, 'no limit': 16, 'no day limit': 16, 'line limit': 34, 'no money, no limit': 16 },
} as const;

/** The parts of an account that a call needs. */
export interface ZadarmaCallPlace {
  /** IANA zone. Notices have its times without an offset. */
  readonly zone: string;
  readonly modes: Readonly<ZadarmaModes>;
  /** The extension in the format of notices. Throws when the account lacks the number. */
  nameExtension(code: string): string;
  isExtension(number: string): boolean;
  notify(notice: ZadarmaNotice): void;
  /** Begins a recording. Returns its id. */
  beginRecord(pbxCallId: string, bytes: Uint8Array): string;
  /** The call has ended: its recordings are made ready, and reported. */
  finishRecords(pbxCallId: string, ids: readonly string[]): void;
  /** Notes parts of an ended call. */
  keepLegs(legs: readonly ZadarmaLeg[]): void;
}

/** The two sides of a call in the statistics. */
interface Sides {
  clid: string;
  destination: string;
  /** The phone of a call that was not taken. */
  code: string | undefined;
}

/** Who had a call, and since when. `code` is missing for a voice menu, or someone outside. */
interface Talk {
  code?: string;
  at: Date;
}

/** The audio of a call by default. */
const TALK = Buffer.from('ID3 a talk');

/** A call that a test plays: each step sends the notices that the PBX would. Times are now when left out. */
abstract class ZadarmaCall {
  /** `in_` or `out_` and 40 hex digits: one for the whole call. */
  readonly id: string;
  protected readonly talks: Talk[] = [];
  private readonly recordIds: string[] = [];
  private isNamed = true;
  private isOver = false;

  protected constructor(
    direction: 'in' | 'out',
    protected readonly place: ZadarmaCallPlace,
    readonly startedAt = new Date(),
  ) {
    this.id = `${direction}_${randomBytes(20).toString('hex')}`;
  }

  /** When it began, in the format of notices. */
  get start(): string {
    return this.write(this.startedAt);
  }

  /** The ids of its recordings, the oldest first. */
  get records(): readonly string[] {
    return this.recordIds;
  }

  /**
   * Another recording begins. `bytes` are its audio. Without `isNamed` the end only reports that there is
   * one.
   */
  record(bytes: Uint8Array = TALK, isNamed = true): this {
    this.isNamed = isNamed;
    this.recordIds.push(this.place.beginRecord(this.id, bytes));
    return this;
  }

  protected write(at: Date): string {
    return DateTime.fromJSDate(at, { zone: this.place.zone }).toFormat('yyyy-MM-dd HH:mm:ss');
  }

  /** `call_start` of a phone's notice. */
  protected writeLeg(at: Date): string {
    return this.place.modes.legTimes ? this.write(at) : this.start;
  }

  protected abstract get sides(): Sides;

  /**
   * Keeps the facts about its end. Returns the fields that report it, and a function that makes recordings
   * ready.
   */
  protected finish(disposition: ZadarmaDisposition, at: Date): { fields: ZadarmaNotice; after(): void } {
    if (this.isOver) throw new Error(`the call ${this.id} is over`);
    this.isOver = true;
    const { clid, destination, code } = this.sides;
    const isRecorded = this.recordIds.length > 0;
    const same = { pbxCallId: this.id, startedAt: this.startedAt, disposition, isRecorded, clid, destination };
    const talks = disposition === 'answered' ? this.talks : [];
    const legs = talks.map((talk, index): ZadarmaLeg => {
      const until = talks[index + 1]?.at ?? at;
      return { ...same, seconds: Math.round((until.getTime() - talk.at.getTime()) / 1000), ...(talk.code && { code: talk.code }) };
    });
    this.place.keepLegs(legs.length > 0 ? legs : [{ ...same, seconds: 0, ...(code !== undefined && { code }) }]);
    const duration = legs.reduce((sum, { seconds }) => sum + seconds, 0);
    const record = this.recordIds.at(-1);
    return {
      fields: {
        ...{ duration: String(duration), disposition, status_code: String(CAUSES[disposition]), is_recorded: isRecorded ? '1' : '0' },
        ...(record !== undefined && this.isNamed && { call_id_with_rec: record }),
      },
      after: () => this.place.finishRecords(this.id, this.recordIds),
    };
  }

  /** Reports the end, and recordings before or after it. */
  protected tellEnd(disposition: ZadarmaDisposition, at: Date, notice: ZadarmaNotice): void {
    const { fields, after } = this.finish(disposition, at);
    const isBefore = this.place.modes.recordNotice === 'before-end';
    if (isBefore) after();
    this.place.notify({ ...notice, ...fields });
    if (!isBefore) after();
  }
}

/** A customer calls. */
export class ZadarmaIncomingCall extends ZadarmaCall {
  /** Phones that ring or talk. */
  private readonly busy = new Set<string>();
  private firstRung: string | undefined;

  /** `phone`: digits, `anonymous` or empty when hidden. */
  constructor(
    place: ZadarmaCallPlace,
    private readonly phone: string,
    private readonly did: string,
    at?: Date,
  ) {
    super('in', place, at);
    place.notify({ event: 'NOTIFY_START', ...this.common });
  }

  /** A voice menu speaks: the call is answered, though no phone has it. */
  menu(at = new Date()): this {
    this.talks.push({ at });
    this.place.notify({ event: 'NOTIFY_IVR', ...this.common });
    return this;
  }

  /** A phone begins to ring. */
  ring(code: string, at = new Date()): this {
    this.busy.add(code);
    this.firstRung ??= code;
    const fields = { ...this.common, call_start: this.writeLeg(at), internal: this.place.nameExtension(code) };
    this.place.notify({ event: 'NOTIFY_INTERNAL', ...fields });
    return this;
  }

  /** A phone takes the call, or takes it over. All others are released. */
  answer(code: string, at = new Date()): this {
    this.talks.push({ code, at });
    this.tellAnswer(code, this.place.modes.answerNamesPhone ? this.place.nameExtension(code) : undefined, at);
    for (const other of this.busy) if (other !== code) this.release(other);
    this.busy.add(code);
    return this;
  }

  /** Someone outside takes the call, after it was forwarded. */
  forward(number: string, at = new Date()): this {
    this.talks.push({ at });
    this.tellAnswer(number, this.place.modes.answerNamesPhone ? '' : undefined, at);
    return this;
  }

  /** Ends the call. By default `answered` for a call that was taken, else `cancel`. */
  end(disposition: ZadarmaDisposition = this.talks.length > 0 ? 'answered' : 'cancel', at = new Date()): this {
    for (const code of this.busy) this.release(code);
    this.tellEnd(disposition, at, { event: 'NOTIFY_END', ...this.common, ...this.talkers });
    return this;
  }

  protected get sides(): Sides {
    return { clid: /\d/.test(this.phone) ? `"Customer" (${this.phone})` : 'anonymous', destination: this.did, code: this.firstRung };
  }

  private tellAnswer(destination: string, internal: string | undefined, at: Date): void {
    const { caller_id, pbx_call_id } = this.common;
    const fields = { caller_id, destination, call_start: this.writeLeg(at), pbx_call_id };
    this.place.notify({ event: 'NOTIFY_ANSWER', ...fields, ...(internal !== undefined && { internal }), dst_e164: destination });
  }

  /** A phone is done with the call. */
  private release(code: string): void {
    this.busy.delete(code);
    this.place.notify({ event: 'NOTIFY_INTERNAL_END', ...this.common, internal: this.place.nameExtension(code) });
  }

  /** Who had it first and last, in the mode's fields. */
  private get talkers(): ZadarmaNotice {
    const { endNames } = this.place.modes;
    const codes = this.talks.flatMap(({ code }) => code ?? []);
    const name = (code: string | undefined): string => (code === undefined ? '' : this.place.nameExtension(code));
    return {
      ...(endNames !== 'last' && endNames !== 'none' && { internal: name(codes[0]) }),
      ...(endNames !== 'internal' && endNames !== 'none' && codes.length > 0 && { last_internal: name(codes.at(-1)) }),
    };
  }

  private get common(): { call_start: string; pbx_call_id: string; caller_id: string; called_did: string } {
    const plus = this.place.modes.plusNumbers && /^\d/.test(this.phone) ? '+' : '';
    return { call_start: this.start, pbx_call_id: this.id, caller_id: `${plus}${this.phone}`, called_did: this.did };
  }
}

/** A phone of the PBX calls someone outside, or another phone inside. */
export class ZadarmaOutgoingCall extends ZadarmaCall {
  private readonly caller: string;

  /** A call that ends with this one. */
  companion?: ZadarmaOutgoingCall;

  /** `code` undefined: it belongs to no extension. `phone` as dialled. `did`: `0` when none is shown. */
  constructor(
    place: ZadarmaCallPlace,
    private readonly code: string | undefined,
    private readonly phone: string,
    private readonly did = '0',
    at?: Date,
  ) {
    super('out', place, at);
    this.caller = code === undefined ? '0' : place.nameExtension(code);
    place.notify({ event: 'NOTIFY_OUT_START', ...this.common });
  }

  /** Who was called takes it. */
  answer(at = new Date()): this {
    this.talks.push({ ...(this.code !== undefined && { code: this.code }), at });
    const { pbx_call_id, internal } = this.common;
    const fields = { caller_id: this.did, destination: this.phone, call_start: this.writeLeg(at), pbx_call_id, internal };
    if (this.place.modes.answersOutgoing) this.place.notify({ event: 'NOTIFY_ANSWER', ...fields });
    return this;
  }

  /** Ends the call. By default `answered` for a call that was taken, else `cancel`. */
  end(disposition: ZadarmaDisposition = this.talks.length > 0 ? 'answered' : 'cancel', at = new Date()): this {
    this.tellEnd(disposition, at, { event: 'NOTIFY_OUT_END', ...this.common });
    this.companion?.end('answered', at);
    return this;
  }

  protected get sides(): Sides {
    const { code } = this;
    return { clid: code === undefined ? this.did : `"${code}" (${code})`, destination: this.phone, code };
  }

  private get common(): { call_start: string; pbx_call_id: string; internal: string; destination: string; caller_id: string } {
    return { call_start: this.start, pbx_call_id: this.id, internal: this.caller, destination: this.phone, caller_id: this.did };
  }
}

/** A call requested through the API: `from` rings first, as a separate call, then `to`. */
export class ZadarmaClick {
  private readonly first: ZadarmaOutgoingCall;

  constructor(
    private readonly place: ZadarmaCallPlace,
    /** The extension that is called first. */
    readonly code: string,
    /** Who is called then. */
    readonly phone: string,
    /**
     * The owner of the call, for the statistics and the caller id. Without it the customer's call has no
     * owner.
     */
    private readonly sip: string | undefined,
  ) {
    this.first = new ZadarmaOutgoingCall(place, sip, code);
  }

  /** The manager takes the phone: the customer is called. Both calls end with that one. */
  pickUp(): ZadarmaOutgoingCall {
    const call = new ZadarmaOutgoingCall(this.place, this.sip, this.phone);
    call.companion = this.first.answer();
    return call;
  }

  /** The manager does not take the call, or their phone is offline. */
  ignore(disposition: ZadarmaDisposition = 'no answer'): void {
    this.first.end(disposition);
  }
}
