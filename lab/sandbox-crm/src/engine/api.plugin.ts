import { setTimeout as delay } from 'node:timers/promises';
import { METHODS, type MethodSpec, type TypeName } from '#crm-client/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Json, type JsonObject, asObject, asText, isObject, written } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { Account, ApiKey } from '../store/state.js';
import { ApiError } from './api-error.js';
import type { Arrival } from './arrival-clock.js';
import { type Answer, type CompleteHandlers, FileAnswer, type Handler, type ReceivedCall } from './call.js';
import type { Fault } from './faults.js';
import { parseForm } from './nested-form.js';
import { readForm, readInput } from './request-input.js';

/** Status of an upload that partly failed. */
const PARTLY = 460;

/**
 * The CRM's API: every method of the contract's table through one entry. A call passes, in this order, the
 * faults, the limits, the key, its scopes, its parameters, then its method.
 */
export function registerApi(app: FastifyInstance, sandbox: Sandbox, handlers: CompleteHandlers): void {
  // Every body is read as bytes: the upload is raw under any content type, the others are parsed as a form.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const method of METHODS) {
    app.route({
      method: method.verb,
      url: method.path.replace(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serve(sandbox, method, handlers[method.key], request, reply),
    });
  }
}

/** Replies to a call below /api that is not a method: 405 if the path has another verb, otherwise 404. */
export async function serveUnknown(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const path = request.url.split('?')[0] ?? '';
  const other = METHODS.find((method) => method.verb !== request.method && matches(method.path, path));
  const error = other ? new ApiError(405, 'Method Not Allowed') : new ApiError(404, 'API method not found');
  const account = sandbox.accountAt(request.socket.localPort);
  const exchange = openExchange(sandbox, 'unknown', request);
  if (account) exchange.account = account;
  return send(sandbox, exchange, request, reply, error.status, error.body);
}

async function serve(
  sandbox: Sandbox,
  method: MethodSpec<TypeName>,
  handler: Handler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const exchange = openExchange(sandbox, method.key, request);
  const query = request.url.split('?')[1] ?? '';
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  try {
    exchange.fault = sandbox.faults.strike(exchange.path, decode(`${query}&${body.toString('utf8')}`));
    const account = sandbox.accountAt(request.socket.localPort);
    if (!account)
      return reply
        .code(405)
        .type('text/html; charset=utf-8')
        .send('<html><head><title>405 Not Allowed</title></head><body>Account does not exist.</body></html>');
    exchange.account = account;
    if (exchange.fault && (await misbehave(sandbox, exchange, exchange.fault, request, reply))) return reply;
    takeTurn(sandbox, account, method, exchange.arrival);
    const contentType = request.headers['content-type'];
    const form = method.body === 'form' ? await readForm(body, contentType) : {};
    const parameters = { ...parseForm(query), ...form };
    exchange.input = parameters;
    const key = authenticate(sandbox, account, request, parameters);
    if (method.scope !== null && !key.scopes.includes('*') && !key.scopes.includes(method.scope)) {
      throw new ApiError(403, 'Access denied.', { scopes: `the key lacks the permission ${method.scope}` });
    }
    const input = readInput(method, parameters, (message) => exchange.remarks.push(message));
    if (method.body === 'raw') exchange.input = { bytes: body.length };
    const answer = await handler({
      method,
      key,
      crm: sandbox.context(account),
      path: request.params as { [name: string]: string },
      input,
      body,
      contentType,
      exchangeId: exchange.exchangeId,
      header: (name, value) => void reply.header(name, value),
      remark: (message) => exchange.remarks.push(message),
    });
    exchange.isCarriedOut = true;
    if (exchange.fault?.kind === 'hang') await sandbox.faults.waitForEnd(exchange.fault);
    return finish(sandbox, exchange, request, reply, answer);
  } catch (error) {
    if (error instanceof ApiError) return send(sandbox, exchange, request, reply, error.status, error.body);
    throw error;
  }
}

