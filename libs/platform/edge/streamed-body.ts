import type { Readable } from 'node:stream';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CallbackError } from '../errors/index.js';
import { BadInputError } from '../validation/index.js';
import { readOn } from './read-on.js';

/** Content type of bodies that only the handler reads, as a stream. */
const STREAMED = 'application/vnd.crossdock.streamed';

/** The handler streams the body with `readBody`, of any content type and without the usual size limit. */
export const StreamedBody = (): MethodDecorator => RouteConfig({ streamedBody: true });

/** Makes StreamedBody work. Call before routes are added. */
export function streamBodies(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(STREAMED, (_request, payload, done) => done(null, payload));
  fastify.addHook('onRoute', (route) => {
    if (!(route.config as { streamedBody?: boolean } | undefined)?.streamedBody) return;
    // Fastify chooses the parser by content type, and other types are read into memory.
    route.preParsing = (request, _reply, payload, done) => {
      request.headers['content-type'] = STREAMED;
      done(null, payload);
    };
  });
}

/**
 * Reads the body of a StreamedBody handler with `read`, which may stop before its end and still have its
 * reply sent. Throws the errors of `read`, and BadInputError when the sender breaks off.
 */
export async function readBody<T>(request: FastifyRequest, read: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
  try {
    return await read((request.body as Readable).iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ECONNRESET' && request.raw.destroyed) throw new BadInputError({ body: 'ended early' });
    throw error;
  } finally {
    await new Promise<void>((resolve) => readOn(request.raw, resolve));
  }
}

/**
 * Returns the whole body of a StreamedBody handler. Throws CallbackError 413 when it is longer than `most`
 * bytes, BadInputError when the sender breaks off.
 */
export function readWholeBody(request: FastifyRequest, most: number): Promise<Buffer> {
  return readBody(request, async (bytes) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of bytes) {
      length += chunk.length;
      if (length > most) throw new CallbackError(413, 'The request is too large.');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  });
}

/** Returns the headers as sent, names in lower case. Several headers of one name are joined by commas. */
export function readSentHeaders({ headers, raw }: FastifyRequest): Record<string, string | undefined> {
  return {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value])),
    // In `headers` a StreamedBody handler finds the type that its parser was chosen by.
    'content-type': raw.headersDistinct['content-type']?.[0],
  };
}
