import { escapeHtml, type Language, type LocalText, randomToken } from '#platform';
import { type Money, toWireAmount } from '#provider-kit';
import type { FormView } from '../port/index.js';
import { PAGE_TEXTS, type PageState, STATE_TEXTS } from './page.texts.js';

/** A page and its headers. */
export interface Page {
  html: string;
  /** Content-Security-Policy. */
  policy: string;
}

/** What a buyer's page shows. */
export interface InvoicePage {
  language: Language;
  payee: string;
  site?: string;
  orderNumber?: string;
  items: { name: string; quantity: number; measurementUnit?: string; total: Money }[];
  amount: Money;
  /** What the gateway took off. */
  discount?: Money;
  /** What was given back, when anything was. */
  refunded?: Money;
  state: PageState;
  notice?: { tone: 'good' | 'bad' | 'plain'; text: LocalText };
  forms: FormView['forms'];
  samples: NonNullable<FormView['samples']>;
  /** A safe address. */
  returnUrl?: string;
  /** Leads to `returnUrl` on its own. */
  leavesInSeconds?: number;
  reloadSeconds?: number;
  /** Offers to load the page again. */
  retry?: boolean;
}

/** The module's logo; relative, as the form's way back: the api may be behind a path. */
const LOGO = '../logo.svg';

const STYLE = `
  :root { color-scheme: light dark; --line: #c9d0da; --soft: #5a6675; --good: #1b6e3c; --bad: #b3261e; --act: #0f5fcc; }
  @media (prefers-color-scheme: dark) { :root { --line: #434b57; --soft: #a7b1bf; --good: #6fd39a; --bad: #ff9a92; --act: #2f7ae5; } }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 34rem; padding: 0 1rem; overflow-wrap: anywhere; }
  header { display: flex; align-items: center; gap: .8rem; } header img { width: 40px; height: 40px; object-fit: contain; }
  h1 { font-size: 1.2rem; margin: 0; } dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem .8rem; } dt { color: var(--soft); } dd { margin: 0; }
  table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: normal; color: var(--soft); }
  th, td { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } .sum { text-align: right; white-space: nowrap; padding-right: 0; }
  .total { font-size: 1.5rem; font-weight: 600; margin: 1rem 0 .3rem; } .state, .notice { margin: .4rem 0; } .good { color: var(--good); } .bad { color: var(--bad); }
  form { margin: 1rem 0; } label { display: block; color: var(--soft); } input { font: inherit; width: 100%; box-sizing: border-box; padding: .6rem; margin: .2rem 0 .8rem; border: 1px solid var(--line); border-radius: 6px; }
  button, .button { font: inherit; display: inline-block; padding: .6rem 1.4rem; border: 0; border-radius: 6px; background: var(--act); color: #fff; text-decoration: none; cursor: pointer; }
  code { font: 14px ui-monospace, monospace; white-space: nowrap; }
`;