function openExchange(sandbox: Sandbox, name: string, request: FastifyRequest): ReceivedCall {
  const key = request.headers['x-api-key'];
  const exchange: ReceivedCall = {
    arrival: sandbox.arrivals.read(),
    exchangeId: sandbox.exchanges.nextId,
    name,
    path: decode(request.url.split('?')[0] ?? ''),
    origin: `http://${request.host}`,
    key: typeof key === 'string' ? key : undefined,
    input: {},
    status: 0,
    isCarriedOut: false,
    violations: [],
    remarks: [],
  };
  sandbox.onCall?.(exchange);
  return exchange;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function takeTurn(sandbox: Sandbox, account: Account, method: MethodSpec<TypeName>, arrival: Arrival): void {
  const limit = method.limit === 'telephony' ? sandbox.limits.telephony : sandbox.limits.ordinary;
  if (!sandbox.limiter.take(`${account.code} ${method.limit}`, limit, arrival))
    throw new ApiError(503, `API limit exceeded: ${limit} requests a second`);
}

function authenticate(sandbox: Sandbox, account: Account, request: FastifyRequest, parameters: JsonObject): ApiKey {
  const header = request.headers['x-api-key'];
  const value = (typeof header === 'string' ? header : undefined) ?? asText(parameters['apiKey']);
  if (value === undefined) throw new ApiError(403, '"apiKey" is missing.');
  const key = sandbox.findKey(account, value);
  if (!key) throw new ApiError(403, 'Wrong "apiKey" value.');
  return key;
}

/** Plays the faults that come before the call is run. Returns true if the fault was the reply. */
async function misbehave(
  sandbox: Sandbox,
  exchange: ReceivedCall,
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  if (fault.retryAfter !== undefined) void reply.header('retry-after', String(fault.retryAfter));
  switch (fault.kind) {
    case '429':
    case '503':
      send(sandbox, exchange, request, reply, Number(fault.kind), {
        success: false,
        errorMsg: fault.kind === '429' ? 'Too Many Requests' : 'Service Unavailable',
      });
      return true;
    case '500':
      send(sandbox, exchange, request, reply, 500, { success: false, errorMsg: 'Internal Server Error' });
      return true;
    case 'error-before':
      send(sandbox, exchange, request, reply, fault.status ?? 500, {
        success: false,
        errorMsg: fault.errorMsg ?? 'Not now',
        ...(fault.errors && { errors: { ...fault.errors } }),
      });
      return true;
    case 'drop':
      write(sandbox, exchange, request, 0, 'the connection was cut before the call was carried out');
      drop(request, reply);
      return true;
    case 'slow':
      await delay(fault.milliseconds ?? 1000);
      return false;
    default:
      return false;
  }
}

function finish(sandbox: Sandbox, exchange: ReceivedCall, request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  if (exchange.fault?.kind === 'drop-after') {
    write(sandbox, exchange, request, 0, 'the connection was cut after the call was carried out');
    drop(request, reply);
    return reply;
  }
  if (exchange.fault?.kind === 'invalid-json') {
    write(sandbox, exchange, request, 200, '{"success":tru');
    return reply.code(200).type('application/json').send('{"success":tru');
  }
  if (answer instanceof FileAnswer) {
    write(sandbox, exchange, request, 200, `${answer.filename}, ${answer.bytes.length} bytes`);
    const ascii = answer.filename.replace(/[^\x20-\x7e]|["\\]/g, '_');
    return reply
      .code(200)
      .type(answer.type)
      .header('content-disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(answer.filename)}`)
      .send(answer.bytes);
  }
  return send(
    sandbox,
    exchange,
    request,
    reply,
    answer['success'] === false ? PARTLY : 200,
    asObject(written({ success: true, ...answer, ...exchange.fault?.fields })),
  );
}

function drop(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.socket.destroy();
}

function send(
  sandbox: Sandbox,
  exchange: ReceivedCall,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  body: JsonObject,
): FastifyReply {
  write(sandbox, exchange, request, status, body);
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function write(sandbox: Sandbox, exchange: ReceivedCall, request: FastifyRequest, status: number, response: Json): void {
  exchange.status = status;
  if (!exchange.account) return;
  // Content that the API rejects is the caller's mistake. Limits, keys and planned faults are not.
  const refused =
    exchange.fault === undefined &&
    isObject(response) &&
    ([400, 405, 415].includes(status) || (status === 404 && exchange.name === 'unknown'));
  if (refused) exchange.violations.push(`the API refused it: ${explain(response)}`);
  sandbox.exchanges.add({
    at: sandbox.now().toISOString(),
    direction: 'in',
    account: exchange.account.code,
    name: exchange.name,
    verb: request.method,
    url: request.url,
    request: exchange.input,
    status,
    response,
    milliseconds: Math.round(performance.now() - exchange.arrival.at),
    violations: exchange.violations,
    notes: exchange.remarks,
    ...(exchange.fault ? { fault: exchange.fault.kind } : {}),
  });
}

function explain(body: JsonObject): string {
  const errors = isObject(body['errors']) ? Object.entries(body['errors']).map(([field, message]) => `${field} ${String(message)}`) : [];
  return [asText(body['errorMsg']) ?? 'no reason', ...errors].join('; ');
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
}
