import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest, onSendHookHandler } from 'fastify';
import type { HostedModules } from '#connections';

/** Folder with the built bundle of `apps/widget`. */
const FOLDER = new URL('../../../../widget/', import.meta.url);
/** Below the module's `baseUrl`, because the CRM joins the two. */
const PATH = '/:module/callbacks/embed/:file';
/** Names that do not change, for registrations. They are answered with the files of the present build. */
const FIXED = /^widget(\.js|\.css)$/;

type FileRequest = FastifyRequest<{ Params: { module: string; file: string } }>;

/**
 * Serves the files of the widgets' bundle, the same for all modules, to any origin. A hashed name of an
 * earlier build is unknown. A bundle that is already open needs no file again, and its calls are answered as
 * long as version 1 of the payload is.
 */
export function serveWidget(fastify: FastifyInstance, modules: HostedModules): void {
  // The build also wrote a compressed version of each file.
  void fastify.register(fastifyStatic, { root: fileURLToPath(FOLDER), serve: false, preCompressed: true, cacheControl: false });
  fastify.get(PATH, { onSend: nameScripts }, async (request: FileRequest, reply) => {
    const { module, file } = request.params;
    // `openEmbedRoutes` allows any origin.
    void reply.header('vary', 'Origin, Accept-Encoding');
    const [, extension] = FIXED.exec(file) ?? [];
    const files = modules.get(module) ? await listFiles() : [];
    const found = files.find((name) => name === file || (extension !== undefined && name.endsWith(extension)));
    if (found === undefined) return reply.callNotFound();
    void reply.header('cache-control', extension === undefined ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.sendFile(found);
  });
}

/** The library names scripts by an obsolete type. */
const nameScripts: onSendHookHandler<unknown> = (_request, reply, payload, done) => {
  if (String(reply.getHeader('content-type')).includes('javascript')) void reply.type('text/javascript; charset=utf-8');
  done(null, payload);
};

/** Lists the bundle's files. Read each time, because a build may replace them. Empty: not built. */
async function listFiles(): Promise<string[]> {
  const text = await readFile(new URL('manifest.json', FOLDER), 'utf8').catch(() => '{}');
  return Object.values(JSON.parse(text) as Record<string, { file: string }>).map(({ file }) => file);
}
