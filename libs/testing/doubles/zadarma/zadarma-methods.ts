import { DateTime } from 'luxon';
import { listStatistics, StatisticsRefusal } from '../fake-pbx/pbx-statistics.js';
import { type ZadarmaAccount, ZADARMA_NOTIFICATION_NAMES } from './zadarma-account.js';
import type { ZadarmaCallName } from './zadarma-faults.js';
import { ZadarmaRefusal } from './zadarma-refusal.js';

const FORMAT = 'yyyy-MM-dd HH:mm:ss';
/** What a question to the statistics is cut to. */
const CUT_DAYS = 30;
/** Where recordings are downloaded, before the address's own token. */
export const DOWNLOADS = '/v1/pbx/record/download/';

type Parameters = Readonly<Record<string, string>>;

/** A request that was let in. */
export interface ZadarmaRequest {
  /** Its extension, of a path that has one. */
  extension: string;
  parameters: Parameters;
  /** The double's address, for links. */
  origin: string;
}

/** A method of the API. */
export interface ZadarmaMethod {
  call: ZadarmaCallName;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Fastify writes it; ends with a slash. */
  path: string;
  /** How parameters look besides `format`, and what is said of others; required ones have a `!`. */
  takes?: Readonly<Record<string, readonly [RegExp, string?]>>;
  /** Returns the fields of the answer, or its whole text. */
  act(account: ZadarmaAccount, request: ZadarmaRequest): object | string | Promise<object>;
}

const IDS = { call_id: [/^\d+\.\d+$/], pbx_call_id: [/^(in|out)_[0-9a-f]{40}$/] } as const;
const YES_OR_NO = [/^(true|false)$/] as const;
const MOMENT = [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'Check the dates'] as const;
/** An extension. */
const EXTENSION = /^\d{3,5}$/;
const BAD_PHONE = "Check phone's number";
const BAD_SIP = 'Field "sip" could be only SIP or PBX number';

