import { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addFormField, BadInputError, createFormFields, type FormFields, MAX_FORM_FIELDS, parseForm, tooManyFields } from '#platform';

/** Maximum depth of objects and lists in a JSON body. */
export const MAX_JSON_DEPTH = 64;
/** Bytes passed to the multipart parser at a time. It stops at a limit only between two of these. */
const SLICE_BYTES = 4096;

const SIGN = { quote: 0x22, escape: 0x5c, list: 0x5b, listEnd: 0x5d, object: 0x7b, objectEnd: 0x7d };

type Done<Body> = (error: Error | null, body?: Body) => void;

/**
 * Reads JSON and forms, before anyone is authenticated and also for addresses that do not exist: in linear
 * time, and only up to a number of fields, parts and levels. A larger body is refused with 400. Call it
 * before routes are added.
 */
export function readBodies(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done: Done<unknown>) => {
    // Clients also send the content type for a call without a body.
    if (text === '') return done(null);
    if (isDeeper(text, MAX_JSON_DEPTH)) done(new BadInputError({ body: 'is nested too deeply' }));
    else void parseJson(request, text, done);
  });
  fastify.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, text, done: Done<FormFields>) => {
      try {
        done(null, parseForm(text));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  // As a buffer: the body limit applies to it, and a form is read in one go.
  fastify.addContentTypeParser<Buffer>('multipart/form-data', { parseAs: 'buffer' }, readMultipart);
}

/**
 * Reads `multipart/form-data` into the same shape as urlencoded forms. Files are left out. A body that is not
 * a complete form, or has too many parts, is refused with 400.
 */
function readMultipart(request: FastifyRequest, body: Buffer, done: Done<FormFields>): void {
  const fields = createFormFields();
  const source = Readable.from(listSlices(body));
  let isDone = false;
  const finish: Done<FormFields> = (error, read) => {
    // The parser may report an end after an error.
    if (isDone) return;
    isDone = true;
    source.destroy();
    done(error, read);
  };
  const fail = (): void => finish(new BadInputError({ body: 'is not a complete multipart form' }));
  const refuse = (): void => finish(tooManyFields());
  try {
    const parser = new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: {
        fieldSize: body.length,
        parts: MAX_FORM_FIELDS,
        files: 0,
        headerPairs: 20,
        headerSize: 8192,
      },
    });
    parser.on('field', (name: string | undefined, value) => (name === undefined ? fail() : addFormField(fields, name, value)));
    parser.on('partsLimit', refuse);
    parser.on('error', fail);
    parser.on('finish', () => finish(null, fields));
    source.pipe(parser);
  } catch {
    fail();
  }
}

function* listSlices(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += SLICE_BYTES) yield body.subarray(at, at + SLICE_BYTES);
}

/**
 * Whether objects and lists in a JSON text are nested deeper. Reads each character at most once,
 * before anything is parsed, because a million lists take a second to create and to collect.
 */
function isDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === SIGN.quote) isText = !isText;
    else if (isText) {
      if (code === SIGN.escape) at++;
    } else if (code === SIGN.list || code === SIGN.object) {
      if (++depth > levels) return true;
    } else if (code === SIGN.listEnd || code === SIGN.objectEnd) depth--;
  }
  return false;
}
