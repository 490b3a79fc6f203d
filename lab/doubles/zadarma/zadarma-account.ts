import { randomBytes } from 'node:crypto';
import { ZadarmaRecords } from './zadarma-records.js';
import type { ZadarmaLeg } from './zadarma-statistics.js';
import { type ZadarmaCallPlace, ZadarmaClick, ZadarmaIncomingCall, ZadarmaOutgoingCall } from './zadarma-calls.js';
import type { ZadarmaModes } from './zadarma-modes.js';
import type { ZadarmaNotice } from './zadarma-signatures.js';
import { silence } from './zadarma-sound.js';
import { ZADARMA_NOTIFICATION_NAMES, ZADARMA_NOTIFICATIONS, type ZadarmaNotification } from './zadarma-wire.js';

const CHECK_MS = 5_000;
/** Recordings that an account keeps: a new one replaces the oldest. */
const RECORDS_MOST = 1_000;

/** The data of an account. */
export interface ZadarmaAccountSettings {
  /** The user key. */
  key: string;
  /** Signs calls of the API and notices alike. */
  secret: string;
  /** IANA zone. */
  zone: string;
  /** The number before the dash of a full login. */
  pbxId: string;
  /** Phones of the PBX. */
  extensions: readonly string[];
  /** Numbers of the company. */
  numbers: readonly string[];
  balance: number;
  currency: string;
}

/** The parts of the service that an account needs. */
export interface ZadarmaService {
  readonly modes: Readonly<ZadarmaModes>;
  post(account: ZadarmaAccount, notice: ZadarmaNotice): void;
  later(ms: number, action: () => void): void;
}

/** One customer of the service: phones, calls, recordings, statistics, and the address of its notices. */
export class ZadarmaAccount implements ZadarmaCallPlace {
  /** The address of notices. Undefined if there is none. */
  url: string | undefined;
  /** Which notices are requested. Initially none. */
  readonly notifications: Record<ZadarmaNotification, boolean> = {
    ...{ notify_start: false, notify_internal: false, notify_answer: false },
    ...{ notify_end: false, notify_out_start: false, notify_out_end: false },
  };
  readonly storage = new ZadarmaRecords();
  /** Parts of ended calls, in the order of their ends. */
  readonly legs: ZadarmaLeg[] = [];
  /** Calls requested through the API that began, in order. */
  readonly clicks: ZadarmaClick[] = [];
  /** Extensions whose phone is not there. */
  readonly offline = new Set<string>();
  /** Where calls of extensions go whose phone is not there or does not take them. */
  readonly forwarded = new Map<string, string>();
  /** Times of the calls of the API, and of the calls to the statistics, in the last minute. */
  readonly arrivals = { all: [] as number[], statistics: [] as number[] };
  private failures = 0;
  private readonly waiting: ((click: ZadarmaClick) => void)[] = [];

  constructor(
    readonly settings: ZadarmaAccountSettings,
    private readonly service: ZadarmaService,
  ) {}

  get token(): string {
    return this.settings.key;
  }

  get webhookSecret(): string {
    return this.settings.secret;
  }

  get webhookUrl(): string | undefined {
    return this.url;
  }

  set webhookUrl(url: string | undefined) {
    this.url = url;
  }

  get zone(): string {
    return this.settings.zone;
  }

  get modes(): Readonly<ZadarmaModes> {
    return this.service.modes;
  }

  /** A customer calls a number of the company. `phone`: digits; `anonymous` or empty when hidden. */
  incoming(phone: string, did = this.settings.numbers[0] ?? '', at?: Date): ZadarmaIncomingCall {
    return new ZadarmaIncomingCall(this, phone, did, at);
  }

  /** A phone of the PBX dials, outside or inside. `did`: the number shown, `0` when left out. */
  outgoing(code: string, phone: string, did?: string, at?: Date): ZadarmaOutgoingCall {
    return new ZadarmaOutgoingCall(this, code, phone, did, at);
  }

