import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
import { type CallPlace, ClickedCall, IncomingCall, OutgoingCall } from './pbx-call.js';
import { PbxRecords } from './pbx-records.js';
import type { PbxLeg } from './pbx-statistics.js';
import { type PbxFlush, PbxWebhooks } from './pbx-webhooks.js';

/** The calls of the API, by name. */
export const PBX_CALLS = [
  ...(['balance', 'timezone', 'extensions', 'callback', 'readUrl', 'setUrl', 'removeUrl'] as const),
  ...(['statistics', 'record', 'download'] as const),
] as const;
export type PbxCallName = (typeof PBX_CALLS)[number];

/** Standing behaviour, until changed. */
export interface PbxModes {
  /** Notices name extensions by their full login (`499499-100`). */
  fullLogins: boolean;
  /**
   * `callback` answers the id of the customer's call in `pbx_call_id`; that call begins at once.
   */
  returnsCallId: boolean;
  /** The most calls of the API in a minute. */
  callsPerMinute: number;
  /** The most questions to the statistics in a minute. */
  statisticsPerMinute: number;
  /** Milliseconds from a call's end until its recording is ready. */
  recordReadyMs: number;
  /** A recording that is not ready has an address already, where nothing is found. */
  linksEarly: boolean;
  /** Recordings have addresses at another host. */
  foreignLinks: boolean;
  /** Downloads keep to a range; otherwise they are whole. */
  ranges: boolean;
  /** Downloads tell their size. */
  sizes: boolean;
}

const FIRST_MODES: PbxModes = {
  ...{ fullLogins: false, returnsCallId: false, callsPerMinute: 100, statisticsPerMinute: 3 },
  ...{ recordReadyMs: 0, linksEarly: false, foreignLinks: false, ranges: false, sizes: true },
};

/** The fake PBX without its HTTP: phones, calls, and the test's hold on both. */
export class PbxControl extends DoubleControl<PbxCallName, never> {
  readonly webhooks: PbxWebhooks;
  readonly modes: PbxModes = { ...FIRST_MODES };
  /** Names of all received calls, in order, refused ones included. */
  readonly calls: PbxCallName[] = [];
  /** Customers' phones that `callback` was asked to call and did, in order. */
  readonly clicks: ClickedCall[] = [];
  /** How many calls `callback` has begun. */
  clicked = 0;
  readonly records = new PbxRecords();
  /** Parts of calls that are over, in the order of their ends. */
  readonly legs: PbxLeg[] = [];
  /** Extensions and the number before their dash. */
  readonly extensions: ReadonlySet<string> = new Set(['101', '102', '103']);
  readonly pbxId = '499499';
  private readonly place: CallPlace;
  private readonly waiting: ((call: ClickedCall) => void)[] = [];
  private readonly waitingCalls: ((call: OutgoingCall) => void)[] = [];

  constructor(
    readonly key: string,
    readonly secret: string,
    /** IANA zone of its account. */
    readonly zone: string,
  ) {
    super(new PlannedFaults<PbxCallName, never>(PBX_CALLS, {}));
    this.webhooks = new PbxWebhooks(secret);
    const { modes, pbxId, extensions, webhooks, records, legs, later } = this;
    this.place = {
      ...{ zone, pbxId, extensions, notify: (notice) => webhooks.add(notice) },
      beginRecord: (call, bytes) => records.begin(call, bytes),
      finishRecord: (call, record) => {
        records.finish(record, modes.recordReadyMs);
        const notice = { event: 'NOTIFY_RECORD', call_id_with_rec: record, pbx_call_id: call };
        later(modes.recordReadyMs, () => webhooks.add(notice));
      },
      keepLegs: (more) => void legs.push(...more),
      get fullLogins() {
        return modes.fullLogins;
      },
    };
  }

  /** A customer calls one of the company's numbers; an empty phone is hidden. */
  incoming(phone: string, did: string, at?: Date): IncomingCall {
    return new IncomingCall(this.place, phone, did, at);
  }

  /** A manager dials by himself. */
  outgoing(code: string, phone: string, did?: string, at?: Date): OutgoingCall {
    return new OutgoingCall(this.place, code, phone, did, at);
  }

  /** The next call that the API is asked for: its first phone rings. */
  placed(): Promise<ClickedCall> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The same with `returnsCallId`: the customer is being called already. */
  begun(): Promise<OutgoingCall> {
    return new Promise((resolve) => this.waitingCalls.push(resolve));
  }

  /** Places a call; returns its id in the mode that tells it. */
  click(code: string, phone: string): string | undefined {
    this.clicked++;
    if (this.modes.returnsCallId) {
      const call = new OutgoingCall(this.place, code, phone);
      this.waitingCalls.shift()?.(call);
      return call.id;
    }
    const click = new ClickedCall(this.place, code, phone);
    this.clicks.push(click);
    this.waiting.shift()?.(click);
    return undefined;
  }

  /** How often a call was received. */
  countCalls(call: PbxCallName): number {
    return this.calls.filter((one) => one === call).length;
  }

  /** Posts the notices held (`webhooks.mode = 'hold'`), and waits for their answers. */
  flush(options: PbxFlush = {}): Promise<void> {
    return this.webhooks.flush(options);
  }

  /**
   * Enters the address of notices as its user does: it is tried with `zd_echo` first.
   * @throws Error when the address does not send exactly that back as plain text
   */
  async enterUrl(url: string): Promise<void> {
    const echo = `echo-${Math.random().toString(36).slice(2)}`;
    const tried = new URL(url);
    tried.searchParams.set('zd_echo', echo);
    const reply = await fetch(tried, { redirect: 'manual' });
    const body = await reply.text();
    if (reply.status !== 200 || body !== echo || !reply.headers.get('content-type')?.startsWith('text/plain'))
      throw new Error(`the address does not answer the trial: ${reply.status} ${body.slice(0, 100)}`);
    this.webhooks.url = url;
  }

  /** Forgets calls, recordings and notices; the address stays, modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
    this.clicks.length = 0;
    this.legs.length = 0;
    this.records.clear();
    Object.assign(this.modes, FIRST_MODES);
  }
}
