import { existsSync, readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CallbackError } from '#platform';

/** Where the build writes them. */
const FOLDER = new URL('../../../../openapi/', import.meta.url);

/** Serves `/docs-json`, `/docs/callbacks-json` and the page that shows them, `/docs`. */
export function serveDocuments(app: NestFastifyApplication): void {
  const urls = [
    { name: 'API', url: '/docs-json' },
    { name: 'Callbacks', url: '/docs/callbacks-json' },
  ];
  SwaggerModule.setup('docs', app, () => readDocument('api'), { raw: ['json'], explorer: true, swaggerOptions: { urls } });
  SwaggerModule.setup('docs/callbacks', app, () => readDocument('callbacks'), { raw: ['json'], ui: false });
}

function readDocument(name: string): OpenAPIObject {
  const file = new URL(`${name}.json`, FOLDER);
  if (!existsSync(file)) throw new CallbackError(404, 'The API is not described here: `npm run build` does it.');
  return JSON.parse(readFileSync(file, 'utf8')) as OpenAPIObject;
}
