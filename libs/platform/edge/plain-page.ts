import type { FastifyReply } from 'fastify';
import { randomToken } from '../crypto/index.js';
import type { Language } from '../i18n/index.js';
import { escapeHtml } from './html.js';

/** A page of plain HTML, rendered for each request. */
export interface PlainPage {
  language: Language;
  title: string;
  /** HTML of `<main>`. */
  body: string;
  /** Address of its icon: `data:`, or relative to the page, as a proxy may serve us below any path. */
  icon: string;
  /** Further HTML of `<head>`. */
  head?: string;
  /** CSS in addition to the style that all plain pages have. */
  style?: string;
  /** A module in JavaScript. It may call our own host. */
  script?: string;
  /** It has forms that are sent to our own host, or to another origin. */
  sendsForms?: boolean | string;
  /** Who may show it in a frame, as `frame-ancestors` of a Content-Security-Policy. By default no one may. */
  framedBy?: readonly string[];
}

/** A page and the Content-Security-Policy that it needs. */
export interface RenderedPage {
  html: string;
  policy: string;
}

/** In the colours of `apps/web`, but for browsers of any buyer: without `light-dark()`. */
const STYLE = `
  :root { color-scheme: light dark; --ink: #1e2248; --soft: #5b6675; --page: #f4f6f8; --card: #fff; --line: #dee2e9; --edge: #8a94a3; --link: #005eeb; --on-link: #fff; --good: #12734f; --bad: #b73232; --warn: #855200; --warn-soft: #fff3da; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e7e9f4; --soft: #a4adc0; --page: #12141f; --card: #1b1e2e; --line: #33384d; --edge: #6d7690; --link: #7db0ff; --on-link: #0d1230; --good: #63cf9d; --bad: #ff9a94; --warn: #f0b95c; --warn-soft: #3b2e14; } }
  * { box-sizing: border-box; } body { margin: 0; padding: 24px 12px; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); overflow-wrap: anywhere; }
  main { max-width: 34rem; margin: 0 auto; padding: 24px; border-radius: 8px; background: var(--card); }
  h1 { margin: 0 0 .5rem; font-size: 1.25rem; } h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; } a { color: var(--link); } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
  table { border-collapse: collapse; width: 100%; } th, td { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; } th { color: var(--soft); font-weight: normal; }
  .good { color: var(--good); } .bad { color: var(--bad); }
`;

/** Renders a page. The caller escapes its contents, except for the title. */
export function renderPlainPage(page: PlainPage): RenderedPage {
  const { language, title, body, icon, head = '', style = '', script, sendsForms, framedBy = ["'none'"] } = page;
  const nonce = randomToken(16);
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="${icon}">
${head}<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE}${style}</style>
</head>
<body><main>${body}</main>
${script === undefined ? '' : `<script type="module" nonce="${nonce}">${script}</script>\n`}</body>
</html>`;
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`, "connect-src 'self'"]),
    `img-src ${icon.startsWith('data:') ? 'data:' : "'self'"}`,
    `form-action ${typeof sendsForms === 'string' ? sendsForms : sendsForms ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    `frame-ancestors ${framedBy.join(' ')}`,
  ].join('; ');
  return { html, policy };
}

/**
 * Sets a page's headers and returns its HTML. Hides the page's address, which may be a secret, from other
 * sites.
 */
export function sendHtmlPage(reply: FastifyReply, { html, policy }: RenderedPage, status = 200): string {
  void reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('content-security-policy', policy);
  return html;
}
