import { readFileSync } from 'node:fs';
import { escapeHtml, toLanguage, type LocalText, randomToken, textFor } from '#platform';
import { type Connection, isLive, nameConnection } from '#connections';
import type { ProviderManifest } from '#provider-kit';
import { PAGE_TEXTS, SCRIPT_TEXTS } from './account-page.texts.js';
import type { PageData } from './page/page-data.js';

const STYLE = `
  :root { --ink: #1c2430; --soft: #5a6675; --line: #b8c0cc; --back: #f5f7fa; --act: #0f5fcc; --good: #1b6e3c; --bad: #b3261e; }
  * { box-sizing: border-box; } html { scroll-padding-bottom: 9rem; }
  body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 52rem; padding: 0 1rem; color: var(--ink); background: #fff; overflow-wrap: anywhere; }
  header { display: flex; align-items: center; gap: .8rem; } header img { width: 40px; height: 40px; object-fit: contain; }
  header p { margin: 0; color: var(--soft); } h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1.1rem; margin: 1.5rem 0 0; }
  fieldset { min-width: 0; border: 1px solid var(--line); border-radius: 8px; margin: 1.2rem 0; padding: .4rem 1rem 1rem; }
  .presets { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
  .notice { border-left: 3px solid var(--bad); background: var(--back); padding: .6rem .9rem; margin: 1rem 0 0; }
  legend { font-weight: 600; padding: 0 .3rem; } .fields { border: 0; padding: 0; margin: 0; }
  .field { margin: .9rem 0; max-width: 36rem; } label { display: block; font-weight: 500; margin-bottom: .2rem; }
  .check { display: flex; gap: .5rem; align-items: baseline; font-weight: normal; margin: .3rem 0; }
  .must, .error, .bad { color: var(--bad); } .good { color: var(--good); } .hint, .unit, .none { color: var(--soft); } .hint, .error { font-size: .87rem; margin: .2rem 0 0; }
  .error:empty { display: none; }
  input:not([type=checkbox]), select, textarea { font: inherit; color: inherit; width: 100%; padding: .45rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: #fff; }
  ::placeholder { color: #6b7685; opacity: 1; } input:disabled { background: var(--back); } .code { font: 13px/1.4 ui-monospace, monospace; }
  [aria-invalid=true] { border-color: var(--bad) !important; box-shadow: 0 0 0 1px var(--bad); }
  :focus-visible { outline: 2px solid var(--act); outline-offset: 1px; }
  .measured { display: flex; align-items: center; gap: .6rem; } .measured input { width: 9rem; } input.number { max-width: 12rem; } .row input.number { max-width: none; }
  button { font: inherit; padding: .5rem 1.4rem; border: 1px solid var(--act); border-radius: 6px; background: var(--act); color: #fff; cursor: pointer; white-space: nowrap; }
  button.plain { padding: .35rem .9rem; background: #fff; color: var(--act); border-color: var(--line); } button:disabled { opacity: .5; cursor: default; }
  section { scroll-margin-top: 1rem; margin: 1.2rem 0 0; padding: .6rem 1rem .8rem; border: 1px solid var(--line); border-radius: 8px; } section :is(h2, h3) { margin: 0; font-size: 1.1rem; }
  article { border: 1px solid var(--line); border-radius: 8px; margin: 1.5rem 0; padding: 0 1.2rem; } article > h2 { margin: .9rem 0 .6rem; }
  section p { margin: .4rem 0 0; } .actions { display: flex; flex-wrap: wrap; gap: .5rem; } .step { margin: .8rem 0; } .step .field { max-width: none; }
  .warning { color: #805000; } .found { font-size: .87rem; margin: .2rem 0 0; color: var(--soft); } .found.good { color: var(--good); } .found:empty { display: none; }
  .combo { position: relative; } .combo input { padding-right: 1.8rem; } .arrow { position: absolute; right: .7rem; top: .45rem; color: var(--soft); pointer-events: none; }
  [role=listbox] { position: absolute; z-index: 2; left: 0; top: calc(100% + 2px); min-width: 100%; width: max-content; max-width: min(26rem, 85vw); max-height: 15rem; overflow: auto; margin: 0; padding: .25rem 0; list-style: none; background: #fff; border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 4px 14px #0003; }
  [role=listbox].end { left: auto; right: 0; } [role=option] { padding: .4rem .7rem; cursor: pointer; } [role=option] small { display: block; color: var(--soft); }
  [role=option]:hover { background: var(--back); } [role=option][aria-selected=true] { background: #dfeafb; }
  .rows { margin: .6rem 0; } details { border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; padding: 0 .9rem; background: var(--back); }
  details[open] { padding-bottom: .8rem; } summary { padding: .55rem 0; cursor: pointer; font-weight: 500; } details fieldset { background: #fff; }
  .row { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)) auto; gap: 0 .6rem; align-items: start; margin: .5rem 0; } .row .field { margin: 0; }
  .row > .error { grid-column: 1 / -1; } .row.item { grid-template-columns: minmax(0, 36rem) auto; justify-content: start; border: 0; padding: 0; background: none; }
  .ordered { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .4rem; align-items: start; } .ordered > details { margin: .3rem 0; }
  .moves { display: flex; gap: .3rem; margin-top: .3rem; } .moves button { padding: .35rem .6rem; }
  #rules { background: #fff; } #rules > summary h2 { display: inline; } #rules h3 { font-size: 1rem; margin: 1.2rem 0 0; } .result { overflow-x: auto; }
  table { border-collapse: collapse; margin: .6rem 0; } th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; }
  .bar { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; padding: .8rem 0; background: #fff; border-top: 1px solid var(--line); }
  .note { white-space: pre-wrap; margin: 0; flex: 1 1 14rem; } .address { display: flex; gap: .5rem; } .address input { min-width: 0; }
  .instances { list-style: none; margin: 0; padding: 0; } .instances li { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; padding: .55rem 0; border-bottom: 1px solid var(--line); }
  .instances .about { flex: 1 1 14rem; } .instances .about p { margin: 0; } .instances form, .adding { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; flex: 1 1 100%; margin: .6rem 0 0; } .instances form .field, .adding .field { flex: 1 1 14rem; margin: 0; }
  @media (min-width: 40rem) {
    .row:not(.item):first-child .remove { margin-top: 1.6rem; }
    .row:not(:first-child) :is(label, .hint) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  }
  @media (max-width: 39.99rem) {
    .ordered { grid-template-columns: minmax(0, 1fr); } .moves { order: -1; justify-content: end; margin: .6rem 0 0; }
    .row { grid-template-columns: 1fr; border: 1px solid var(--line); border-radius: 6px; padding: .7rem; background: var(--back); gap: .6rem; } .row .remove { justify-self: end; }
    .row:not(:first-child) .hint { display: none; }
    fieldset { padding: .3rem .7rem .8rem; }
  }
`;

