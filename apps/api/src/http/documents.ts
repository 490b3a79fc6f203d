import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { CallbackError } from '#platform';
import { sendPage } from './pages.js';

/** The build writes the documents into this folder. */
const FOLDER = new URL('../../../../openapi/', import.meta.url);
const DOCUMENTS = [
  { page: '/docs', json: '/docs-json', name: 'api', title: 'Crossdock API' },
  { page: '/docs/callbacks', json: '/docs/callbacks-json', name: 'callbacks', title: 'Crossdock callbacks' },
];

/** Serves the OpenAPI documents, `/docs-json` and `/docs/callbacks-json`, and a page that shows each. */
export function serveDocuments(fastify: FastifyInstance): void {
  for (const { page, json, name, title } of DOCUMENTS) {
    fastify.get(page, (request, reply) => sendPage(request, reply, { page: 'docs', language: 'en', title }));
    fastify.get(json, (request, reply) => {
      const text = readDocument(name);
      const tag = `"${createHash('sha256').update(text).digest('base64url')}"`;
      void reply.headers({ etag: tag, 'cache-control': 'no-cache' });
      if (request.headers['if-none-match'] === tag) return reply.code(304).send();
      return reply.type('application/json; charset=utf-8').send(text);
    });
  }
}

function readDocument(name: string): string {
  const file = new URL(`${name}.json`, FOLDER);
  if (!existsSync(file)) throw new CallbackError(404, 'The API description is missing. Create it with `npm run build`.');
  return readFileSync(file, 'utf8');
}
