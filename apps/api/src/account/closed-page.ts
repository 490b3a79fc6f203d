import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CallbackError,
  escapeHtml,
  type Language,
  LANGUAGES,
  preferredLanguage,
  renderPlainPage,
  sendHtmlPage,
  textFor,
} from '#platform';
import { texts } from '../api.texts.js';

const STYLE = `
  p { margin: 0; } section { color: var(--soft); }
`;

/**
 * Replies to a browser that opens the account page without access: a page in all languages, the browser's
 * first, with the next step. Other programs get `refusal`.
 * @param framedBy origins of the CRM's frame, as sources of a Content-Security-Policy
 */
export function sendClosedPage(request: FastifyRequest, reply: FastifyReply, refusal: CallbackError, framedBy: readonly string[]): string {
  if (!request.headers.accept?.includes('text/html')) throw refusal;
  const first = preferredLanguage(request.headers['accept-language']) ?? 'en';
  const text = refusal.status === 429 ? texts.closedPage.tooOften : texts.closedPage.text;
  const part = (language: Language, heading: 'h1' | 'h2'): string =>
    `<${heading}>${escapeHtml(textFor(texts.closedPage.title, language))}</${heading}><p>${escapeHtml(textFor(text, language))}</p>`;
  const others = LANGUAGES.filter((language) => language !== first);
  const body = part(first, 'h1') + others.map((language) => `<section lang="${language}">${part(language, 'h2')}</section>`).join('');
  if (refusal.retryAfterSeconds !== undefined) void reply.header('retry-after', String(refusal.retryAfterSeconds));
  return sendHtmlPage(
    reply,
    renderPlainPage({ language: first, title: textFor(texts.closedPage.title, first), body, icon: 'logo.svg', style: STYLE, framedBy }),
    refusal.status,
  );
}
