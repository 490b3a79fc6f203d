import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Sandbox } from './sandbox.js';

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff; margin: 0 auto; padding: 2rem 1rem; max-width: 44rem; }
  h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 1.6rem 0 .4rem; font-size: 1.05rem; } p { margin: .4rem 0; } a { color: #1f5fbf; }
  ul { margin: 0; padding-left: 1.2rem; } li { margin: .3rem 0; overflow-wrap: anywhere; } code { font-size: .9em; }
`;

/** What someone sees who opens the sandbox's address in a browser; JSON for others. */
export function serveHome(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const accounts = sandbox.accounts.map(({ code }) => code);
  if (!request.headers.accept?.includes('text/html'))
    return reply.send({ name: 'Crossdock sandbox CRM', api: '/api', control: '/sandbox', accounts });
  const nonce = randomBytes(16).toString('base64');
  return reply
    .type('text/html; charset=utf-8')
    .header('x-content-type-options', 'nosniff')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ).send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Sandbox CRM</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<h1>Sandbox CRM</h1>
<p>A CRM on this machine that modules are connected to and tried with. It has no screens: it is worked from the command line.</p>
<h2>From the checkout</h2>
<ul>
<li><code>npm run sandbox -- demo</code>: the whole path on a set of orders; <code>demo --all</code>: of every built-in module</li>
<li><code>npm run sandbox -- orders create --demo</code> and the other steps by hand: <code>npm run sandbox -- --help</code></li>
</ul>
<h2>Over HTTP</h2>
<ul>
<li><a href="/sandbox">/sandbox</a>: the control API: accounts, modules, what was sent and answered</li>
<li><code>/api</code>: the CRM’s own API, with an account’s key</li>
</ul>
</body>
</html>`);
}