/** Files of the page's script, each after what it uses. */
const SCRIPTS = [
  ...['dom', 'page-api', 'form-values', 'lookups', 'combobox-state', 'service-state'],
  ...['combobox', 'service-panel', 'form-view', 'form-panel', 'settings-form', 'rules-form', 'instances-panel'],
];

let script: string | undefined;

/** The page's script, compiled for the browser, as one document: without imports and source maps. */
function pageScript(): string {
  const texts = SCRIPTS.map((name) => readFileSync(new URL(`page/${name}.js`, import.meta.url), 'utf8'));
  return texts.join('\n').replace(/^(import [^;]*;|\/\/# sourceMappingURL=.*)$/gm, '');
}

/** What of a connection's page depends on one provider. */
export interface PagePart {
  provider: Pick<ProviderManifest<object>, 'code' | 'title'>;
  /** Where its service sends webhooks, for the account's user to enter there. */
  webhookUrl?: string | undefined;
  /** Settings can be tried at its service. */
  canCheck: boolean;
  /** It leaves something to rule. */
  hasRules: boolean;
  notices: readonly LocalText[];
}

/**
 * Renders a connection's account page: state, notices, and for each provider what stands at its service,
 * its settings form and, if it has one, its webhook address.
 * @returns the page and the Content-Security-Policy that it needs
 */
export function accountPage(
  connection: Connection,
  token: string,
  { notices, parts }: { notices: readonly LocalText[]; parts: readonly PagePart[] },
): { html: string; policy: string } {
  const language = toLanguage(connection.account.language);
  const text = (local: LocalText): string => escapeHtml(textFor(local, language));
  const nonce = randomToken(16);
  const name = escapeHtml(nameConnection(connection));
  const { multiAccount } = connection.module;
  const texts = Object.fromEntries(Object.entries(SCRIPT_TEXTS).map(([key, local]) => [key, local[language]])) as PageData['texts'];
  const isCombined = parts.length > 1;
  const toForm = ({ provider }: PagePart): Omit<PageData, 'texts'> => ({ token, language, ...(isCombined && { provider: provider.code }) });
  const forms = parts.map(toForm);
  const ruled = parts.find(({ hasRules }) => hasRules);
  const toScript = (value: object): string => JSON.stringify(value).replaceAll('<', '\\u003c');
  script ??= pageScript();
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="logo.svg">
<title>${name}: ${text(PAGE_TEXTS.title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<header>
  <img src="logo.svg" alt="">
  <div><h1>${name}</h1><p>${escapeHtml(connection.systemUrl)}: <b>${text(isLive(connection) ? PAGE_TEXTS.active : PAGE_TEXTS.inactive)}</b></p></div>
</header>
<main>
${renderNotices(notices, text)}${multiAccount ? renderInstances(text) : ''}${parts.map((part) => renderPart(part, isCombined, text)).join('')}${ruled ? renderRules(text) : ''}</main>
<script type="module" nonce="${nonce}">
${script}
const texts = ${toScript(texts)};
for (const form of ${toScript(forms)}) openForm({ ...form, texts });${multiAccount ? `\nopenInstances({ ...${toScript({ token, language })}, texts });` : ''}${ruled ? `\nopenRules({ ...${toScript(toForm(ruled))}, texts });` : ''}
</script>
</body>
</html>`;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${connection.systemUrl}`;
  return { html, policy };
}

/** What the account rules beside the settings of the one provider that allows it. */
function renderRules(text: (local: LocalText) => string): string {
  return `<details id="rules">
  <summary><h2>${text(PAGE_TEXTS.rules)}</h2></summary>
  <p class="hint">${text(PAGE_TEXTS.rulesHint)}</p>
  <form class="entered" novalidate>
    <fieldset class="fields" aria-label="${text(PAGE_TEXTS.rules)}"></fieldset>
    <div class="bar"><button class="save" hidden>${text(PAGE_TEXTS.saveRules)}</button><p class="note" role="status"></p></div>
  </form>
  <h3>${text(PAGE_TEXTS.trial)}</h3>
  <p class="hint">${text(PAGE_TEXTS.trialHint)}</p>
  <form class="sample" novalidate>
    <fieldset class="fields" aria-label="${text(PAGE_TEXTS.trial)}"></fieldset>
    <div><button class="plain try" hidden>${text(PAGE_TEXTS.tryRules)}</button><p class="note" role="status"></p></div>
  </form>
  <div class="result" aria-live="polite"></div>
</details>
`;
}

function renderNotices(notices: readonly LocalText[], text: (local: LocalText) => string): string {
  return notices.map((notice) => `<p class="notice" role="note">${text(notice)}</p>\n`).join('');
}

function renderInstances(text: (local: LocalText) => string): string {
  const title = text(PAGE_TEXTS.instances);
  return `<section id="instances" aria-label="${title}"><h2>${title}</h2></section>\n`;
}

/** A provider's part of the page; that of a combined module is framed, and ids end in the provider's code. */
function renderPart(
  { provider, webhookUrl, canCheck, notices }: PagePart,
  isCombined: boolean,
  text: (local: LocalText) => string,
): string {
  const title = text(isCombined ? provider.title : PAGE_TEXTS.title);
  const id = (element: string): string => escapeHtml(isCombined ? `${element}-${provider.code}` : element);
  const name = (button: string): string => (isCombined ? ` aria-label="${button}: ${title}"` : '');
  const heading = `<h2>${title}</h2>\n`;
  const level = isCombined ? 'h3' : 'h2';
  const [save, check] = [text(PAGE_TEXTS.save), text(PAGE_TEXTS.checkNow)];
  const checkNow = canCheck ? `<button type="button" class="plain" id="${id('check')}"${name(check)} hidden>${check}</button>` : '';
  const address =
    webhookUrl === undefined
      ? ''
      : `<p><label for="${id('webhook')}">${text(PAGE_TEXTS.webhooks)}</label><span class="address"><input id="${id('webhook')}" readonly value="${escapeHtml(webhookUrl)}"><button type="button" class="plain" id="${id('copy')}">${text(SCRIPT_TEXTS.copy)}</button></span></p>`;
  const part = `${isCombined ? heading : ''}${renderNotices(notices, text)}<section id="${id('service')}" aria-label="${text(PAGE_TEXTS.service)}" hidden><${level}>${text(PAGE_TEXTS.service)}</${level}></section>
${isCombined ? '' : heading}<form id="${id('form')}" novalidate>
  <fieldset id="${id('fields')}" class="fields" aria-label="${title}"></fieldset>
  <div class="bar"><button id="${id('save')}"${name(save)} hidden>${save}</button>${checkNow}<p id="${id('note')}" class="note" role="status"></p></div>
</form>
${address}
`;
  return isCombined ? `<article>\n${part}</article>\n` : part;
}
