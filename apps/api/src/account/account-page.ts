import { escapeHtml, type LocalText, randomToken, textFor } from '#platform';
import type { Connection } from '#connections';

const TEXTS: Record<'title' | 'active' | 'inactive' | 'save' | 'saved' | 'hint' | 'webhooks', LocalText> = {
  title: { en: 'Settings', es: 'Ajustes', ru: 'Настройки' },
  active: { en: 'connected', es: 'conectado', ru: 'подключён' },
  inactive: { en: 'switched off', es: 'desactivado', ru: 'отключён' },
  save: { en: 'Save', es: 'Guardar', ru: 'Сохранить' },
  saved: {
    en: 'Saved; the module is being registered anew.',
    es: 'Guardado; el módulo se registra de nuevo.',
    ru: 'Сохранено; модуль регистрируется заново.',
  },
  hint: {
    en: 'The settings as JSON. Secrets are not shown; one left as it is stays.',
    es: 'Los ajustes en JSON. Los secretos no se muestran; los que no se cambian se conservan.',
    ru: 'Настройки в виде JSON. Секреты не показываются; неизменённые сохраняются.',
  },
  webhooks: {
    en: "Address for the provider's webhooks, where it sends any:",
    es: 'Dirección para los webhooks del proveedor, si los envía:',
    ru: 'Адрес для вебхуков поставщика, если он их отправляет:',
  },
};

/** The plain account page of a connection: its state, its settings, a button. Gives the page and the Content-Security-Policy it needs. */
export function accountPage(connection: Connection, token: string, webhookUrl: string): { html: string; policy: string } {
  const { language } = connection.account;
  const text = (key: keyof typeof TEXTS): string => escapeHtml(textFor(TEXTS[key], language));
  const nonce = randomToken(16);
  const name = escapeHtml(connection.module.name);
  const data = JSON.stringify({
    token,
    url: `/${connection.module.code}/account/api/settings`,
    saved: textFor(TEXTS.saved, language),
  }).replaceAll('<', '\\u003c');
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: ${text('title')}</title>
<style nonce="${nonce}">
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2430; background: #fff; }
  textarea { width: 100%; height: 60vh; font: 13px/1.4 ui-monospace, monospace; box-sizing: border-box; padding: .6rem; border: 1px solid #b8c0cc; border-radius: 6px; }
  button { font: inherit; padding: .5rem 1.4rem; border: 0; border-radius: 6px; background: #0f62d6; color: #fff; cursor: pointer; }
  button:disabled { background: #9aa7b8; }
  #note { white-space: pre-wrap; } #note.bad { color: #b3261e; } #note.good { color: #1b6e3c; }
  .hint { color: #5a6675; }
</style>
</head>
<body>
<h1>${name}</h1>
<p>${escapeHtml(connection.systemUrl)}: <b>${text(connection.active && !connection.frozen ? 'active' : 'inactive')}</b></p>
<h2>${text('title')}</h2>
<p class="hint">${text('hint')}</p>
<form id="form">
  <textarea id="values" spellcheck="false" aria-label="${text('title')}"></textarea>
  <p><button id="save">${text('save')}</button></p>
  <p id="note" role="status"></p>
</form>
<p class="hint">${text('webhooks')} <code>${escapeHtml(webhookUrl)}</code></p>
<script nonce="${nonce}">
  const page = ${data};
  const values = document.getElementById('values'), note = document.getElementById('note'), save = document.getElementById('save');
  const show = (text, good) => { note.textContent = text; note.className = good ? 'good' : 'bad'; };
  const call = async (options) => {
    const reply = await fetch(page.url, { ...options, headers: { authorization: 'Bearer ' + page.token, 'content-type': 'application/json' } });
    const body = await reply.json();
    if (!reply.ok) throw new Error([body.errorMsg, ...Object.entries(body.errors ?? {}).map(([path, problem]) => path + ' ' + problem)].join('\\n'));
    values.value = JSON.stringify(body.values, null, 2);
  };
  call({}).catch((error) => show(error.message, false));
  document.getElementById('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    save.disabled = true;
    try { await call({ method: 'PUT', body: JSON.stringify(JSON.parse(values.value)) }); show(page.saved, true); }
    catch (error) { show(error.message, false); }
    finally { save.disabled = false; }
  });
</script>
</body>
</html>`;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${connection.systemUrl}`;
  return { html, policy };
}