  /** The next call requested through the API: its first phone rings. */
  placed(): Promise<ZadarmaClick> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Requests a call through the API. */
  click(from: string, to: string, sip: string | undefined): void {
    const click = new ZadarmaClick(this, from, to, sip);
    if (this.offline.has(from) && !this.forwarded.has(from)) return click.ignore('failed');
    this.clicks.push(click);
    this.waiting.shift()?.(click);
    if (this.modes.clicks === 'answered') this.playClick(click);
  }

  /**
   * Enters the address of notices: it is opened with `zd_echo` first.
   * @throws Error when the address does not send exactly that back as plain text, with 200
   */
  async enterUrl(url: string): Promise<void> {
    const echo = randomBytes(8).toString('hex');
    const tried = new URL(url);
    tried.searchParams.set('zd_echo', echo);
    const reply = await fetch(tried, { redirect: 'manual', signal: AbortSignal.timeout(CHECK_MS) }).catch(() => undefined);
    const body = (await reply?.text()) ?? '';
    if (reply?.status !== 200 || body !== echo || !reply.headers.get('content-type')?.startsWith('text/plain'))
      throw new Error(`The address did not return zd_echo: ${reply?.status ?? 'no answer'}`);
    this.url = url;
    this.failures = 0;
  }

  /** Requests all notices, or none. */
  listen(whether = true): void {
    for (const name of ZADARMA_NOTIFICATION_NAMES) this.notifications[name] = whether;
  }

  nameExtension(code: string): string {
    if (!this.isExtension(code)) throw new Error(`the PBX has no extension ${code}`);
    return this.modes.fullLogins ? `${this.settings.pbxId}-${code}` : code;
  }

  isExtension(number: string): boolean {
    return this.settings.extensions.includes(number);
  }

  notify(notice: ZadarmaNotice): void {
    if (notice['event'] === 'NOTIFY_INTERNAL_END' && this.modes.internalEnd === 'none') return;
    if (this.listensTo(notice['event'] ?? '')) this.service.post(this, notice);
  }

  beginRecord(pbxCallId: string, bytes: Uint8Array): string {
    return this.storage.begin(pbxCallId, bytes, RECORDS_MOST);
  }

  finishRecords(pbxCallId: string, ids: readonly string[]): void {
    const { recordReadyMs, recordNotice } = this.modes;
    for (const id of ids) {
      this.storage.finish(id, recordReadyMs);
      if (recordNotice === 'none') continue;
      const tell = (): void => this.notify({ event: 'NOTIFY_RECORD', call_id_with_rec: id, pbx_call_id: pbxCallId });
      if (recordNotice === 'before-end' || recordReadyMs === 0) tell();
      else this.service.later(recordReadyMs, tell);
    }
  }

  keepLegs(legs: readonly ZadarmaLeg[]): void {
    this.legs.push(...legs);
  }

  private listensTo(event: string): boolean {
    const name = ZADARMA_NOTIFICATION_NAMES.find((one) => (ZADARMA_NOTIFICATIONS[one] as readonly string[]).includes(event));
    // Notices that cannot be requested come automatically.
    return name === undefined || this.notifications[name];
  }

  noteAnswer(isTaken: boolean): void {
    this.failures = isTaken ? 0 : this.failures + 1;
    const { failuresMost } = this.modes;
    if (failuresMost > 0 && this.failures >= failuresMost) this.url = undefined;
  }

  /** Forgets calls, recordings and counts. The address and the requested notices stay. */
  reset(): void {
    this.storage.clear();
    this.legs.length = 0;
    this.clicks.length = 0;
    this.waiting.length = 0;
    this.offline.clear();
    this.forwarded.clear();
    this.failures = 0;
    this.arrivals.all.length = 0;
    this.arrivals.statistics.length = 0;
  }

  /** A manager and a customer who take the phone and talk for a moment. */
  private playClick(click: ZadarmaClick): void {
    this.service.later(1_000, () => {
      const call = click.pickUp();
      this.service.later(1_500, () => {
        call.answer().record(silence(3));
        this.service.later(3_000, () => call.end());
      });
    });
  }
}
