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
} from '#platform';

const TITLE: LocalText = {
  en: 'Open the module from the CRM',
  es: 'Abra el módulo desde el CRM',
  ru: 'Откройте модуль из CRM',
};
const WHAT_TO_DO: LocalText = {
  en: 'A link to this page works once, and for a short time. In the CRM, go to the integration settings and open the module there again: nothing that was saved is lost.',
  es: 'Un enlace a esta página sirve una sola vez y por poco tiempo. En el CRM, vaya a los ajustes de integración y abra allí el módulo de nuevo: no se pierde nada de lo guardado.',
  ru: 'Ссылка на эту страницу действует один раз и недолго. В CRM перейдите в настройки интеграции и откройте модуль снова: сохранённое не пропадёт.',
};
const TOO_OFTEN: LocalText = {
  en: 'Too many wrong links were opened from this address. Wait a minute, then open the module from the CRM.',
  es: 'Se abrieron demasiados enlaces erróneos desde esta dirección. Espere un minuto y abra el módulo desde el CRM.',
  ru: 'С этого адреса открыли слишком много неверных ссылок. Подождите минуту и откройте модуль из CRM.',
};

const STYLE = `
  p { margin: 0; } section { color: var(--soft); }
`;

/**
 * Answers a browser that opens the account page without a right to it: a page of all languages, the browser's
 * first, that says what to do. Other programs get `refusal`.
 * @param framedBy from where the CRM frames pages, as sources of a Content-Security-Policy
 */
export function sendClosedPage(request: FastifyRequest, reply: FastifyReply, refusal: CallbackError, framedBy: readonly string[]): string {
  if (!request.headers.accept?.includes('text/html')) throw refusal;
  const first = preferredLanguage(request.headers['accept-language']) ?? 'en';
  const text = refusal.status === 429 ? TOO_OFTEN : WHAT_TO_DO;
  const part = (language: Language, heading: 'h1' | 'h2'): string =>
    `<${heading}>${escapeHtml(TITLE[language])}</${heading}><p>${escapeHtml(text[language])}</p>`;
  const others = LANGUAGES.filter((language) => language !== first);
  const body = part(first, 'h1') + others.map((language) => `<section lang="${language}">${part(language, 'h2')}</section>`).join('');
  if (refusal.retryAfterSeconds !== undefined) void reply.header('retry-after', String(refusal.retryAfterSeconds));
  return sendHtmlPage(
    reply,
    renderPlainPage({ language: first, title: TITLE[first], body, icon: 'logo.svg', style: STYLE, framedBy }),
    refusal.status,
  );
}
