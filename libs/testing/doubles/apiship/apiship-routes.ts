import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { playFault, type ServiceErrors } from '../../double/faults.js';
import type { ApiShipControl } from './apiship-control.js';
import type { ApiShipOwnFault } from './apiship-faults.js';
import { OTHER_ROUTES, readFile } from './apiship-list-routes.js';
import { ApiShipRefusal, invalid } from './apiship-objects.js';
import { ORDER_ROUTES } from './apiship-order-routes.js';
import type { ApiShipRoute } from './apiship-requests.js';
import { type ApiShipCall, findFact, noQuery, WIRE } from './apiship-wire.js';

/** The API under `/v1` and the storage of its files, with the faults set for them. */
export function registerApiShipRoutes(app: FastifyInstance, double: ApiShipControl, origin: () => string): void {
  app.setErrorHandler((error, request, reply) => send(reply, toRefusal(error, request)));
  app.setNotFoundHandler((_request, reply) => send(reply, new ApiShipRefusal(404, '040016', 'Не найдено')));
  // Some clients say JSON and send none.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? null : JSON.parse(body as string));
    } catch {
      done(new ApiShipRefusal(400, '040004', 'Тело запроса не JSON в UTF-8'));
    }
  });
  for (const { path, body } of WIRE.filter((fact) => fact.call === 'login'))
    app.post(path, { schema: { body }, attachValidation: true }, (request, reply) =>
      handle(double, 'login', request, reply, () => {
        if (request.validationError) throw toRefusal(request.validationError, request, '040001');
        const { login, password } = request.body as { login: string; password: string };
        const token = double.logIn(login, password);
        if (token !== undefined) return { json: { [double.modes.loginReply]: token } };
        const known = double.accounts.some(({ credentials }) => credentials.login === login);
        throw known ? new ApiShipRefusal(403, '040302', 'Неверный пароль') : new ApiShipRefusal(403, '040303', 'Неверный логин');
      }),
    );
  for (const route of [...ORDER_ROUTES, ...OTHER_ROUTES])
    app.route({
      ...{ method: route.method, url: route.path, attachValidation: true },
      schema: { querystring: route.query ?? noQuery, ...(route.body && { body: route.body }) },
      handler: (request, reply) =>
        handle(double, route.call, request, reply, async () => ({
          json: structuredClone(await perform(double, route, request, origin())),
        })),
    });
  app.get(findFact('file').path, (request, reply) =>
    handle(double, 'file', request, reply, () => readFile(double, (request.params as { id: string }).id)),
  );
}

function handle(
  double: ApiShipControl,
  call: ApiShipCall,
  request: FastifyRequest,
  reply: FastifyReply,
  act: Parameters<typeof playFault>[0]['act'],
): Promise<FastifyReply> {
  const { platform, authorization } = request.headers;
  double.calls.push({
    ...{ call, method: request.method, url: request.url, withToken: authorization !== undefined },
    ...{ platform: typeof platform === 'string' ? platform : undefined },
    ...(request.body != null && call !== 'login' && { body: request.body }),
  });
  if (double.calls.length > 10_000) double.calls.shift();
  reply.header('x-tracing-id', randomUUID().replaceAll('-', ''));
  const fault = double.isTooMany() ? ({ kind: 'rate-limit' } as const) : double.faults.take(call);
  const errors: ServiceErrors<ApiShipOwnFault> = {
    failed: { message: 'Внутренняя ошибка', code: '050001' },
    tooMany: { message: 'Слишком много запросов' },
    toRefusal: (own) =>
      own.kind === 'token-expired' ? double.expired() : new ApiShipRefusal(own.status ?? 400, own.code, own.message ?? own.code),
  };
  return sleep(double.modes.latencyMs).then(() => playFault({ fault, reply, errors, later: double.later, act }));
}

function perform(double: ApiShipControl, route: ApiShipRoute, request: FastifyRequest, origin: string): object | Promise<object> {
  const account = double.authorise(request.headers.authorization);
  if (route.needsPlatform && double.modes.platform === 'required' && !request.headers['platform'])
    throw invalid({ Platform: 'Обязательный заголовок' }, '040000');
  if (request.validationError) throw toRefusal(request.validationError, request, route.call === 'calculate' ? '040003' : '040002');
  const { id = '' } = request.params as { id?: string };
  return route.act({
    ...{ double, account, id, url: request.url, origin },
    ...{ query: request.query as Record<string, string>, body: request.body },
  });
}

interface Violation {
  instancePath: string;
  message?: string;
  params: { additionalProperty?: string; missingProperty?: string };
}

/** A refusal that names the fields by their paths in the request. */
function toRefusal(error: unknown, request: FastifyRequest, code = '040002'): Error {
  if (error instanceof ApiShipRefusal) return error;
  const { message, statusCode = 500, validation = [] } = error as Error & { statusCode?: number; validation?: Violation[] };
  if (validation.length === 0) return statusCode < 500 ? new ApiShipRefusal(statusCode, code, message) : (error as Error);
  const fields = validation.map(({ instancePath, message: words = '', params }) => {
    const steps = [...instancePath.split('/').slice(1), params.additionalProperty ?? params.missingProperty ?? []].flat();
    return [steps.join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]') || request.method, words];
  });
  return invalid(Object.fromEntries(fields), code);
}

function send(reply: FastifyReply, error: Error): FastifyReply {
  if (!(error instanceof ApiShipRefusal)) return reply.code(500).send({ message: error.message });
  return reply.code(error.status).send(error.json);
}
