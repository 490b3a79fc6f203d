import type { Readable } from 'node:stream';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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
 * answer sent. Throws what it throws, and BadInputError when the sender breaks off.
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
