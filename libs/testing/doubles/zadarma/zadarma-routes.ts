import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { equalInConstantTime } from '#platform';
import { authorize, writeParameters } from '../fake-pbx/pbx-signatures.js';
import { playFault, type ServiceAnswer, type ServiceErrors } from '../../double/faults.js';
import type { ZadarmaAccount } from './zadarma-account.js';
import type { ZadarmaControl } from './zadarma-control.js';
import type { ZadarmaFault, ZadarmaOwnFault } from './zadarma-faults.js';
import { DOWNLOADS, ZADARMA_METHODS, type ZadarmaMethod } from './zadarma-methods.js';
import { ZadarmaRefusal } from './zadarma-refusal.js';

const MINUTE_MS = 60_000;
const FORM = 'application/x-www-form-urlencoded';
const TOO_MANY = 'You exceeded the rate limit';
const PAGE = '<html><body><h1>502 Bad Gateway</h1></body></html>';

const ERRORS: ServiceErrors<ZadarmaOwnFault> = {
  failed: { status: 'error', message: 'Internal error' },
  tooMany: { status: 'error', message: TOO_MANY },
  toRefusal: (own) => {
    if (own.kind === 'refuse') return new ZadarmaRefusal(own.message, own.status ?? 200);
    if (own.kind === 'unauthorized') return new ZadarmaRefusal('Auth error', 401);
    if (own.kind === 'too-many') return new ZadarmaRefusal(TOO_MANY, 429);
    return new ZadarmaRefusal('Bad gateway', 502, PAGE);
  },
};

type Parameters = Readonly<Record<string, string>>;

/** The API, with the faults set for it. Every path ends with a slash, as it is signed. */
export function registerZadarmaRoutes(app: FastifyInstance, double: ZadarmaControl): void {
  for (const method of ZADARMA_METHODS)
    app.route({
      ...{ method: method.method, url: method.path, exposeHeadRoute: false },
      handler: (request, reply) => handle(double, method, request, reply),
    });
  registerDownloads(app, double);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ status: 'error', message: 'Wrong path' }));
}

async function handle(double: ZadarmaControl, method: ZadarmaMethod, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const [key = ''] = (request.headers.authorization ?? '').split(':');
  const { modes } = double;
  try {
    const parameters = readParameters(request);
    double.calls.push({ call: method.call, key, parameters });
    const fault: ZadarmaFault | undefined = double.faults.take(method.call);
    if (modes.latencyMs > 0) await sleep(modes.latencyMs);
    return await playFault<ZadarmaOwnFault>({
      ...{ fault, reply, later: double.later, errors: ERRORS },
      act: async (): Promise<ServiceAnswer> => {
        const account = authorise(double, request, parameters);
        limit(account, method, reply);
        check(method, parameters);
        const { extension = '' } = request.params as { extension?: string };
        const answer = await method.act(account, { extension, parameters, origin: `http://${request.host}` });
        if (typeof answer === 'string') return { file: { type: 'application/json', bytes: Buffer.from(answer) } };
        return { json: { status: 'success', ...answer } };
      },
    });
  } catch (error) {
    if (!(error instanceof ZadarmaRefusal)) throw error;
    const { status = modes.refusalStatus, message, page } = error;
    return page === undefined
      ? reply.code(status).send({ status: 'error', message })
      : reply.code(status).type('text/html; charset=utf-8').send(page);
  }
}

/** Of the query, or of the form of what is no GET; a name that comes twice is refused. */
function readParameters({ method, url, headers, body }: FastifyRequest): Parameters {
  const [, query] = /\?(.*)/.exec(url) ?? [];
  if (method !== 'GET' && query !== undefined) throw new ZadarmaRefusal('Parameters of this method are sent in the body');
  const text = method === 'GET' ? (query ?? '') : typeof body === 'string' ? body : '';
  if (method !== 'GET' && text !== '' && !headers['content-type']?.startsWith(FORM)) throw new ZadarmaRefusal(`The body must be ${FORM}`);
  const pairs = [...new URLSearchParams(text)];
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new ZadarmaRefusal('A parameter comes twice');
  return Object.fromEntries(pairs);
}

