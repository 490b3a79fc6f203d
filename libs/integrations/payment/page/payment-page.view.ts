import { escapeHtml, type Language, type LocalText, type RenderedPage, renderPlainPage, textFor } from '#platform';
import { type Money, toWireAmount } from '#provider-kit';
import { texts } from '../payment.texts.js';
import type { FormView } from '../port/index.js';
import { type PageState, STATE_TEXTS } from './page.texts.js';
import { BACK_ID, buildFollowingScript, buildLeavingScript } from './payment-page.script.js';

/** Contents of a buyer's page. */
export interface InvoicePage {
  language: Language;
  payee: string;
  site?: string;
  orderNumber?: string;
  items: { name: string; quantity: number; measurementUnit?: string; total: Money }[];
  amount: Money;
  /** Discount granted by the gateway. */
  discount?: Money;
  /** Refunded amount, if there is one. */
  refunded?: Money;
  state: PageState;
  notice?: { tone: 'good' | 'bad' | 'plain'; text: LocalText };
  forms: FormView['forms'];
  samples: NonNullable<FormView['samples']>;
  /** Index of the sample that the buyer clicked. Its value is filled in. */
  sample?: number;
  /** Whether this is a test in which no money moves. */
  isTest?: true;
  /** A checked address that is safe to link to. */
  returnUrl?: string;
  /** Redirects to `returnUrl` after this time. */
  leavesInSeconds?: number;
  reloadSeconds?: number;
  /** Whether to show a button that reloads the page. */
  retry?: boolean;
}

/** The module's logo. Relative, like the form's target, because the api may be served below a path. */
const LOGO = '../logo.svg';

const STYLE = `
  .test { margin: 0 0 1rem; padding: .5rem .8rem; border-radius: 4px; background: var(--warn-soft); color: var(--warn); font-weight: 600; }
  header { display: flex; align-items: center; gap: .8rem; } header img { width: 40px; height: 40px; object-fit: contain; } h1 { margin: 0; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem .8rem; } dt { color: var(--soft); } dd { margin: 0; }
  .sum { text-align: right; white-space: nowrap; padding-right: 0; font-variant-numeric: tabular-nums; } .total { font-size: 1.5rem; font-weight: 600; margin: 1rem 0 .3rem; } .state, .notice { margin: .4rem 0; }
  form { margin: 1rem 0; } label { display: block; color: var(--soft); } input { font: inherit; width: 100%; padding: .6rem; margin: .2rem 0 .8rem; border: 1px solid var(--edge); border-radius: 4px; color: var(--ink); background: var(--card); } ::placeholder { color: var(--soft); opacity: 1; }
  button, .button { font: inherit; display: inline-block; padding: .6rem 1.4rem; border: 0; border-radius: 4px; background: var(--link); color: var(--on-link); text-decoration: none; cursor: pointer; }
  form + form button { background: none; color: var(--link); box-shadow: inset 0 0 0 1px var(--edge); }
  .samples a { font: 14px/1.5 ui-monospace, monospace; white-space: nowrap; display: inline-block; padding: .15rem 0; }
`;

/** Renders an invoice's page as plain HTML. The page also works without its script. */
export function renderInvoice(page: InvoicePage): RenderedPage {
  const { language } = page;
  const entered = page.samples[page.sample ?? -1]?.value;
  // A notice of a declined card is hidden once the buyer clicks another sample card.
  const notice = entered === undefined ? page.notice : undefined;
  const leaves = page.returnUrl !== undefined && page.leavesInSeconds !== undefined;
  const text = (local: LocalText): string => escapeHtml(textFor(local, language));
  const amount = (value: Money): string => escapeHtml(formatAmount(value, language));
  const tone = page.state === 'paid' || page.state === 'held' ? 'good' : page.state === 'canceled' || page.state === 'expired' ? 'bad' : '';
  const rows = page.items.map(
    (item) =>
      `<tr><td>${escapeHtml(item.name)}</td><td>${escapeHtml(formatQuantity(item, language))}</td><td class="sum">${amount(item.total)}</td></tr>`,
  );
  const facts = [
    [texts.page.payee, [page.payee, page.site].filter(Boolean).join(', ')],
    [texts.page.order, page.orderNumber],
  ] as const;
  const body = `${page.isTest ? `<p class="test">${text(texts.page.test)}</p>` : ''}
<header><img src="${LOGO}" alt=""><h1>${text(texts.page.title)}</h1></header>
<dl>${facts.map(([name, value]) => (value ? `<dt>${text(name)}</dt><dd>${escapeHtml(value)}</dd>` : '')).join('')}</dl>
${rows.length > 0 ? `<table><thead><tr><th>${text(texts.page.item)}</th><th>${text(texts.page.quantity)}</th><th class="sum">${text(texts.page.sum)}</th></tr></thead><tbody>${rows.join('')}</tbody></table>` : ''}
${page.discount ? `<p>${text(texts.page.discount)}: ${amount(page.discount)}</p>` : ''}
<p class="total">${text(texts.page.total)}: ${amount(page.amount)}</p>
${page.refunded ? `<p>${text(texts.page.refundedPart)}: ${amount(page.refunded)}</p>` : ''}
<p class="state ${tone}" role="status">${text(STATE_TEXTS[page.state])}</p>
${notice ? `<p class="notice ${notice.tone}" role="alert">${text(notice.text)}</p>` : ''}
${page.forms.map((form) => renderForm(form, text, entered)).join('\n')}
${page.retry ? `<p><a class="button" href="?">${text(texts.page.reload)}</a></p>` : ''}
${leaves ? `<p>${text(texts.page.leaves)}</p>` : ''}
${page.returnUrl ? `<p><a id="${BACK_ID}" ${page.forms.length === 0 ? 'class="button" ' : ''}href="${escapeHtml(page.returnUrl)}" rel="noreferrer">${text(texts.page.back)}</a></p>` : ''}
${page.samples.length > 0 ? `<h2>${text(texts.page.samples)}</h2><table class="samples"><tbody>${page.samples.map((sample, place) => `<tr><td><a href="?sample=${place}">${escapeHtml(sample.value)}</a></td><td>${text(sample.text)}</td></tr>`).join('')}</tbody></table>` : ''}`;
  return renderPage(language, `${textFor(texts.page.title, language)}: ${page.payee}`, body, renderMoving(page));
}

