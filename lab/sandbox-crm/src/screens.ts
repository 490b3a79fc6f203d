import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageStart } from './control/control-types.js';
import { asText } from './json.js';
import type { Sandbox } from './sandbox.js';
import { type Account } from './store/state.js';

/** An entry of Vite's manifest. */
interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

/** A manager's head, in the green of the CRM's save button. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#168561"/><circle cx="16" cy="12" r="5" fill="#fff"/><path d="M7 26a9 9 0 0 1 18 0z" fill="#fff"/></svg>',
)}`;

/** Serves the files of the screens from the build's folder. `GET /` shows them. */
export function registerScreens(app: FastifyInstance, sandbox: Sandbox): void {
  if (sandbox.pages !== undefined)
    void app.register(fastifyStatic, {
      root: join(sandbox.pages, 'assets'),
      prefix: '/pages/assets/',
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
  app.get('/', (request, reply) => sendHome(sandbox, request, reply));
  for (const path of ['/shop/:site', '/shop/:site/*']) app.get(path, (request, reply) => sendShop(sandbox, request, reply));
}

/** Replaces a shop's site: a page that explains where a buyer would be now, such as after a payment. */
async function sendShop(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const account = sandbox.accountAt(request.socket.localPort);
  const crm = account && sandbox.context(account);
  const { site = '', '*': rest } = request.params as { site?: string; '*'?: string };
  const url = asText(crm?.find('sites', 'code', site)?.['url']);
  const { search, searchParams } = new URL(request.url, 'http://localhost');
  const order = asText(crm?.find('orders', 'number', searchParams.get('order') ?? '')?.['id']);
  const assets = await readAssets(sandbox.pages);
  const head = assets?.styles.map((file) => `<link rel="stylesheet" href="/pages/${file}">`).join('\n');
  const address = escapeHtml(`${url}${rest === undefined ? '' : `/${rest}`}${search}`);
  const body =
    url === undefined
      ? '<p>The account has no such shop.</p>'
      : `<h1>The buyer is back in the shop</h1>
<p>The sandbox has no site of the shop. In life this page would be <b>${address}</b></p>
<p><a href="/#/${order === undefined ? 'orders' : `orders/${order}`}">${order === undefined ? 'The orders' : 'The order'} in the CRM</a></p>`;
  return protect(reply, [])
    .code(url === undefined ? 404 : 200)
    .send(writeDocument(`<main class="shop-page">${body}</main>`, head));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Sets the headers of a page. */
function protect(reply: FastifyReply, origins: readonly string[]): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', writePolicy(origins));
}

/** Serves an account's root URL: the screens for a browser, JSON otherwise. */
async function sendHome(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const accounts = sandbox.accounts.map(({ code }) => code);
  if (!request.headers.accept?.includes('text/html'))
    return reply.send({ name: 'Crossdock sandbox CRM', api: '/api', control: '/sandbox', accounts });
  const account = sandbox.accountAt(request.socket.localPort);
  const assets = account && (await readAssets(sandbox.pages));
  const origins = listOrigins(sandbox, account);
  void protect(reply, origins).code(account ? 200 : 404);
  if (!account) return reply.send(writeDocument('<p>There is no account at this address.</p>'));
  if (!assets)
    return reply.send(
      writeDocument(
        '<h1>Sandbox CRM</h1><p>Its screens are not built: <code>npm run build</code> does it. Meanwhile: <code>npm run sandbox -- --help</code>.</p>',
      ),
    );
  const start: PageStart = { account: account.code, origins };
  const [entry, ...imports] = assets.scripts;
  const head = [
    ...assets.styles.map((file) => `<link rel="stylesheet" href="pages/${file}">`),
    ...imports.map((file) => `<link rel="modulepreload" href="pages/${file}">`),
    `<script type="module" src="pages/${entry}"></script>`,
  ];
  const json = JSON.stringify(start).replaceAll('<', '\\u003c');
  return reply.send(writeDocument(`<script type="application/json" id="start">${json}</script>\n<div id="app"></div>`, head.join('\n')));
}

function writeDocument(body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON}">
<title>Sandbox CRM</title>
${head}
</head>
<body>
${body}
</body>
</html>`;
}

/** Allows our own files and calls, and the logos and pages of modules, which get the clientId by a form. */
function writePolicy(origins: readonly string[]): string {
  const modules = origins.join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    // The stylesheets of modules' widgets. Their scripts run in workers.
    `style-src 'self' ${modules}`,
    `img-src 'self' data: ${modules}`,
    'media-src blob:',
    "connect-src 'self'",
    `frame-src 'self' ${modules}`,
    `form-action 'self' ${modules}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
    .map((rule) => rule.trim())
    .join('; ');
}

/** Lists the origins of the account's modules and of the modules that it can connect. */
function listOrigins(sandbox: Sandbox, account: Account | undefined): string[] {
  const urls = Object.values(account?.modules ?? {}).flatMap(({ registration, connection }) => [
    ...['baseUrl', 'accountUrl', 'logo'].map((field) => asText(registration[field])),
    connection?.moduleUrl,
  ]);
  return [...new Set([sandbox.modulesUrl, ...urls].flatMap(readOrigin))];
}

function readOrigin(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { protocol, origin } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? [origin] : [];
}

/** Finds the files of the screens, their own script first. Undefined if they were not built. */
async function readAssets(pages: string | undefined): Promise<{ scripts: string[]; styles: string[] } | undefined> {
  const text = pages && (await readFile(join(pages, 'manifest.json'), 'utf8').catch(() => undefined));
  if (!text) return undefined;
  const manifest = JSON.parse(text) as Record<string, Chunk>;
  const chunks = new Map<string, Chunk>();
  const add = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk || chunks.has(name)) return;
    chunks.set(name, chunk);
    chunk.imports?.forEach(add);
  };
  add('src/sandbox/main.ts');
  const all = [...chunks.values()];
  // Styles of imported files come first, so that the page's own rules override them.
  return { scripts: all.map(({ file }) => file), styles: [...new Set(all.toReversed().flatMap(({ css = [] }) => css))] };
}