/** The methods, but for downloads. */
export const ZADARMA_METHODS: readonly ZadarmaMethod[] = [
  {
    ...{ call: 'balance', method: 'GET', path: '/v1/info/balance/' },
    act: ({ settings: { balance, currency } }) => ({ balance, currency }),
  },
  { call: 'timezone', method: 'GET', path: '/v1/info/timezone/', act: tellTime },
  {
    ...{ call: 'numbers', method: 'GET', path: '/v1/direct_numbers/' },
    act: ({ settings: { numbers, pbxId } }) => ({
      info: [
        // A name is the account's own; the last number has none.
        ...numbers.map((number, index) => ({
          ...{ number, status: 'on', number_name: index === numbers.length - 1 ? null : `Line ${number}`, sip: pbxId, sip_name: null },
          ...{ channels: 3, autorenew: 'true', is_on_test: 'false', type: 'common' },
        })),
        // One that is ordered has no number yet.
        { status: 'checking', number_name: null, sip: '', sip_name: null, autorenew: 'false', is_on_test: 'false', type: 'order' },
      ],
    }),
  },
  {
    ...{ call: 'extensions', method: 'GET', path: '/v1/pbx/internal/' },
    act: ({ settings: { pbxId, extensions } }) => ({ pbx_id: Number(pbxId), numbers: extensions.map(Number) }),
  },
  {
    ...{ call: 'extensionStatus', method: 'GET', path: '/v1/pbx/internal/:extension/status/' },
    act: (account, { extension }) => ({
      ...{ pbx_id: Number(account.settings.pbxId), number: Number(findExtension(account, extension)) },
      is_online: String(!account.offline.has(extension)),
    }),
  },
  {
    ...{ call: 'extensionInfo', method: 'GET', path: '/v1/pbx/internal/:extension/info/' },
    act: (account, { extension }) => ({
      ...{ pbx_id: Number(account.settings.pbxId), number: Number(findExtension(account, extension)), name: `Phone ${extension}` },
      ...{ caller_id: account.settings.numbers[0] ?? '', caller_id_app_change: 'false', caller_id_by_direction: 'false', lines: '3' },
      ...{ ip_restriction: 'false', record_store: account.recording.get(extension) ?? 'Without recognition', record_email: 'false' },
      supervisor_status: 0,
    }),
  },
  {
    ...{ call: 'forwarding', method: 'GET', path: '/v1/pbx/redirection/', takes: { 'pbx_number!': [EXTENSION] } },
    act: (account, { parameters: { pbx_number = '' } }) => {
      const same = { pbx_id: account.settings.pbxId, pbx_name: findExtension(account, pbx_number) };
      const destination = account.forwarded.get(pbx_number);
      return destination === undefined
        ? { current_status: 'off', ...same }
        : { current_status: 'on', ...same, type: 'phone', destination, condition: 'noanswer' };
    },
  },
  {
    ...{ call: 'setRecording', method: 'PUT', path: '/v1/pbx/internal/recording/' },
    takes: {
      'id!': [EXTENSION],
      'status!': [/^(on|off|on_email|off_email|on_store|off_store)$/],
      email: [/^\S+@\S+$/],
      speech_recognition: [/^(all|optional|off)$/],
    },
    act: (account, { parameters: { id = '', status = '' } }) => {
      account.recording.set(findExtension(account, id), status.startsWith('on') ? 'Without recognition' : 'false');
      return { internal_number: Number(id), recording: status.startsWith('on') ? 'on' : 'off', speech_recognition: 'off' };
    },
  },
  {
    ...{ call: 'callback', method: 'GET', path: '/v1/request/callback/' },
    takes: {
      // A full login is taken too, and then no phone rings.
      'from!': [/^(\d{3,5}|\+?\d{7,15}|\d+-\d{3,5})$/, BAD_PHONE],
      'to!': [/^(\d{5}|\+?\d{7,15})$/, BAD_PHONE],
      sip: [/^(\d{3}|\d{5})$/, BAD_SIP],
      predicted: YES_OR_NO,
    },
    act: callBack,
  },
  {
    ...{ call: 'requestRecord', method: 'GET', path: '/v1/pbx/record/request/' },
    takes: { ...IDS, lifetime: [/^\d+$/] },
    act: linkRecords,
  },
  { call: 'deleteRecord', method: 'DELETE', path: '/v1/pbx/record/request/', takes: IDS, act: deleteRecords },
  {
    ...{ call: 'readCallinfo', method: 'GET', path: '/v1/pbx/callinfo/' },
    act: (account) => ({ url: account.url ?? '', ...tellNotifications(account) }),
  },
  {
    ...{ call: 'setUrl', method: 'POST', path: '/v1/pbx/callinfo/url/', takes: { 'url!': [/^https?:\/\/\S+$/] } },
    act: async (account, { parameters: { url = '' } }) => {
      await account.enterUrl(url).catch((error: Error) => {
        throw new ZadarmaRefusal(error.message);
      });
      return { url };
    },
  },
  {
    ...{ call: 'removeUrl', method: 'DELETE', path: '/v1/pbx/callinfo/url/' },
    act: (account) => {
      account.url = undefined;
      return { url: '' };
    },
  },
  {
    ...{ call: 'setNotifications', method: 'POST', path: '/v1/pbx/callinfo/notifications/' },
    takes: Object.fromEntries(ZADARMA_NOTIFICATION_NAMES.map((name) => [name, YES_OR_NO])),
    act: (account, { parameters }) => {
      const asked = ZADARMA_NOTIFICATION_NAMES.filter((name) => name in parameters);
      if (asked.length === 0) throw new ZadarmaRefusal('No notification is named');
      for (const name of asked) account.notifications[name] = parameters[name] === 'true';
      return tellNotifications(account);
    },
  },
  {
    ...{ call: 'statistics', method: 'GET', path: '/v1/statistics/pbx/' },
    takes: {
      ...{ 'start!': MOMENT, 'end!': MOMENT, 'version!': [/^2$/, 'This double has version 2 only'] },
      ...{ call_type: [/^(in|out)$/], skip: [/^\d+$/], limit: [/^([1-9]\d{0,2}|1000)$/] },
    },
    act: readStatistics,
  },
];

