/** The id of the link that leads back to the shop. */
export const BACK_ID = 'back';

/** Builds the script that follows the link back to the shop. */
export function buildLeavingScript(seconds: number): string {
  return `setTimeout(() => location.assign(document.getElementById('${BACK_ID}').href), ${seconds * 1000});`;
}

/** Builds the script that reloads the page once its text has changed. Until then the page does not move. */
export function buildFollowingScript(seconds: number): string {
  return `
const shown = document.querySelector('main').textContent;
// Ignores the style, because its nonce differs in every response.
const read = (html) => new DOMParser().parseFromString(/<main>.*<\\/main>/s.exec(html)?.[0] ?? '', 'text/html').body.textContent;
async function look() {
  const reply = await fetch(location.href, { redirect: 'manual' }).catch(() => undefined);
  const isElsewhere = reply?.type === 'opaqueredirect';
  if (isElsewhere || (reply?.ok && read(await reply.text()) !== shown)) location.reload();
  else setTimeout(look, ${seconds * 1000});
}
setTimeout(look, ${seconds * 1000});
`;
}