/** The account of the key, if path and parameters are signed as they were sent. */
function authorise(
  double: ZadarmaControl,
  { headers: { authorization = '' }, url }: FastifyRequest,
  parameters: Parameters,
): ZadarmaAccount {
  const [key = ''] = authorization.split(':');
  const account = double.findAccount(key);
  const [path = ''] = url.split('?');
  const wanted = account && authorize(key, account.secret, path, writeParameters(parameters));
  if (account === undefined || wanted === undefined || !equalInConstantTime(authorization, wanted))
    throw new ZadarmaRefusal('Auth error', 401);
  return account;
}

/** Counts a call of the account; refuses those that are too many. */
function limit({ arrivals, modes }: ZadarmaAccount, { call }: ZadarmaMethod, reply: FastifyReply): void {
  const left = [
    modes.callsPerMinute - count(arrivals.all),
    ...(call === 'statistics' ? [modes.statisticsPerMinute - count(arrivals.statistics)] : []),
  ];
  const least = Math.min(...left);
  reply.header('x-ratelimit-limit', String(call === 'statistics' ? modes.statisticsPerMinute : modes.callsPerMinute));
  reply.header('x-ratelimit-remaining', String(Math.max(0, least)));
  if (least >= 0) return;
  const oldest = Math.min(...[arrivals.all[0], call === 'statistics' ? arrivals.statistics[0] : undefined].flatMap((at) => at ?? []));
  if (modes.retryAfter) reply.header('retry-after', String(Math.max(1, Math.ceil((oldest + MINUTE_MS - Date.now()) / 1000))));
  throw new ZadarmaRefusal(TOO_MANY, 429);
}

/** Notes a call; returns how many there were in the last minute. */
function count(arrivals: number[]): number {
  const now = Date.now();
  arrivals.push(now);
  while ((arrivals[0] ?? now) <= now - MINUTE_MS) arrivals.shift();
  return arrivals.length;
}

function check({ takes = {} }: ZadarmaMethod, { format, ...parameters }: Parameters): void {
  if (format !== undefined && format !== 'json') throw new ZadarmaRefusal('This double answers JSON only');
  const known = new Map(Object.entries(takes).map(([name, rule]) => [name.replace('!', ''), rule]));
  for (const [name, value] of Object.entries(parameters)) {
    const [pattern, message] = known.get(name) ?? [];
    if (pattern === undefined) throw new ZadarmaRefusal(`Unknown parameter ${name}`);
    if (!pattern.test(value)) throw new ZadarmaRefusal(message ?? `Check the parameter ${name}`);
  }
  const missing = Object.keys(takes).find((name) => name.endsWith('!') && !(name.slice(0, -1) in parameters));
  if (missing !== undefined) throw new ZadarmaRefusal(`The parameter ${missing.slice(0, -1)} is missing`);
}

/** Downloads: whole, or by range if the mode says so, with or without a size. The address is proof enough. */
function registerDownloads(app: FastifyInstance, double: ZadarmaControl): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    double.calls.push({ call: 'download', key: '', parameters: {} });
    // The key of the account is nobody's business there.
    if (request.headers.authorization !== undefined) return reply.code(400).send({ status: 'error', message: 'Unexpected Authorization' });
    const { token } = request.params as { token: string };
    const bytes = double.accounts.map(({ storage }) => storage.download(token)).find((one) => one !== undefined);
    if (!bytes) return reply.code(404).type('text/html').send('<h1>404 Not Found</h1>');
    const fault: ZadarmaFault | undefined = double.faults.take('download');
    const file = { type: 'audio/mpeg', bytes };
    if (fault) return playFault<ZadarmaOwnFault>({ fault, reply, later: double.later, errors: ERRORS, act: () => ({ file }) });
    return sendFile(reply, bytes, double.modes.ranges ? request.headers.range : undefined, double.modes.sizes);
  };
  const path = `${DOWNLOADS}:token/:file`;
  app.route({ method: 'GET', url: path, exposeHeadRoute: false, handler });
  app.route({ method: 'HEAD', url: path, handler: (_request, reply) => reply.code(405).send() });
}

function sendFile(reply: FastifyReply, bytes: Buffer, range: string | undefined, sizes: boolean): FastifyReply {
  const [, start, end = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  void reply.type('audio/mpeg');
  if (start === undefined) return reply.send(sizes ? bytes : Readable.from([bytes]));
  if (Number(start) >= bytes.length) return reply.code(416).header('content-range', `bytes */${bytes.length}`).send();
  const part = bytes.subarray(Number(start), end === '' ? undefined : Number(end) + 1);
  const last = Number(start) + part.length - 1;
  return reply.code(206).header('content-range', `bytes ${start}-${last}/${bytes.length}`).send(part);
}