/** Renders an invoice's page: plain HTML without scripts. */
export function renderInvoice(page: InvoicePage): Page {
  const { language } = page;
  const text = (local: LocalText): string => escapeHtml(local[language]);
  const amount = (value: Money): string => escapeHtml(formatAmount(value, language));
  const tone = page.state === 'paid' || page.state === 'held' ? 'good' : page.state === 'canceled' || page.state === 'expired' ? 'bad' : '';
  const rows = page.items.map(
    (item) =>
      `<tr><td>${escapeHtml(item.name)}</td><td>${escapeHtml(formatQuantity(item, language))}</td><td class="sum">${amount(item.total)}</td></tr>`,
  );
  const facts = [
    [PAGE_TEXTS.payee, [page.payee, page.site].filter(Boolean).join(', ')],
    [PAGE_TEXTS.order, page.orderNumber],
  ] as const;
  const body = `
<header><img src="${LOGO}" alt=""><h1>${text(PAGE_TEXTS.title)}</h1></header>
<dl>${facts.map(([name, value]) => (value ? `<dt>${text(name)}</dt><dd>${escapeHtml(value)}</dd>` : '')).join('')}</dl>
${rows.length > 0 ? `<table><thead><tr><th>${text(PAGE_TEXTS.item)}</th><th>${text(PAGE_TEXTS.quantity)}</th><th class="sum">${text(PAGE_TEXTS.sum)}</th></tr></thead><tbody>${rows.join('')}</tbody></table>` : ''}
${page.discount ? `<p>${text(PAGE_TEXTS.discount)}: ${amount(page.discount)}</p>` : ''}
<p class="total">${text(PAGE_TEXTS.total)}: ${amount(page.amount)}</p>
${page.refunded ? `<p>${text(PAGE_TEXTS.refundedPart)}: ${amount(page.refunded)}</p>` : ''}
<p class="state ${tone}" role="status">${text(STATE_TEXTS[page.state])}</p>
${page.notice ? `<p class="notice ${page.notice.tone}" role="alert">${text(page.notice.text)}</p>` : ''}
${page.forms.map((form) => renderForm(form, text)).join('\n')}
${page.retry ? `<p><a class="button" href="?">${text(PAGE_TEXTS.reload)}</a></p>` : ''}
${page.returnUrl ? `<p><a ${page.forms.length === 0 ? 'class="button" ' : ''}href="${escapeHtml(page.returnUrl)}" rel="noreferrer">${text(PAGE_TEXTS.back)}</a></p>` : ''}
${page.samples.length > 0 ? `<h2>${text(PAGE_TEXTS.samples)}</h2><table><tbody>${page.samples.map((sample) => `<tr><td><code>${escapeHtml(sample.value)}</code></td><td>${text(sample.text)}</td></tr>`).join('')}</tbody></table>` : ''}`;
  return renderPage(language, `${PAGE_TEXTS.title[language]}: ${page.payee}`, body, renderRefresh(page));
}

/** A page with one line: an unknown link, too many requests. */
export function renderNotice(language: Language, notice: LocalText): Page {
  return renderPage(
    language,
    PAGE_TEXTS.title[language],
    `<h1>${escapeHtml(PAGE_TEXTS.title[language])}</h1><p role="alert">${escapeHtml(notice[language])}</p>`,
    '',
  );
}

function renderPage(language: Language, title: string, body: string, refresh: string): Page {
  const nonce = randomToken(16);
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="${LOGO}">
${refresh}<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>${body}
</body>
</html>`;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
  return { html, policy };
}

function renderRefresh({ returnUrl, leavesInSeconds, reloadSeconds }: InvoicePage): string {
  if (returnUrl && leavesInSeconds !== undefined)
    return `<meta http-equiv="refresh" content="${leavesInSeconds}; url=${escapeHtml(returnUrl)}">\n`;
  return reloadSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${reloadSeconds}">\n`;
}

function renderForm({ fields, submit }: FormView['forms'][number], text: (local: LocalText) => string): string {
  const inputs = fields.map((field) =>
    field.hidden
      ? `<input type="hidden" name="${escapeHtml(field.name)}" value="${escapeHtml(field.value ?? '')}">`
      : `<label>${text(field.label)}<input name="${escapeHtml(field.name)}" value="${escapeHtml(field.value ?? '')}" required maxlength="200"${renderAttribute('inputmode', field.inputMode)}${renderAttribute('autocomplete', field.autocomplete)}${renderAttribute('placeholder', field.placeholder)}></label>`,
  );
  // No action: the form goes to the page's own address.
  return `<form method="post">${inputs.join('')}<button>${text(submit)}</button></form>`;
}

function renderAttribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escapeHtml(value)}"`;
}

function formatAmount(value: Money, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency: value.currency }).format(toWireAmount(value));
}

function formatQuantity({ quantity, measurementUnit }: { quantity: number; measurementUnit?: string }, language: Language): string {
  return [new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(quantity), measurementUnit].filter(Boolean).join(' ');
}
