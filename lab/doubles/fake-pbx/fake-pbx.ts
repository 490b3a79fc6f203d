import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { DateTime } from 'luxon';
import { equalInConstantTime } from '#platform';
import { hand } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import { Answer, type DoubleAccount, type DoubleOptions } from '../../../libs/testing/double/rules.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import { object, oneOf, text } from '../../../libs/testing/double/wire.js';
import { type CallPlace, ClickedCall, IncomingCall, type Notice, OutgoingCall } from './pbx-call.js';
import { PbxRecords } from './pbx-records.js';
import { authorize, signNotice, writeParameters } from './pbx-signatures.js';
import { listStatistics, type PbxLeg } from './pbx-statistics.js';
import { WIRE } from './pbx-wire.js';

/** How a fake PBX is started. */
export interface FakePbxOptions extends DoubleOptions {
  key?: string;
  /** Signs calls of the API and notices. */
  secret?: string;
  /** IANA zone of its account. */
  zone?: string;
}

/** The behaviors of the PBX. */
const MODES = {
  /** Notices name extensions by their full login (`499499-100`). */
  fullLogins: false,
  /** `callback` returns the id of the customer's call in `pbx_call_id`. That call begins immediately. */
  returnsCallId: false,
  /** Milliseconds from a call's end until its recording is ready. */
  recordReadyMs: 0,
  /** A recording that is not ready already has an address, which returns 404. */
  linksEarly: false,
  /** Recordings have addresses at another host. */
  foreignLinks: false,
  /** Downloads support ranges. Otherwise they are whole. */
  ranges: false,
  /** Downloads contain their size. */
  sizes: true,
} as const;

const MINUTE_MS = 60_000;
/** Questions to the statistics in a minute. */
const QUESTIONS_MOST = 3;
/** A customer's number: digits, nothing else. */
const NUMBER = /^\d{7,15}$/;
/** A phone inside. */
const EXTENSION = /^\d{3,5}$/;
const TIME = 'yyyy-MM-dd HH:mm:ss';
const TOO_MANY = 'You exceeded the rate limit';

/**
 * A cloud PBX over HTTP, in memory (README.md): it posts a notice for each step of a call and places
 * requested calls. Tests play its customers and managers.
 */
