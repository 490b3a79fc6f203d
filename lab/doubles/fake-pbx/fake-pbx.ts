import type { Acts, DoubleOptions, Input } from '../../../libs/testing/double/rules.js';
import type { AllModes } from '../../../libs/testing/double/modes.js';
import {
  type ZadarmaAccount,
  type ZadarmaAccountSettings,
  type ZadarmaClick,
  ZadarmaDouble,
  type ZadarmaIncomingCall,
  type ZadarmaNotice,
  type ZadarmaOutgoingCall,
} from '../zadarma/index.js';
import { MODES as ZADARMA_MODES } from '../zadarma/zadarma-modes.js';
import type { ZadarmaRecords } from '../zadarma/zadarma-records.js';
import type { ZadarmaLeg } from '../zadarma/zadarma-statistics.js';
import { WIRE as ZADARMA_WIRE } from '../zadarma/zadarma-wire.js';

/** Options for starting a fake PBX. */
export interface FakePbxOptions extends DoubleOptions {
  key?: string;
  /** Signs calls of the API and notices. */
  secret?: string;
  /** IANA zone of its account. */
  zone?: string;
}

/** The modes of Zadarma's double, with the fake's defaults. */
const MODES = {
  ...ZADARMA_MODES,
  answersOutgoing: true,
  internalEnd: ['none', 'start-fields', 'other-fields'],
  failuresMost: 0,
  /** `callback` returns the id of the customer's call in `pbx_call_id`. That call begins immediately. */
  returnsCallId: false,
} as const;
/** The reply to `callback` may have an id. */
const WIRE = ZADARMA_WIRE.map((facts) => (facts.call === 'callback' ? { ...facts, reply: {} } : facts)) as unknown as typeof ZADARMA_WIRE;

/** A cloud PBX that works like Zadarma's, with one account (README.md). Tests play its people. */
export class FakePbx extends ZadarmaDouble {
  declare readonly modes: AllModes<typeof MODES>;
  private readonly waiting: ((call: ZadarmaOutgoingCall) => void)[] = [];

  /** Starts one on this machine. Throws when the port is taken. */
  static override start({
    key = 'fake-pbx-key',
    secret = 'fake-pbx-secret',
    zone = 'Asia/Yekaterinburg',
    ...options
  }: FakePbxOptions = {}) {
    const more = { pbxId: '499499', extensions: ['101', '102', '103'], numbers: ['74950000000'], balance: 10.5, currency: 'USD' };
    return new FakePbx({ key, secret, zone, ...more }).listen(options);
  }

  private constructor(settings: ZadarmaAccountSettings) {
    super(settings, { wire: WIRE, modes: MODES as unknown as typeof ZADARMA_MODES });
    this.account.listen();
  }

  get key(): string {
    return this.account.settings.key;
  }
  get secret(): string {
    return this.account.settings.secret;
  }
  get zone(): string {
    return this.account.zone;
  }
  get records(): ZadarmaRecords {
    return this.account.storage;
  }
  /** Parts of ended calls, in the order of their ends. */
  get legs(): readonly ZadarmaLeg[] {
    return this.account.legs;
  }
  /** Calls that `callback` requested and that began, in order. */
  get clicks(): readonly ZadarmaClick[] {
    return this.account.clicks;
  }
  /** The number that was called last by the API. */
  get dialled(): string | undefined {
    return this.received.findLast(({ call }) => call === 'callback')?.parameters['to'];
  }

  override get settingsText(): string {
    return `address ${this.url}, key ${this.key}, secret ${this.secret}, time zone ${this.zone}`;
  }

  /** A customer calls one of the company's numbers. An empty phone is hidden. */
  incoming(phone: string, did?: string, at?: Date): ZadarmaIncomingCall {
    return this.account.incoming(phone, did, at);
  }

  /** A manager dials. */
  outgoing(code: string, phone: string, did?: string, at?: Date): ZadarmaOutgoingCall {
    return this.account.outgoing(code, phone, did, at);
  }

  /** The next call requested through the API: its first phone rings. */
  placed(): Promise<ZadarmaClick> {
    return this.account.placed();
  }

  /** The same with `returnsCallId`: the customer is being called already. */
  begun(): Promise<ZadarmaOutgoingCall> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Enters the address of notices as its user does: it is tried with `zd_echo` first. Throws if it fails. */
  enterUrl(url: string): Promise<void> {
    return this.account.enterUrl(url);
  }

  /** The body of the reply to the notice that a call starts. */
  findAnswer(call: string): string | undefined {
    return this.steered.get(call)?.body;
  }

  /** It sends no notices of voice menus. */
  override post(account: ZadarmaAccount, notice: ZadarmaNotice): void {
    if (notice['event'] !== 'NOTIFY_IVR') super.post(account, notice);
  }

  protected override listActs(): Acts<typeof ZADARMA_WIRE, ZadarmaAccount> {
    const acts = super.listActs();
    const begin = ({ account, query: { from = '', to = '' } }: Input<ZadarmaAccount>): object => {
      const call = account.outgoing(from, to);
      this.waiting.shift()?.(call);
      return { status: 'success', from, to, time: Math.floor(this.now), pbx_call_id: call.id };
    };
    return { ...acts, callback: (input) => (this.modes.returnsCallId ? begin(input) : acts.callback(input)) };
  }
}
