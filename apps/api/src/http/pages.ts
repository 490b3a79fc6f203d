import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CallbackError, escapeHtml, type Language, sendHtmlPage } from '#platform';

/** Folder with the built pages of `apps/web`. */
const FOLDER = new URL('../../../../web/', import.meta.url);
/** Path of the pages' files in browsers. */
const PREFIX = 'pages/';

/** Two crossing lanes, in the pages' blue. */
export const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#005eeb"/><path d="M8 8l16 16M24 8L8 24" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>',
)}`;

/** A page of `apps/web/src` with its parameters. */
export interface PageShell {
  /** Folder of its `main.ts`. */
  page: 'operator' | 'account' | 'docs';
  language: Language;
  title: string;
  /** Address of its icon. Default: Crossdock's icon. */
  icon?: string;
  /** Data that the page reads when it starts, written into it as JSON. */
  start?: object;
  /** Origins that may frame it, as `frame-ancestors` of a Content-Security-Policy. Default: none. */
  framedBy?: readonly string[];
}

/** An entry of Vite's manifest. */
interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

/** Serves the files of the pages. Their names change with their content. */
export function servePages(fastify: FastifyInstance): void {
  void fastify.register(fastifyStatic, {
    root: fileURLToPath(new URL('assets/', FOLDER)),
    prefix: `/${PREFIX}assets/`,
    decorateReply: false,
    index: false,
    immutable: true,
    maxAge: '365d',
    // The build also wrote a compressed version of each file.
    preCompressed: true,
    setHeaders: (reply) => {
      reply.setHeader('vary', 'accept-encoding');
    },
  });
}

/**
 * Sends a page with its security headers. Throws CallbackError (404) if the pages were not built.
 */
export async function sendPage(request: FastifyRequest, reply: FastifyReply, shell: PageShell): Promise<string> {
  const { scripts, styles } = await readAssets(`src/${shell.page}/main.ts`);
  // Relative, because a proxy may serve us below its own path.
  const depth = new URL(request.url, 'http://localhost').pathname.split('/').length - 2;
  const root = '../'.repeat(depth) || './';
  const address = (file: string): string => `${root}${PREFIX}${file}`;
  const [entry, ...imports] = scripts;
  const start =
    shell.start && `<script type="application/json" id="start">${JSON.stringify(shell.start).replaceAll('<', '\\u003c')}</script>\n`;
  const html = `<!doctype html>
<html lang="${shell.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${escapeHtml(shell.icon ?? ICON)}">
<title>${escapeHtml(shell.title)}</title>
${styles.map((file) => `<link rel="stylesheet" href="${address(file)}">\n`).join('')}${imports.map((file) => `<link rel="modulepreload" href="${address(file)}">\n`).join('')}<script type="module" src="${address(entry ?? '')}"></script>
</head>
<body>
${start ?? ''}<div id="app"></div>
</body>
</html>`;
  return sendHtmlPage(reply, { html, policy: writePolicy(shell) });
}

/** Allows only our own files and calls, and pictures that the page creates. */
function writePolicy({ framedBy }: PageShell): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    // The CRM opens its frame by a form, which a reload of the page submits again.
    `form-action ${framedBy ? "'self'" : "'none'"}`,
    `frame-ancestors ${(framedBy ?? ["'none'"]).join(' ')}`,
  ].join('; ');
}

/** Finds the files of an entry, its own script first. Read each time, because a build may replace them. */
async function readAssets(entry: string): Promise<{ scripts: string[]; styles: string[] }> {
  const text = await readFile(new URL('manifest.json', FOLDER), 'utf8').catch(() => undefined);
  if (text === undefined) throw new CallbackError(404, 'The pages are not built. Run `npm run build`.');
  const manifest = JSON.parse(text) as Record<string, Chunk>;
  const chunks = new Map<string, Chunk>();
  const add = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk || chunks.has(name)) return;
    chunks.set(name, chunk);
    chunk.imports?.forEach(add);
  };
  add(entry);
  const all = [...chunks.values()];
  // Styles of imported files come first, so that the page's own rules override them.
  return { scripts: all.map(({ file }) => file), styles: [...new Set(all.reverse().flatMap(({ css = [] }) => css))] };
}
