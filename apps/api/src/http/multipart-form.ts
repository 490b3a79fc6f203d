import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { FastifyInstance } from 'fastify';
import { BadInputError } from '#platform';
import { addField, createFields } from './form-body.js';

const MOST_FIELDS = 200;

/**
 * Reads `multipart/form-data` into the same shape as urlencoded forms: a text by name, a list where a name
 * comes twice. Files are left out. A body that is no such form is answered with 400.
 */
export function takeMultipartForms(fastify: FastifyInstance): void {
  // As a buffer: the body limit holds for it, and a form is read at once.
  fastify.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, done) => {
    const fields = createFields();
    const fail = (): void => done(new BadInputError({ body: 'is not a complete multipart form' }));
    try {
      const parser = new Busboy({
        headers: request.headers as BusboyHeaders,
        limits: { fieldSize: body.length, fields: MOST_FIELDS, files: 0 },
      });
      parser.on('field', (name, value) => addField(fields, name, value));
      parser.on('error', fail);
      parser.on('finish', () => done(null, fields));
      parser.end(body);
    } catch {
      fail();
    }
  });
}
