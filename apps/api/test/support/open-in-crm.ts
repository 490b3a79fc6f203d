import type { Frame, Page } from 'playwright-core';
import type { Account } from './account.js';

/**
 * Opens the module's page as the CRM does: posted into a frame of the CRM's own page. `sandbox`: the
 * attribute of the frame. Missing: the frame has no sandbox.
 */
export async function openInCrm(page: Page, { crm, host, module, clientId }: Account, sandbox?: string): Promise<Frame> {
  const crmPage = `${crm.url}/admin/integration`;
  await page.unroute(crmPage);
  await page.route(crmPage, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
        <style>body { margin: 0 } iframe { border: 0; width: 100%; height: 98vh }</style><iframe name="module"${sandbox === undefined ? '' : ` sandbox="${sandbox}"`}></iframe>
        <form method="post" target="module" action="${host.url}/${module}/account"><input type="hidden" name="clientId" value="${clientId}"></form>
        <script>document.forms[0].submit()</script>`,
    }),
  );
  await page.goto(crmPage);
  const frame = page.frame('module');
  if (!frame) throw new Error('no frame');
  await frame.locator('.ui-menu a').first().waitFor();
  return frame;
}

/** Opens the page of an account outside the CRM, because axe cannot look into a frame of another site. */
export async function openAlone(page: Page, { host, module, clientId }: Account): Promise<void> {
  await page.setContent(
    `<form method="post" action="${host.url}/${module}/account"><input name="clientId" value="${clientId}"><button>Open</button></form>`,
  );
  await page.getByRole('button', { name: 'Open' }).click();
  await page.locator('.ui-menu a').first().waitFor();
}

/** Goes to a section of an account page. */
export const showSection = (frame: Frame, section: string): Promise<void> => frame.locator(`.ui-menu a[href="#${section}"]`).click();

/** Presses "Save", and returns the text that the page then shows. */
export async function pressSave(frame: Frame): Promise<string> {
  await frame.getByRole('button', { name: 'Save', exact: true }).click();
  const note = frame.locator('.save-bar [role=status]');
  await note.filter({ hasText: /aved/ }).waitFor();
  return note.innerText();
}
