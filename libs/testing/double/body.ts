import type { FastifyRequest } from 'fastify';
import { listWrong, type WireCall, type WireError } from './wire.js';

const TYPES = { json: /json/, form: /^application\/x-www-form-urlencoded/, text: /^(text|application)\// };

/** Returns the body in the form of the call's schema, or its problem. */
export function readBody({ body: schema, bodyType = 'json', isBodyOptional }: WireCall, request: FastifyRequest): ReadBody {
  const bytes = request.body as Buffer | undefined;
  const refuse = (keyword: string, message: string): ReadBody => ({ wrong: [{ keyword, path: '$', message }] });
  if (!bytes?.length) return schema && !isBodyOptional ? refuse('required', 'a body is required') : {};
  if (!schema) return refuse('additionalProperties', 'this call has no body');
  if (bodyType === 'bytes') return { body: bytes };
  if (!TYPES[bodyType].test(request.headers['content-type'] ?? '')) return refuse('contentType', `the content type must be ${bodyType}`);
  const text = bytes.toString('utf8');
  let body: unknown = bodyType === 'form' ? readForm(text) : text;
  if (bodyType === 'json')
    try {
      body = JSON.parse(text);
    } catch {
      return refuse('json', 'The body is not valid JSON.');
    }
  return { body, wrong: listWrong(schema, body, bodyType === 'form') };
}
type ReadBody = { body?: unknown; wrong?: readonly WireError[] };

/** Returns the body in a readable form. */
export function readLoosely({ body, headers }: FastifyRequest): unknown {
  if (!(body instanceof Buffer) || body.length === 0) return undefined;
  const text = body.toString('utf8');
  if (TYPES.form.test(headers['content-type'] ?? '')) return readForm(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const readForm = (text: string): unknown => Object.fromEntries(new URLSearchParams(text));
