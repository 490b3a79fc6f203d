import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CallbackError,
  escapeHtml,
  type Language,
  LANGUAGES,
  type LocalText,
  preferredLanguage,
  renderPlainPage,
  sendHtmlPage,
  textFor,
} from '#platform';
import { texts } from '../api.texts.js';

const STYLE = `
  p { margin: 0; } section { color: var(--soft); }
`;

/** Words and icon of a closed page. */
export interface ClosedPage {
  readonly title: LocalText;
  /** The next step. */
  readonly text: LocalText;
  readonly icon: string;
  /** Origins of the CRM's frame, as sources of a Content-Security-Policy. */
  readonly framedBy?: readonly string[];
}

/**
 * Replies to a browser that opens a page without access: a page in all languages, the browser's first, with
 * the next step. Other programs get `refusal`.
 */
export function sendClosedPage(request: FastifyRequest, reply: FastifyReply, refusal: CallbackError, page: ClosedPage): string {
  if (!request.headers.accept?.includes('text/html')) throw refusal;
  const first = preferredLanguage(request.headers['accept-language']) ?? 'en';
  const { title, icon, framedBy } = page;
  const text = refusal.status === 429 ? texts.closedPage.tooOften : page.text;
  const part = (language: Language, heading: 'h1' | 'h2'): string =>
    `<${heading}>${escapeHtml(textFor(title, language))}</${heading}><p>${escapeHtml(textFor(text, language))}</p>`;
  const others = LANGUAGES.filter((language) => language !== first);
  const body = part(first, 'h1') + others.map((language) => `<section lang="${language}">${part(language, 'h2')}</section>`).join('');
  if (refusal.retryAfterSeconds !== undefined) void reply.header('retry-after', String(refusal.retryAfterSeconds));
  return sendHtmlPage(
    reply,
    renderPlainPage({ language: first, title: textFor(title, first), body, icon, style: STYLE, ...(framedBy && { framedBy }) }),
    refusal.status,
  );
}
