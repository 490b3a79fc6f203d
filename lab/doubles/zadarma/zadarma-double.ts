import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { DateTime } from 'luxon';
import { equalInConstantTime } from '#platform/plain';
import { hand } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import { type Acts, Answer, type DoubleOptions, type Fault, type Input } from '../../../libs/testing/double/rules.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { HookFlush } from '../../../libs/testing/double/webhooks.js';
import { flag, list, mapOf, object, oneOf, text, whole } from '../../../libs/testing/double/wire.js';
import { ZadarmaAccount, type ZadarmaAccountSettings } from './zadarma-account.js';
import { MODES } from './zadarma-modes.js';
import { playCall, ZADARMA_PLAYS, type ZadarmaPlay } from './zadarma-plays.js';
import { authorize, type SignatureForm, signZadarmaNotice, writeParameters, type ZadarmaNotice } from './zadarma-signatures.js';
import { silence } from './zadarma-sound.js';
import { listStatistics } from './zadarma-statistics.js';
import { readSteering, type ZadarmaSteered } from './zadarma-steering.js';
import { WIRE, ZADARMA_NOTIFICATION_NAMES, type ZadarmaCallName } from './zadarma-wire.js';

/** How a Zadarma double is started: the settings of its first account that differ from the usual. */
export interface ZadarmaDoubleOptions extends Partial<ZadarmaAccountSettings>, DoubleOptions {}

/** How held notices are posted. */
export interface ZadarmaFlush extends HookFlush {
  /** How they are signed, if not by the mode. */
  signatures?: SignatureForm | 'none';
  /** Replaces values after the signature was made. */
  change?: ZadarmaNotice;
}

type Own = 'too-many' | 'page';
export type ZadarmaFault = Fault<Own>;

/** A received call, with the parameters of its query or form. */
export interface ZadarmaReceived {
  call: ZadarmaCallName;
  /** The key of its account. Empty if there is none. */
  key: string;
  parameters: Readonly<Record<string, string>>;
}

const USUAL: ZadarmaAccountSettings = {
  ...{ key: 'zadarma-double-key', secret: 'zadarma-double-secret', zone: 'Europe/Moscow', pbxId: '499499' },
  ...{ extensions: ['100', '101', '102', '103'], numbers: ['74950000000', '442037691880'], balance: 10.5, currency: 'USD' },
};
const MINUTE_MS = 60_000;
const CALLS_PER_MINUTE = 100;
const STATISTICS_PER_MINUTE = 3;
/** The length of a question to the statistics that is cut. */
const CUT_DAYS = 30;
const FORMAT = 'yyyy-MM-dd HH:mm:ss';
const TOO_MANY = 'You exceeded the rate limit';
const PAGE = new Refusal(502, 'page', 'Bad gateway', undefined, { 'content-type': 'text/html; charset=utf-8' });
const BAD_SIP = 'Field "sip" could be only SIP or PBX number';
/** The service's words for a parameter of the wrong form. */
const WRONG: Readonly<Record<string, string>> = {
  ...{ from: "Check phone's number", to: "Check phone's number", sip: BAD_SIP, start: 'Check the dates', end: 'Check the dates' },
};

const no = (message: string): Refusal => new Refusal(400, '', message);

/**
 * A local Zadarma: the API of its cloud PBX, and notices of calls that tests or its user play (README.md).
 */
export class ZadarmaDouble extends Double<typeof WIRE, ZadarmaAccount, typeof MODES, Own, ZadarmaFlush> {
  /** Answers to the starts of calls, by the call. */
  readonly steered = new Map<string, ZadarmaSteered>();
  /** Calls with a notice that was answered with an error, or not at all. No more of them are posted. */
  readonly lost = new Set<string>();