export class FakePbx extends Double<typeof WIRE, DoubleAccount, typeof MODES> {
  /** The number that was called last by the API. */
  dialled: string | undefined;
  /** Calls that `callback` requested and that began, in order. */
  readonly clicks: ClickedCall[] = [];
  readonly records = new PbxRecords();
  /** Parts of ended calls, in the order of their ends. */
  readonly legs: PbxLeg[] = [];
  /** Extensions and the number before their dash. */
  readonly extensions: ReadonlySet<string> = new Set(['101', '102', '103']);
  readonly pbxId = '499499';
  /** Bodies of the replies to notices that start a call, by its id. */
  readonly answers = new Map<string, string>();
  /** Calls that had a notice without a 2xx answer. The PBX posts no more notices about these calls. */
  readonly lost = new Set<string>();
  private readonly place: CallPlace;
  private readonly waiting: ((call: ClickedCall) => void)[] = [];
  private readonly waitingCalls: ((call: OutgoingCall) => void)[] = [];
  private questions: number[] = [];

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ key = 'fake-pbx-key', secret = 'fake-pbx-secret', zone = 'Asia/Yekaterinburg', ...options }: FakePbxOptions = {}) {
    return new FakePbx(key, secret, zone).listen(options);
  }

  private constructor(
    readonly key: string,
    readonly secret: string,
    readonly zone: string,
  ) {
    super({
      ...{ wire: WIRE, modes: MODES, unauthorized: new Refusal(401, '', 'Auth error') },
      failed: new Refusal(500, '', 'Internal error'),
      tooMany: new Refusal(429, '', TOO_MANY),
      toWrong: ({ keyword, path, message }) =>
        refuse(keyword === 'additionalProperties' ? `Unknown parameter ${path}` : `${path} ${message}`),
      writeRefusal: ({ message, headers }) => (headers ? message : { status: 'error', message }),
      findAccount: (request, [account]) => (isSigned(request, key, secret) ? account : undefined),
      hooks: {
        ...{ attempts: 1, type: 'form' },
        sign: ({ hook, secret: signing = '' }) => ({ 'user-agent': 'Fake PBX', signature: signNotice(signing, hook.body as Notice) ?? '' }),
        conclude: ({ body }, { status, body: answer }) => {
          const { pbx_call_id: call = '', event } = body as Notice;
          if (status < 200 || status >= 300) this.lost.add(call);
          if (event === 'NOTIFY_START') this.answers.set(call, answer);
        },
      },
    });
    this.accounts.push({ token: key, webhookSecret: secret });
    const { modes, pbxId, extensions, records, legs, later } = this;
    this.place = {
      ...{ zone, pbxId, extensions, notify: (notice) => this.post(notice) },
      beginRecord: (call, bytes) => records.begin(call, bytes),
      finishRecord: (call, record) => {
        records.finish(record, modes.recordReadyMs);
        const notice = { event: 'NOTIFY_RECORD', call_id_with_rec: record, pbx_call_id: call };
        later(modes.recordReadyMs, () => this.post(notice));
      },
      keepLegs: (more) => void legs.push(...more),
      get fullLogins() {
        return modes.fullLogins;
      },
    };
    this.serve({
      balance: () => succeed({ balance: 10.5, currency: 'USD' }),
      timezone: () => {
        const now = DateTime.now().setZone(zone);
        return succeed({ unixtime: Math.floor(now.toSeconds()), datetime: now.toFormat(TIME), timezone: `UTC${now.toFormat('Z')}` });
      },
      extensions: () => succeed({ pbx_id: Number(pbxId), numbers: [...extensions].map(Number) }),
      callback: ({ query: { from = '', to = '', sip = from } }) => {
        if (!EXTENSION.test(from)) throw refuse('Field "from" is not a PBX number');
        if (!EXTENSION.test(sip)) throw refuse('Field "sip" could be only SIP or PBX number');
        if (!NUMBER.test(to)) throw refuse("Check phone's number");
        if (!extensions.has(from) || sip !== from) throw refuse(`There is no PBX number ${from}`);
        const id = this.click(from, to);
        return succeed({ from, to, time: Math.floor(this.now), ...(id !== undefined && { pbx_call_id: id }) });
      },
      readUrl: () => this.readUrl(),
      setUrl: async ({ body: { url = '' } = {} }) => {
        if (!URL.canParse(url)) throw refuse('Field "url" is not an address');
        await this.enterUrl(url).catch((error: Error) => {
          throw refuse(error.message);
        });
        return this.readUrl();
      },
      removeUrl: () => {
        this.setWebhookUrl({ url: undefined });
        return this.readUrl();
      },
      statistics: ({ query }) => {
        this.questions = [...this.questions.filter((at) => at > Date.now() - MINUTE_MS), Date.now()];
        if (this.questions.length > QUESTIONS_MOST) throw new Refusal(429, '', TOO_MANY);
        return new Answer({ file: { type: 'application/json', bytes: listStatistics(legs, zone, query) } });
      },
      record: ({ query: { call_id, pbx_call_id, lifetime }, request: { host } }) => {
        if ((call_id === undefined) === (pbx_call_id === undefined)) throw refuse('Either call_id or pbx_call_id is needed');
        const [name, id = ''] = call_id === undefined ? (['pbx_call_id', pbx_call_id] as const) : (['call_id', call_id] as const);
        const found = records.find(name, id, modes.linksEarly);
        if (found.length === 0) throw refuse('There is no such record');
        const links = found.map((one) => {
          const link = records.link(one, `http://${modes.foreignLinks ? '127.0.0.2' : host}/v1/pbx/record/download/`, lifetime);
          if (!link) throw refuse('Field "lifetime" is out of range');
          return link;
        });
        const [first] = links;
        const till = DateTime.fromJSDate(first?.till ?? new Date(), { zone }).toFormat(TIME);
        return succeed({
          ...(call_id === undefined ? { links: links.map(({ link }) => link) } : { link: first?.link }),
          lifetime_till: till,
        });
      },
      download: ({ params: { token = '' }, request: { headers } }) => {
        if (headers.authorization !== undefined) throw refuse('Unexpected Authorization');
        const bytes = records.download(token);
        if (!bytes) throw new Refusal(404, '', '<h1>404 Not Found</h1>', undefined, { 'content-type': 'text/html' });
        return this.writeFile(bytes, headers.range);
      },
    });
  }

  override get settingsText(): string {
    return `address ${this.url}, key ${this.key}, secret ${this.secret}, time zone ${this.zone}`;
  }

  /** A customer calls one of the company's numbers. An empty phone is hidden. */
  incoming(phone: string, did: string, at?: Date): IncomingCall {
    return new IncomingCall(this.place, phone, did, at);
  }

  /** A manager dials. */
  outgoing(code: string, phone: string, did?: string, at?: Date): OutgoingCall {
    return new OutgoingCall(this.place, code, phone, did, at);
  }

  /** The next call requested through the API: its first phone rings. */
  placed(): Promise<ClickedCall> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The same with `returnsCallId`: the customer is being called already. */
  begun(): Promise<OutgoingCall> {
    return new Promise((resolve) => this.waitingCalls.push(resolve));
  }

  /** Posts a notice, unless an earlier one of its call got an error. */
  post(notice: Notice): void {
    if (!this.lost.has(notice['pbx_call_id'] ?? '')) this.tell({ action: notice['event'] ?? '', body: notice, about: { notice } });
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
    this.setWebhookUrl({ url });
  }

  protected override listHands() {
    const customer = object({ phone: text(), 'did?': text(), 'takenBy?': oneOf(...this.extensions) });
    return {
      incoming: hand(customer, ({ phone, did = '74950000000', takenBy }) => {
        const call = this.incoming(phone, did);
        (takenBy === undefined ? call : call.ring(takenBy).answer(takenBy)).end();
      }),
    };
  }

  protected override listThings() {
    return { legs: () => this.legs };
  }

  protected override forget(): void {
    for (const list of [this.clicks, this.legs, this.questions]) list.length = 0;
    for (const kept of [this.records, this.answers, this.lost]) kept.clear();
  }

  /** Places a call. Returns its id in the mode that returns it. */
  private click(code: string, phone: string): string | undefined {
    this.dialled = phone;
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

  private readUrl(): object {
    return succeed({ url: this.accounts[0]?.webhookUrl ?? '' });
  }

  /** Writes a recording whole, or by range if it keeps to them, with or without a size. */
  private writeFile(bytes: Buffer, range = ''): Answer {
    const type = 'audio/mpeg';
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    if (!this.modes.ranges || start === undefined)
      return new Answer({ file: { type, bytes, stream: this.modes.sizes ? undefined : () => Readable.from([bytes]) } });
    if (Number(start) >= bytes.length)
      return new Answer({ status: 416, headers: { 'content-range': `bytes */${bytes.length}` }, file: { type, bytes: '' } });
    const part = bytes.subarray(Number(start), Number(end) + 1);
    const last = Number(start) + part.length - 1;
    return new Answer({ status: 206, headers: { 'content-range': `bytes ${start}-${last}/${bytes.length}` }, file: { type, bytes: part } });
  }
}

const succeed = (fields: object): object => ({ status: 'success', ...fields });
const refuse = (message: string): Refusal => new Refusal(400, '', message);

/** Whether a call is signed over its parameters, of the query or of the form. Throws if one comes twice. */
function isSigned({ url, method, body, headers }: FastifyRequest, key: string, secret: string): boolean {
  const [path = '', query = ''] = url.split('?');
  const pairs = [...new URLSearchParams(method === 'GET' ? query : body instanceof Buffer ? body.toString('utf8') : '')];
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw refuse('A parameter comes twice');
  const wanted = authorize(key, secret, path, writeParameters(Object.fromEntries(pairs)));
  return equalInConstantTime(headers.authorization ?? '', wanted);
}
