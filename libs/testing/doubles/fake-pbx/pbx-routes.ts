import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DateTime } from 'luxon';
import { equalInConstantTime } from '#platform';
import { playFault, type ServiceAnswer } from '../http-faults.js';
import type { PbxCallName, PbxControl } from './pbx-control.js';
import { authorize, writeParameters } from './pbx-signatures.js';

const MINUTE_MS = 60_000;
/** A customer's number: digits, nothing else. */
const NUMBER = /^\d{7,15}$/;
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
type Act = (parameters: Parameters) => object | Promise<object>;

const ERRORS = {
  failed: { status: 'error', message: 'Internal error' },
  tooMany: { status: 'error', message: 'You exceeded the rate limit' },
  toRefusal: (): Error => new Error('it has no fault of its own'),
};

/** The API. Every path ends with a slash, as it is signed. */
export function registerPbxRoutes(app: FastifyInstance, pbx: PbxControl): void {
  const arrivals: number[] = [];

  const route = (call: PbxCallName, method: 'GET' | 'POST' | 'DELETE', path: string, known: readonly string[], act: Act): void => {
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      pbx.calls.push(call);
      try {
        const parameters = readParameters(request);
        return await playFault<never>({
          ...{ fault: pbx.faults.take(call), reply, later: pbx.later, errors: ERRORS },
          act: async (): Promise<ServiceAnswer> => {
            check(request, path, parameters, known);
            return { json: { status: 'success', ...(await act(parameters)) } };
          },
        });
      } catch (error) {
        if (!(error instanceof PbxRefusal)) throw error;
        return reply.code(error.status).send({ status: 'error', message: error.message });
      }
    };
    app.route({ method, url: path, handler });
  };

  const check = (request: FastifyRequest, path: string, parameters: Parameters, known: readonly string[]): void => {
    const wanted = authorize(pbx.key, pbx.secret, path, writeParameters(parameters));
    if (!equalInConstantTime(request.headers.authorization ?? '', wanted)) throw new PbxRefusal(401, 'Auth error');
    const now = Date.now();
    arrivals.push(now);
    while ((arrivals[0] ?? now) <= now - MINUTE_MS) arrivals.shift();
    if (arrivals.length > pbx.modes.callsPerMinute) throw new PbxRefusal(429, ERRORS.tooMany.message);
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
  route('removeUrl', 'DELETE', '/v1/pbx/callinfo/url/', [], () => {
    pbx.webhooks.url = undefined;
    return readUrl();
  });
}

/** Of the query or of the form; a name that comes twice is refused. */
function readParameters(request: FastifyRequest): Parameters {
  const [, query = ''] = /\?(.*)/.exec(request.url) ?? [];
  const pairs = [...new URLSearchParams(request.method === 'GET' ? query : String(request.body ?? ''))];
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new PbxRefusal(400, 'A parameter comes twice');
  return Object.fromEntries(pairs);
}