  /** `own`: the calls and modes of another PBX that works like this one. */
  protected constructor(first: ZadarmaAccountSettings, own: { wire?: typeof WIRE; modes?: typeof MODES } = {}) {
    super({
      ...{ wire: WIRE, modes: MODES, ...own },
      faults: { 'too-many': new Refusal(429, '', TOO_MANY), page: PAGE },
      unauthorized: new Refusal(401, '', 'Auth error'),
      failed: new Refusal(500, '', 'Internal error'),
      tooMany: new Refusal(429, '', TOO_MANY),
      refusalStatus: 200,
      toWrong: ({ keyword, path, message }) => {
        const name = path.replace(/^\$\.?/, '');
        const unknown = keyword === 'additionalProperties' ? `Unknown parameter ${name}` : undefined;
        const missing = keyword === 'required' ? `The parameter ${name} is missing` : undefined;
        const wrong = name === '' ? message : (WRONG[name] ?? `Check the parameter ${name}`);
        return new Refusal(this.modes.refusalStatus, '', unknown ?? missing ?? wrong);
      },
      writeRefusal: ({ status, code, message }) =>
        code === PAGE.code ? `<h1>${message}</h1>` : { status: 'error', message: status === 404 ? 'Wrong path' : message },
      findAccount: (request) => this.findSigner(request),
      hooks: {
        ...{ type: 'form', attempts: 1 },
        isStale: ({ body, about }) =>
          this.findAccount(String(about?.['key']))?.url === undefined || this.lost.has(callOf(body as ZadarmaNotice)),
        bend: ({ body }, { change }) => ({ body: { ...body, ...change } }),
        sign: ({ hook: { body }, flush, secret = '' }) => {
          const form = flush.signatures ?? this.modes.signatures;
          const notice = body as ZadarmaNotice;
          const isOther = notice['event'] === 'NOTIFY_INTERNAL_END' && this.modes.internalEnd === 'other-fields';
          const signature = form !== 'none' && {
            signature: signZadarmaNotice(secret, notice, form, isOther ? ['pbx_call_id'] : undefined),
          };
          return { 'user-agent': 'Zadarma API v1', ...signature };
        },
        conclude: ({ body, about }, answer, afterMs) => {
          const isTaken = answer.status >= 200 && answer.status < 300;
          const notice = body as ZadarmaNotice;
          if (!isTaken) this.lost.add(callOf(notice));
          this.findAccount(String(about?.['key']))?.noteAnswer(isTaken);
          if (notice['event'] === 'NOTIFY_START') this.steered.set(callOf(notice), readSteering(answer.body, afterMs));
        },
      },
      flush: { 'signatures?': oneOf('hex', 'raw', 'none'), 'change?': mapOf(text()) },
    });
    this.addAccount(first);
    this.serve(this.listActs());
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ port = 0, webhookUrl, ...account }: ZadarmaDoubleOptions = {}): Promise<ZadarmaDouble> {
    return new ZadarmaDouble({ ...USUAL, ...account }).listen({ port, webhookUrl });
  }

  /** The first account. */
  get account(): ZadarmaAccount {
    return this.accounts[0] as ZadarmaAccount;
  }

  override get settingsText(): string {
    const { key, secret } = this.account.settings;
    return `key ${key}, secret ${secret}`;
  }

  /** All received calls with their parameters. */
  get received(): ZadarmaReceived[] {
    return this.calls.map(({ call, by, url, body }) => {
      const query = Object.fromEntries(new URL(url, 'http://double').searchParams);
      return { call, key: this.accounts[by]?.token ?? '', parameters: { ...query, ...(body as object | undefined) } };
    });
  }

  /** Adds an account. Other settings are like the first account's. Throws when its key is known. */
  addAccount(settings: Partial<ZadarmaAccountSettings> & { key: string; secret: string }): ZadarmaAccount {
    if (this.findAccount(settings.key)) throw new Error(`there is an account of the key ${settings.key} already`);
    const account = new ZadarmaAccount({ ...this.accounts[0]?.settings, ...settings } as ZadarmaAccountSettings, this);
    this.accounts.push(account);
    return account;
  }

  findAccount(key: string): ZadarmaAccount | undefined {
    return this.accounts.find(({ token }) => token === key);
  }

  /** How often a call was received, by one account or by all. */
  override countCalls(call: ZadarmaCallName, account?: ZadarmaAccount): number {
    return this.calls.filter((one) => one.call === call && (account === undefined || this.accounts[one.by] === account)).length;
  }

  /** Posts the held notices (`webhooks.mode = 'hold'`), and waits for their answers. */
  flush(options: ZadarmaFlush = {}): Promise<unknown> {
    return this.webhooks.flush(options);
  }

  /** A notice of a call is due. */
  post(account: ZadarmaAccount, notice: ZadarmaNotice): void {
    this.tell({ account, action: notice['event'] ?? '', body: notice, about: { notice, key: account.token } });
  }

  /** Its people call and answer automatically. `everyMs` 0: they only answer. Returns its end. */
  playDemo(everyMs: number): () => void {
    this.modes.clicks = 'answered';
    const plays: readonly ZadarmaPlay[] = ['answered', 'answered', 'missed', 'transfer', 'outgoing', 'menu'];
    let turn = 0;
    const end = new AbortController();
    const call = (): void => {
      const phone = `7916${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
      const cast = { phone, codes: ['101', '102'], paceMs: 2_000, recording: silence(3), signal: end.signal };
      void playCall(this.account, plays[turn++ % plays.length] ?? 'answered', cast).catch(() => undefined);
    };
    const timer = everyMs > 0 ? setInterval(call, everyMs) : undefined;
    return () => {
      clearInterval(timer);
      end.abort();
    };
  }

  override describe(): object {
    const accounts = this.accounts.map(({ settings, url, notifications, clicks, offline }) => ({
      ...{ key: settings.key, zone: settings.zone, extensions: settings.extensions, url: url ?? null, notifications },
      ...{ offline: [...offline], clicks: clicks.map(({ code, phone }) => ({ code, phone })) },
    }));
    return { ...super.describe(), accounts, steered: Object.fromEntries(this.steered) };
  }

  /** Leaves the accounts and their addresses. */
  protected override forget(): void {
    for (const account of this.accounts) account.reset();
    this.steered.clear();
    this.lost.clear();
  }

  protected override listHands() {
    const find = (key: string | undefined): ZadarmaAccount => {
      const account = key === undefined ? this.account : this.findAccount(key);
      if (!account) throw new Error('there is no account of that key');
      return account;
    };
    const cast = { phone: text(), 'did?': text(), 'codes?': list(text()), 'paceMs?': whole(0), 'record?': flag };
    const settings = { 'zone?': text(), 'pbxId?': text(), 'extensions?': list(text()), 'numbers?': list(text()) };
    const callinfo = {
      'offline?': list(text()),
      'forwarded?': mapOf(text()),
      'notifications?': list(oneOf(...ZADARMA_NOTIFICATION_NAMES)),
    };
    return {
      calls: hand(object({ 'key?': text(), play: oneOf(...ZADARMA_PLAYS), ...cast }), ({ key, play, record, ...how }) => {
        const account = find(key);
        // It continues after the reply.
        void playCall(account, play, { ...how, ...(record && { recording: Buffer.from('ID3 a talk') }) }).catch(() => undefined);
      }),
      accounts: hand(object({ key: text(), secret: text(), ...settings }), (account) => void this.addAccount(account)),
      callinfo: hand(object({ 'key?': text(), 'url?': text(), ...callinfo }), ({ key, url, notifications, offline, forwarded }) => {
        const account = find(key);
        if (url !== undefined) account.url = url;
        if (notifications) for (const name of ZADARMA_NOTIFICATION_NAMES) account.notifications[name] = notifications.includes(name);
        for (const code of offline ?? []) account.offline.add(code);
        for (const [code, to] of Object.entries(forwarded ?? {})) account.forwarded.set(code, to);
      }),
    };
  }

  protected listActs(): Acts<typeof WIRE, ZadarmaAccount> {
    const acts: Acts<typeof WIRE, ZadarmaAccount> = {
      balance: ({ account: { settings } }) => ({ balance: settings.balance, currency: settings.currency }),
      timezone: ({ account: { zone } }) => {
        const now = DateTime.now().setZone(zone);
        return { unixtime: Math.floor(now.toSeconds()), datetime: now.toFormat(FORMAT), timezone: `UTC${now.toFormat('Z')}` };
      },
      numbers: ({ account: { settings } }) => ({ info: listNumbers(settings) }),
      extensions: ({ account: { settings } }) => ({ pbx_id: Number(settings.pbxId), numbers: settings.extensions.map(Number) }),
      extensionStatus: ({ account, id }) => ({
        ...{ pbx_id: Number(account.settings.pbxId), number: Number(findExtension(account, id)) },
        is_online: String(!account.offline.has(id)),
      }),
      forwarding: ({ account, query: { pbx_number = '' } }) => {
        const same = { pbx_id: account.settings.pbxId, pbx_name: findExtension(account, pbx_number) };
        const destination = account.forwarded.get(pbx_number);
        if (destination === undefined) return { current_status: 'off', ...same };
        return { current_status: 'on', ...same, type: 'phone', destination, condition: 'noanswer' };
      },
      callback: ({ account, query: { from = '', to = '', sip, predicted } }) => {
        // A number with five digits may be a SIP number.
        if (sip !== undefined && sip.length < 5 && !account.isExtension(sip)) throw no(BAD_SIP);
        if (predicted !== undefined) throw no('This double calls no customer first');
        const answer = { from, to, time: Math.floor(Date.now() / 1000) };
        if (from.includes('-')) return answer;
        if (!account.isExtension(from)) throw no("Check phone's number");
        account.click(from, to, sip !== undefined && account.isExtension(sip) ? sip : undefined);
        return answer;
      },
      requestRecord: ({ account, query }) => {
        const origin = this.modes.foreignLinks ? 'http://127.0.0.2' : this.url;
        return linkRecords(account, query, `${origin}/v1/pbx/record/download/`);
      },
      download: ({ id, request }) => this.download(id, request),
      readCallinfo: ({ account }) => ({ url: account.url ?? '', ...writeNotifications(account) }),
      setUrl: async ({ account, body: { url } }) => {
        await account.enterUrl(url).catch((error: Error) => {
          throw no(error.message);
        });
        return { url };
      },
      removeUrl: ({ account }) => {
        account.url = undefined;
        return { url: '' };
      },
      setNotifications: ({ account, body }) => {
        const asked = ZADARMA_NOTIFICATION_NAMES.filter((name) => name in body);
        if (asked.length === 0) throw no('No notification is named');
        for (const name of asked) account.notifications[name] = (body as Record<string, string>)[name] === 'true';
        return writeNotifications(account);
      },
      statistics: ({ account, query }) => new Answer({ file: { type: 'application/json', bytes: readStatistics(account, query) } }),
    };
    // Every call but downloads is counted, and has the status of its mode.
    const limited = async (
      act: (input: Input<ZadarmaAccount>) => object | Promise<object>,
      input: Input<ZadarmaAccount>,
    ): Promise<Answer> => {
      const headers = limit(input.account, input.call.call);
      try {
        const made = await act(input);
        return new Answer({ headers, ...(made instanceof Answer ? made.given : { json: { status: 'success', ...made } }) });
      } catch (error) {
        throw error instanceof Refusal && error.status === 400 ? new Refusal(this.modes.refusalStatus, '', error.message) : error;
      }
    };
    const entries = Object.entries(acts).map(([call, act]) => [
      call,
      call === 'download' ? act : (input: Input<ZadarmaAccount>) => limited(act as (input: Input<ZadarmaAccount>) => object, input),
    ]);
    return Object.fromEntries(entries) as typeof acts;
  }

  /** Finds the account of the key, if path and parameters are signed in the form in which they were sent. */
  private findSigner({ method, url, body, headers: { authorization = '' } }: FastifyRequest): ZadarmaAccount | undefined {
    const [path = '', query = ''] = url.split('?');
    const parameters = new URLSearchParams(method === 'GET' ? query : body instanceof Buffer ? body.toString('utf8') : '');
    const account = this.findAccount(authorization.split(':')[0] ?? '');
    const wanted = account && authorize(account.token, account.webhookSecret, path, writeParameters(Object.fromEntries(parameters)));
    return wanted !== undefined && equalInConstantTime(authorization, wanted) ? account : undefined;
  }

  /** Sends a recording: whole or by range, with or without a size. The address is proof enough. */
  private download(token: string, { headers }: FastifyRequest): Answer {
    // The account's key must not be sent there.
    if (headers.authorization !== undefined) throw no('Unexpected Authorization');
    const bytes = this.accounts.map(({ storage }) => storage.download(token)).find((one) => one !== undefined);
    if (!bytes) return new Answer({ status: 404, file: { type: 'text/html', bytes: '<h1>404 Not Found</h1>' } });
    const [, start, end = ''] = (this.modes.ranges && /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')) || [];
    if (start === undefined)
      return new Answer({ file: { type: 'audio/mpeg', bytes, stream: this.modes.sizes ? undefined : () => Readable.from([bytes]) } });
    if (Number(start) >= bytes.length)
      return new Answer({ status: 416, headers: { 'content-range': `bytes */${bytes.length}` }, file: { type: 'audio/mpeg', bytes: '' } });
    const part = bytes.subarray(Number(start), end === '' ? undefined : Number(end) + 1);
    const range = `bytes ${start}-${Number(start) + part.length - 1}/${bytes.length}`;
    return new Answer({ status: 206, headers: { 'content-range': range }, file: { type: 'audio/mpeg', bytes: part } });
  }
}

type Parameters = Readonly<Record<string, string | undefined>>;

const callOf = (notice: ZadarmaNotice): string => notice['pbx_call_id'] ?? '';

function findExtension(account: ZadarmaAccount, extension: string): string {
  if (!account.isExtension(extension)) throw no(`There is no PBX number ${extension}`);
  return extension;
}

function listNumbers({ numbers, pbxId }: ZadarmaAccountSettings): object[] {
  return [
    // A name is the account's own. The last number has no name.
    ...numbers.map((number, index) => ({
      ...{ number, status: 'on', number_name: index === numbers.length - 1 ? null : `Line ${number}`, sip: pbxId, sip_name: null },
      ...{ channels: 3, autorenew: 'true', is_on_test: 'false', type: 'common' },
    })),
    // A number that is ordered has no digits yet.
    { status: 'checking', number_name: null, sip: '', sip_name: null, autorenew: 'false', is_on_test: 'false', type: 'order' },
  ];
}

function writeNotifications({ notifications }: ZadarmaAccount): object {
  return { notifications: Object.fromEntries(ZADARMA_NOTIFICATION_NAMES.map((name) => [name, String(notifications[name])])) };
}

function linkRecords({ storage, modes, zone }: ZadarmaAccount, { call_id, pbx_call_id, lifetime }: Parameters, base: string): object {
  if ((call_id === undefined) === (pbx_call_id === undefined)) throw no('Either call_id or pbx_call_id is needed');
  const found = storage.find(call_id === undefined ? 'pbx_call_id' : 'call_id', call_id ?? pbx_call_id ?? '', modes.linksEarly);
  if (found.length === 0) throw no('There is no such record');
  const links = found.map((one) => {
    const link = storage.link(one, base, lifetime);
    if (!link) throw no('Field "lifetime" is out of range');
    return link;
  });
  const [first] = links;
  return {
    ...(call_id === undefined ? { links: links.map(({ link }) => link) } : { link: first?.link }),
    lifetime_till: DateTime.fromJSDate(first?.till ?? new Date(), { zone }).toFormat(FORMAT),
  };
}

function readStatistics({ legs, zone, modes }: ZadarmaAccount, { start = '', end = '', ...others }: Parameters): string {
  const cut = DateTime.fromFormat(start, FORMAT, { zone }).plus({ days: CUT_DAYS }).toFormat(FORMAT);
  // They compare as text.
  const until = modes.longPeriods === 'cut' && cut < end ? cut : end;
  const text = listStatistics(legs, zone, { start, ...others, end: until });
  return modes.recordedAs === 'text' ? text : text.replaceAll(/"is_recorded":"(true|false)"/g, '"is_recorded":$1');
}

/** Counts a call of the account. Returns the headers of its limit. Throws the refusal of one too many. */
function limit({ arrivals }: ZadarmaAccount, call: string): Record<string, string> {
  const isStatistics = call === 'statistics';
  const counted = isStatistics ? [arrivals.all, arrivals.statistics] : [arrivals.all];
  const now = Date.now();
  for (const moments of counted) {
    moments.push(now);
    while ((moments[0] ?? now) <= now - MINUTE_MS) moments.shift();
  }
  const left = Math.min(
    CALLS_PER_MINUTE - arrivals.all.length,
    ...(isStatistics ? [STATISTICS_PER_MINUTE - arrivals.statistics.length] : []),
  );
  const headers = {
    'x-ratelimit-limit': String(isStatistics ? STATISTICS_PER_MINUTE : CALLS_PER_MINUTE),
    'x-ratelimit-remaining': String(Math.max(0, left)),
  };
  if (left >= 0) return headers;
  const seconds = Math.ceil((Math.min(...counted.flatMap(([first = now]) => first)) + MINUTE_MS - now) / 1000);
  throw new Refusal(429, '', TOO_MANY, undefined, { ...headers, 'retry-after': String(Math.max(1, seconds)) });
}
