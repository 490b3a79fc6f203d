import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DateTime } from 'luxon';
import { equalInConstantTime } from '#platform';
import { playFault, type ServiceAnswer } from '../../double/faults.js';
import type { PbxCallName, PbxControl } from './pbx-control.js';
import { authorize, writeParameters } from './pbx-signatures.js';
import { listStatistics, StatisticsRefusal } from './pbx-statistics.js';

const MINUTE_MS = 60_000;
/** A customer's number: digits, nothing else. */
const NUMBER = /^\d{7,15}$/;
/** Where recordings are downloaded, before the address's own token. */
const DOWNLOADS = '/v1/pbx/record/download/';
/** A phone inside. */
const EXTENSION = /^\d{3,5}$/;

/** An answer of the API that refuses. */
class PbxRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Parameters = Readonly<Record<string, string>>;
/** Returns fields of the answer, or its text. */
type Act = (parameters: Parameters, host: string) => object | string | Promise<object>;

const ERRORS = {
  failed: { status: 'error', message: 'Internal error' },
  tooMany: { status: 'error', message: 'You exceeded the rate limit' },
  toRefusal: (): Error => new Error('it has no fault of its own'),
};

/** The API. Every path ends with a slash, as it is signed. */
export function registerPbxRoutes(app: FastifyInstance, pbx: PbxControl): void {
  const arrivals: number[] = [];
  const questions: number[] = [];

  const route = (call: PbxCallName, method: 'GET' | 'POST' | 'DELETE', path: string, known: readonly string[], act: Act): void => {
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      pbx.calls.push(call);
      try {
        const parameters = readParameters(request);
        return await playFault<never>({
          ...{ fault: pbx.faults.take(call), reply, later: pbx.later, errors: ERRORS },
          act: async (): Promise<ServiceAnswer> => {
            check(request, call, path, parameters, known);
            const answer = await act(parameters, request.host);
            if (typeof answer === 'string') return { file: { type: 'application/json', bytes: Buffer.from(answer) } };
            return { json: { status: 'success', ...answer } };
          },
        });
      } catch (error) {
        if (!(error instanceof PbxRefusal)) throw error;
        return reply.code(error.status).send({ status: 'error', message: error.message });
      }
    };
    app.route({ method, url: path, handler });
  };

  const check = (request: FastifyRequest, call: PbxCallName, path: string, parameters: Parameters, known: readonly string[]): void => {
    const wanted = authorize(pbx.key, pbx.secret, path, writeParameters(parameters));
    if (!equalInConstantTime(request.headers.authorization ?? '', wanted)) throw new PbxRefusal(401, 'Auth error');
    const isTooMuch = count(arrivals) > pbx.modes.callsPerMinute;
    if (isTooMuch || (call === 'statistics' && count(questions) > pbx.modes.statisticsPerMinute))
      throw new PbxRefusal(429, ERRORS.tooMany.message);
    const stranger = Object.keys(parameters).find((name) => name !== 'format' && !known.includes(name));
    if (stranger !== undefined) throw new PbxRefusal(400, `Unknown parameter ${stranger}`);
    if ((parameters['format'] ?? 'json') !== 'json') throw new PbxRefusal(400, 'This double answers JSON only');
  };

  route('balance', 'GET', '/v1/info/balance/', [], () => ({ balance: 10.5, currency: 'USD' }));
  route('timezone', 'GET', '/v1/info/timezone/', [], () => {
    const now = DateTime.now().setZone(pbx.zone);
    return { unixtime: Math.floor(now.toSeconds()), datetime: now.toFormat('yyyy-MM-dd HH:mm:ss'), timezone: `UTC${now.toFormat('Z')}` };
  });
  route('extensions', 'GET', '/v1/pbx/internal/', [], () => ({ pbx_id: Number(pbx.pbxId), numbers: [...pbx.extensions].map(Number) }));
  route('callback', 'GET', '/v1/request/callback/', ['from', 'to', 'sip', 'predicted'], ({ from = '', to = '', sip = from }) => {
    if (!EXTENSION.test(from)) throw new PbxRefusal(400, 'Field "from" is not a PBX number');
    if (!EXTENSION.test(sip)) throw new PbxRefusal(400, 'Field "sip" could be only SIP or PBX number');
    if (!NUMBER.test(to)) throw new PbxRefusal(400, "Check phone's number");
    if (!pbx.extensions.has(from) || sip !== from) throw new PbxRefusal(400, `There is no PBX number ${from}`);
    const id = pbx.click(from, to);
    return { from, to, time: Math.floor(Date.now() / 1000), ...(id !== undefined && { pbx_call_id: id }) };
  });
  const readUrl = (): object => ({ url: pbx.webhooks.url ?? '' });
  route('readUrl', 'GET', '/v1/pbx/callinfo/', [], readUrl);
  route('setUrl', 'POST', '/v1/pbx/callinfo/url/', ['url'], async ({ url = '' }) => {
    if (!URL.canParse(url)) throw new PbxRefusal(400, 'Field "url" is not an address');
    await pbx.enterUrl(url).catch((error: Error) => {
      throw new PbxRefusal(400, error.message);
    });
    return readUrl();
  });
  route('statistics', 'GET', '/v1/statistics/pbx/', ['start', 'end', 'version', 'call_type', 'skip', 'limit'], (parameters) => {
    try {
      return listStatistics(pbx.legs, pbx.zone, parameters);
    } catch (error) {
      throw error instanceof StatisticsRefusal ? new PbxRefusal(400, error.message) : error;
    }
  });
  route('record', 'GET', '/v1/pbx/record/request/', ['call_id', 'pbx_call_id', 'lifetime'], ({ call_id, pbx_call_id, lifetime }, host) => {
    if ((call_id === undefined) === (pbx_call_id === undefined)) throw new PbxRefusal(400, 'Either call_id or pbx_call_id is needed');
    const [name, id = ''] = call_id === undefined ? (['pbx_call_id', pbx_call_id] as const) : (['call_id', call_id] as const);
    const found = pbx.records.find(name, id, pbx.modes.linksEarly);
    if (found.length === 0) throw new PbxRefusal(400, 'There is no such record');
    const links = found.map((one) => {
      const link = pbx.records.link(one, `http://${pbx.modes.foreignLinks ? '127.0.0.2' : host}${DOWNLOADS}`, lifetime);
      if (!link) throw new PbxRefusal(400, 'Field "lifetime" is out of range');
      return link;
    });
    const [first] = links;
    const till = DateTime.fromJSDate(first?.till ?? new Date(), { zone: pbx.zone }).toFormat('yyyy-MM-dd HH:mm:ss');
    return { ...(call_id === undefined ? { links: links.map(({ link }) => link) } : { link: first?.link }), lifetime_till: till };
  });
  registerDownloads(app, pbx);
  route('removeUrl', 'DELETE', '/v1/pbx/callinfo/url/', [], () => {
    pbx.webhooks.url = undefined;
    return readUrl();
  });
}