function tellTime({ zone }: ZadarmaAccount): object {
  const now = DateTime.now().setZone(zone);
  return { unixtime: Math.floor(now.toSeconds()), datetime: now.toFormat(FORMAT), timezone: `UTC${now.toFormat('Z')}` };
}

function findExtension(account: ZadarmaAccount, extension: string): string {
  if (!account.isExtension(extension)) throw new ZadarmaRefusal(`There is no PBX number ${extension}`);
  return extension;
}

function tellNotifications({ notifications }: ZadarmaAccount): object {
  return { notifications: Object.fromEntries(ZADARMA_NOTIFICATION_NAMES.map((name) => [name, String(notifications[name])])) };
}

function callBack(account: ZadarmaAccount, { parameters: { from = '', to = '', sip, predicted } }: ZadarmaRequest): object {
  // One of five digits may be a SIP number.
  if (sip !== undefined && sip.length < 5 && !account.isExtension(sip)) throw new ZadarmaRefusal(BAD_SIP);
  if (predicted !== undefined) throw new ZadarmaRefusal('This double calls no customer first');
  const answer = { from, to, time: Math.floor(Date.now() / 1000) };
  if (from.includes('-')) return answer;
  if (!account.isExtension(from)) throw new ZadarmaRefusal(BAD_PHONE);
  account.click(from, to, sip !== undefined && account.isExtension(sip) ? sip : undefined);
  return answer;
}

function readIds({ call_id, pbx_call_id }: Parameters): readonly ['call_id' | 'pbx_call_id', string] {
  if (call_id !== undefined && pbx_call_id === undefined) return ['call_id', call_id];
  if (pbx_call_id !== undefined && call_id === undefined) return ['pbx_call_id', pbx_call_id];
  throw new ZadarmaRefusal('Either call_id or pbx_call_id is needed');
}

function linkRecords({ storage, modes, zone }: ZadarmaAccount, { parameters, origin }: ZadarmaRequest): object {
  const [name, id] = readIds(parameters);
  const found = storage.find(name, id, modes.linksEarly);
  if (found.length === 0) throw new ZadarmaRefusal('There is no such record');
  const base = `${modes.foreignLinks ? 'http://127.0.0.2' : origin}${DOWNLOADS}`;
  const links = found.map((one) => {
    const link = storage.link(one, base, parameters['lifetime']);
    if (!link) throw new ZadarmaRefusal('Field "lifetime" is out of range');
    return link;
  });
  const [first] = links;
  return {
    ...(name === 'call_id' ? { link: first?.link } : { links: links.map(({ link }) => link) }),
    lifetime_till: DateTime.fromJSDate(first?.till ?? new Date(), { zone }).toFormat(FORMAT),
  };
}

function deleteRecords({ storage }: ZadarmaAccount, { parameters }: ZadarmaRequest): object {
  const [name, id] = readIds(parameters);
  const files = storage
    .find(name, id, true)
    .filter((one) => storage.remove(one.id))
    .map((one) => `1-${one.id}.mp3`);
  if (files.length === 0) throw new ZadarmaRefusal('There is no such record');
  return name === 'call_id' ? { file_name: files[0] } : { deleted_files: files, failed_files: [] };
}

function readStatistics({ legs, zone, modes }: ZadarmaAccount, { parameters }: ZadarmaRequest): string {
  const { start = '', end = '' } = parameters;
  const cut = DateTime.fromFormat(start, FORMAT, { zone }).plus({ days: CUT_DAYS }).toFormat(FORMAT);
  // Both are written alike, so they compare as text.
  const asked = modes.longPeriods === 'cut' && cut < end ? { ...parameters, end: cut } : parameters;
  try {
    const text = listStatistics(legs, zone, asked);
    return modes.recordedAs === 'text' ? text : text.replaceAll(/"is_recorded":"(true|false)"/g, '"is_recorded":$1');
  } catch (error) {
    throw error instanceof StatisticsRefusal ? new ZadarmaRefusal(error.message) : error;
  }
}
