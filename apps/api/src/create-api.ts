import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { builtIn, type Catalogue, readSettings } from '#catalogue';
import { HostedModules, Traffic, Usage } from '#connections';
import { Journal } from '#journal';
import {
  AppLogger,
  AuditTrail,
  chooseRequestNumber,
  closeOnSignals,
  type Environment,
  EventStreams,
  getTracing,
  protectOperatorRoutes,
  reachStores,
  REQUEST_NUMBER_HEADER,
  startTracing,
  streamBodies,
  type Variables,
} from '#platform';
import { ApiModule } from './api.module.js';
import { openEmbedRoutes } from './embed/open-embed-routes.js';
import { AnswerFilter, type ErrorAnswer } from './http/answer.filter.js';
import { compressJson } from './http/compress-json.js';
import { DrainingAdapter } from './http/draining-adapter.js';
import { journalRequests } from './http/journal-requests.js';
import { readBodies } from './http/read-bodies.js';
import { logRequests } from './http/request-log.js';
import { sendTogether } from './http/send-together.js';
import { serveWidget } from './embed/widget-files.js';
import { serveDocuments } from './http/documents.js';
import { splitPorts } from './http/operator-port.js';
import { servePages } from './http/pages.js';
import { traceRequests } from './http/trace-requests.js';
import { HEADER_LIMITS, MAX_HEADERS, refuseUnreadable } from './http/unreadable-request.js';

/** In bytes. A callback's order with hundreds of items in Cyrillic, percent-encoded, is smaller. */
const BODY_LIMIT = 4 * 1024 * 1024;

/** Minimum milliseconds that a connection without a request has before the process ends. */
const LEAST_SILENT_MS = 1_000;

/** Headers of every reply. Browsers must not guess its type, and frame it only if a page allows it. */
const SAFETY = { 'x-content-type-options': 'nosniff', 'content-security-policy': "frame-ancestors 'none'" };
/** If TLS ends in front of us, browsers use only https for a year. */
const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' };

/**
 * Builds the api with a catalogue, ready to listen. Settings come from the environment and `.env`, or from
 * `variables`.
 * @throws EnvironmentError for invalid settings and unreachable stores
 */
export async function createApi(catalogue: Catalogue = builtIn, variables?: Variables): Promise<NestFastifyApplication> {
  const configuration = await readSettings(catalogue, variables);
  const { publicUrl, OPERATOR_PORT } = configuration.environment;
  const logger = new AppLogger(configuration.environment, 'api');
  await startTracing(configuration.environment, 'api');
  await reachStores(configuration.environment, logger);
  const adapter = createAdapter(configuration.environment);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(configuration, catalogue), adapter, {
    logger,
    abortOnError: false,
    // readBodies has parsers with limits.
    bodyParser: false,
  });
  app.useGlobalFilters(new AnswerFilter());
  app.getHttpServer().maxHeadersCount = MAX_HEADERS;
  const headers = { ...SAFETY, ...(publicUrl.startsWith('https:') && HTTPS_ONLY) };
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header(REQUEST_NUMBER_HEADER, request.id);
    done();
  });
  adapter.onStopListening = () => app.get(EventStreams).closeAll();
  sendTogether(server);
  readBodies(server);
  streamBodies(server);
  const tracing = getTracing();
  if (tracing) traceRequests(server, tracing);
  logRequests(server, app.get(Traffic, { strict: false }), app.get(Usage, { strict: false }));
  protectOperatorRoutes(server, app.get(AuditTrail, { strict: false }));
  openEmbedRoutes(server, app.get(AuditTrail, { strict: false }));
  journalRequests(server, app.get(Journal), configuration.environment.JOURNAL_CALCULATE_SAMPLE);
  compressJson(server);
  if (OPERATOR_PORT !== undefined) splitPorts(server);
  serveDocuments(server);
  servePages(server);
  serveWidget(server, app.get(HostedModules, { strict: false }));
  closeOnSignals(app);
  return app;
}

function createAdapter({ trustedProxies, drainMs }: Environment): DrainingAdapter {
  return new DrainingAdapter(
    { serveMs: drainMs, silentMs: Math.max(drainMs, LEAST_SILENT_MS) },
    {
      bodyLimit: BODY_LIMIT,
      // The same number identifies a request in the reply, the log and the rows that it stores.
      genReqId: ({ headers }: IncomingMessage) => chooseRequestNumber(headers[REQUEST_NUMBER_HEADER]),
      trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
      // The CRM may join base URL and path with an extra slash.
      routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 500 },
      // Handles errors before a route is found, such as an address with an invalid escape.
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
        void reply
          .status(400)
          .headers({ ...SAFETY, [REQUEST_NUMBER_HEADER]: request.id })
          .send({ success: false, errorMsg: error.message } satisfies ErrorAnswer);
      },
      http: HEADER_LIMITS,
      clientErrorHandler: refuseUnreadable,
      // The project uses no Express-style middleware.
      skipMiddie: true,
      forceCloseConnections: 'idle',
      keepAliveTimeout: 65_000,
      requestTimeout: 60_000,
    },
  );
}