/** Notes a call; returns how many there were in the last minute. */
function count(arrivals: number[]): number {
  const now = Date.now();
  arrivals.push(now);
  while ((arrivals[0] ?? now) <= now - MINUTE_MS) arrivals.shift();
  return arrivals.length;
}

/** Downloads: whole, or by range if it keeps to them, with or without a size. */
function registerDownloads(app: FastifyInstance, pbx: PbxControl): void {
  const path = `${DOWNLOADS}:token/:file`;
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    pbx.calls.push('download');
    // The address is proof enough; the key of the account is nobody's business there.
    if (request.headers.authorization !== undefined) return reply.code(400).send({ status: 'error', message: 'Unexpected Authorization' });
    const bytes = pbx.records.download((request.params as { token: string }).token);
    if (!bytes) return reply.code(404).type('text/html').send('<h1>404 Not Found</h1>');
    const fault = pbx.faults.take('download');
    const file = { type: 'audio/mpeg', bytes };
    if (fault) return playFault<never>({ fault, reply, later: pbx.later, errors: ERRORS, act: () => ({ file }) });
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (!pbx.modes.ranges || start === undefined) return reply.type(file.type).send(pbx.modes.sizes ? bytes : Readable.from([bytes]));
    if (Number(start) >= bytes.length) return reply.code(416).header('content-range', `bytes */${bytes.length}`).send();
    const part = bytes.subarray(Number(start), Number(end) + 1);
    const last = Number(start) + part.length - 1;
    return reply.code(206).type(file.type).header('content-range', `bytes ${start}-${last}/${bytes.length}`).send(part);
  };
  app.route({ method: 'GET', url: path, exposeHeadRoute: false, handler });
  app.route({ method: 'HEAD', url: path, handler: (_request, reply) => reply.code(405).send() });
}

/** Of the query or of the form; a name that comes twice is refused. */
function readParameters(request: FastifyRequest): Parameters {
  const [, query = ''] = /\?(.*)/.exec(request.url) ?? [];
  const pairs = [...new URLSearchParams(request.method === 'GET' ? query : String(request.body ?? ''))];
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new PbxRefusal(400, 'A parameter comes twice');
  return Object.fromEntries(pairs);
}
