/**
 * Builds the page's script. It follows the connection by the account page's stream of events, and updates the
 * shown state after a change. `token`: of the page's session, renewed while the page is open.
 */
export function buildScript(token: string): string {
  return `
let token = ${JSON.stringify(token)};
const [state, stale] = ['state', 'stale'].map((id) => document.getElementById(id));
let shown;
const ask = (path, method = 'GET') => fetch('../../account/api/' + path, { method, headers: { authorization: 'Bearer ' + token } });
async function renew() {
  const reply = await ask('session', 'POST');
  if (reply.ok) ({ token } = await reply.json());
  return reply.status !== 401;
}
async function show() {
  const reply = await ask('telephony');
  const html = await reply.text();
  if (reply.ok && html !== shown) state.innerHTML = shown = html;
}
async function follow() {
  const reply = await ask('live');
  if (!reply.ok) return;
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  stale.hidden = true;
  for (let text = ''; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    if (!text.includes('\\n\\n')) continue;
    const changed = text.includes('event: changed');
    text = '';
    if (changed) await show();
  }
}
setInterval(() => renew().catch(() => undefined), 20 * 60_000);
while (await renew().catch(() => true)) {
  await follow().catch(() => undefined);
  stale.hidden = false;
  await new Promise((go) => setTimeout(go, 5_000));
}
stale.hidden = false;
`;
}