/** Renders a page that posts fields to the gateway, and to no other host. Its button needs no scripts. */
export function renderPosting(language: Language, url: string, fields: Readonly<Record<string, string>>): RenderedPage {
  const inputs = Object.entries(fields).map(([name, value]) => renderHidden(name, value));
  const title = textFor(texts.page.title, language);
  const button = `<button>${escapeHtml(textFor(texts.page.goOn, language))}</button>`;
  const form = `<form method="post" action="${escapeHtml(url)}" accept-charset="utf-8">${inputs.join('')}${button}</form>`;
  const body = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(textFor(texts.page.leaving, language))}</p>${form}`;
  return renderPlainPage({
    ...{ language, title, body, icon: LOGO, style: STYLE, sendsForms: new URL(url).origin },
    // A field may be called `submit`.
    script: 'HTMLFormElement.prototype.submit.call(document.forms[0]);',
  });
}

/** Renders a page with a single line, such as for an unknown link or too many requests. */
export function renderNotice(language: Language, notice: LocalText): RenderedPage {
  return renderPage(
    language,
    textFor(texts.page.title, language),
    `<h1>${escapeHtml(textFor(texts.page.title, language))}</h1><p role="alert">${escapeHtml(textFor(notice, language))}</p>`,
  );
}

function renderPage(language: Language, title: string, body: string, more: Moving = {}): RenderedPage {
  return renderPlainPage({ language, title, body, ...more, icon: LOGO, style: STYLE, sendsForms: true });
}

type Moving = Partial<Record<'head' | 'script', string>>;

/** Renders the redirect to the shop, or the reload that follows a payment in progress. */
function renderMoving({ returnUrl, leavesInSeconds, reloadSeconds }: InvoicePage): Moving {
  if (returnUrl && leavesInSeconds !== undefined)
    return { head: renderRefresh(`${leavesInSeconds}; url=${escapeHtml(returnUrl)}`), script: buildLeavingScript(leavesInSeconds) };
  if (reloadSeconds === undefined) return {};
  return { head: renderRefresh(String(reloadSeconds)), script: buildFollowingScript(reloadSeconds) };
}

/** Renders a refresh for browsers without scripts. */
function renderRefresh(content: string): string {
  return `<noscript><meta http-equiv="refresh" content="${content}"></noscript>\n`;
}

/** `entered`: initial value of the first visible field. */
function renderForm({ fields, submit }: FormView['forms'][number], text: (local: LocalText) => string, entered?: string): string {
  const first = fields.find((field) => !field.hidden);
  const inputs = fields.map((field) =>
    field.hidden
      ? renderHidden(field.name, field.value ?? '')
      : `<label>${text(field.label)}<input name="${escapeHtml(field.name)}" value="${escapeHtml((field === first ? entered : undefined) ?? field.value ?? '')}" required maxlength="200"${renderAttribute('inputmode', field.inputMode)}${renderAttribute('autocomplete', field.autocomplete)}${renderAttribute('placeholder', field.placeholder)}></label>`,
  );
  // Without `action`, the form is sent to the page's own address.
  return `<form method="post">${inputs.join('')}<button${first && entered !== undefined ? ' autofocus' : ''}>${text(submit)}</button></form>`;
}

function renderHidden(name: string, value: string): string {
  return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`;
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
