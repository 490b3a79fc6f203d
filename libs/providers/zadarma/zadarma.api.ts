import {
  type ApiMethod,
  countCalls,
  decimal,
  type HttpStream,
  list,
  makeError,
  maybe,
  nothing,
  oneOf,
  readRetryAfter,
  says,
  Service,
  shape,
  type Shaped,
  signed,
  text,
  truth,
  whole,
} from '#provider-kit';
import type { TelephonyProvider } from '#telephony/port';
import type { ZadarmaContext, ZadarmaSettings } from './zadarma.settings.js';
import { signCall, writeParameters } from './zadarma.signature.js';
import { texts } from './zadarma.texts.js';

/** Zadarma's hosts, from which recordings are downloaded. */
const OWN_HOSTS = /(^|\.)zadarma\.com$/;

/** Calls per minute with one key. */
const MOST = { statistics: 3, others: 100 };
/** A little more than Zadarma's minute: a call arrives later than it was made. */
const MINUTE_MS = 61_000;
/** The longest time for which a 429 stops calls. */
const LONGEST_PAUSE_MS = 120_000;

/** The notices of calls that can be switched on and off. */
export const NOTIFICATIONS = [
  ...(['notify_start', 'notify_internal', 'notify_answer', 'notify_end', 'notify_out_start', 'notify_out_end'] as const),
];

const isOn = maybe(truth);
const callinfo = shape({
  /** Empty or missing: notices go nowhere. */
  url: maybe(text),
  notifications: maybe(
    shape({
      ...{ notify_start: isOn, notify_internal: isOn, notify_answer: isOn },
      ...{ notify_end: isOn, notify_out_start: isOn, notify_out_end: isOn },
    }),
  ),
});

/** A phone's part of a call that has ended. */
const row = shape({
  /** Only the row that began the call has one. It has more digits than a number keeps, so it is not read. */
  call_id: maybe(text),
  pbx_call_id: maybe(text),
  /** The extension; `0` or empty: none. */
  sip: maybe(text),
  ...{ callstart: maybe(text), clid: maybe(text), destination: maybe(text), disposition: maybe(text) },
  ...{ seconds: maybe(decimal), is_recorded: maybe(truth) },
});
export type WireRow = Shaped<typeof row>;

/** `number` is missing while it is only ordered. */
const directNumber = shape({ number: maybe(text), number_name: maybe(text) });

/** Every reply has a status. A rejection may come with any HTTP status. */
const outcome = shape({ status: oneOf(['success', 'error']) });
const refusal = shape({ message: maybe(text) });

/** Declares Zadarma's API v1; `baseUrl` replaces its address. */
export function declareZadarma(baseUrl = 'https://api.zadarma.com') {
  const url = baseUrl.replace(/\/+$/, '');
  const service = new Service<ZadarmaContext>({
    ...{ name: 'Zadarma', url },
    // Zadarma signs parameters in this order and with the encoding of RFC 1738.
    writeParameters: (parameters) => writeParameters({ ...parameters, format: 'json' }),
    auth: signed(
      ({ settings }) => settings.key,
      ({ method, path, query, body }, { settings: { key, secret = '' } }) => {
        if (key === '' || secret === '') throw makeError('auth', texts.noKeys);
        return { authorization: `${key}:${signCall(secret, path, method === 'GET' ? query : String(body))}` };
      },
    ),
    pace: countCalls({
      limit: (_context, { limit }) => ({
        ...{ units: limit === 'statistics' ? MOST.statistics : MOST.others, windowMs: MINUTE_MS, pauseMs: MINUTE_MS },
      }),
      busy: texts.tooManyCalls,
      isPatient: false,
    }),
    isRefused: (reply) => !reply.ok || reply.json(outcome).status === 'error',
    refusal(body, { headers }) {
      const { message } = refusal(body);
      const retryAfterMs = Math.min(readRetryAfter(headers['retry-after']) ?? MINUTE_MS, LONGEST_PAUSE_MS);
      return { problems: [message ? { message } : { code: 'none' }], retryAfterMs };
    },
    errors: [
      [says(/^auth error\b/i), 'auth'],
      [says(/\brate limit\b/i), 'rate_limited', { say: texts.tooManyCalls }],
      [429, 'rate_limited', { say: texts.tooManyCalls }],
    ],
    words: { none: texts.noReason },
    refusedCredentials: texts.credentialsRefused,
    secretsOf: ({ settings: { key, secret = '' } }) => [key, secret],
  });

  /** Throws ProviderError `unavailable` for an address that is not Zadarma's. */
  function refuseUnlessOwn(link: string): void {
    const { protocol, hostname, origin } = new URL(URL.canParse(link) ? link : 'about:blank');
    const isOwn = (protocol === 'https:' && OWN_HOSTS.test(hostname)) || origin === new URL(url).origin;
    if (!isOwn) throw makeError('unavailable', texts.foreignLink);
  }

  return {
    identify: (context: ZadarmaContext): string => service.identifyAccount(context),
    /** Undefined if Zadarma refuses: the account has no such service. */
    unlessRefused: <T>(answer: Promise<T>): Promise<T | undefined> => service.unless('rejected', answer, () => undefined),
    balance: service.read('/v1/info/balance/', shape({ balance: decimal, currency: maybe(text) })),
    /** `unixtime`: seconds; `datetime`: the same moment by the account's clock. */
    timezone: service.read('/v1/info/timezone/', shape({ unixtime: whole, datetime: text })),
    /** The extensions of the PBX. Full logins begin with its id. */
    pbx: service.read('/v1/pbx/internal/', shape({ pbx_id: maybe(text), numbers: maybe(list(text)) })),
    /** Whether the phone of an extension is registered. */
    phone: service.read('/v1/pbx/internal/:code/status/', shape({ is_online: maybe(truth) })),
    forwarding: service.read('/v1/pbx/redirection/', shape({ current_status: maybe(oneOf(['on', 'off'])) })),
    numbers: service.read('/v1/direct_numbers/', shape({ info: maybe(list(directNumber)) })),
    callinfo: service.read('/v1/pbx/callinfo/', callinfo),
    /** Zadarma tries the address immediately. */
    setUrl: service.act('POST /v1/pbx/callinfo/url/', nothing),
    removeUrl: service.act('DELETE /v1/pbx/callinfo/url/', nothing),
    setNotifications: service.act('POST /v1/pbx/callinfo/notifications/', nothing),
    /** A request that is repeated would be counted again. */
    statistics: service.read('/v1/statistics/pbx/', shape({ stats: list(row) }), {
      ...{ limit: 'statistics', http: { headersTimeoutMs: 20_000, readRetries: 0 } },
    }),
    record: service.read('/v1/pbx/record/request/', shape({ link: maybe(text), links: maybe(list(text)) })),
    /** A call, although it is a GET: a repeat would be a second one. It returns no id. */
    call: service.act('GET /v1/request/callback/', nothing),
    refuseUnlessOwn,
    /** Opens a recording, which needs no credentials. */
    open(link: string, context: ZadarmaContext, limits: Parameters<typeof service.stream>[2]): Promise<HttpStream> {
      refuseUnlessOwn(link);
      return service.stream(link, context, limits);
    },
  };
}

export type Zadarma = ReturnType<typeof declareZadarma>;

/** A function that becomes a method of the provider. */
export type ZadarmaMethod<Name extends keyof TelephonyProvider> = ApiMethod<Zadarma, TelephonyProvider<ZadarmaSettings>, Name>;
