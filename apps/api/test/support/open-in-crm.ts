import type { Frame, Page } from 'playwright-core';
import type { Account } from './account.js';

/** Opens the module's page as the CRM does: posted into a frame of the CRM's own page. */
export async function openInCrm(page: Page, { crm, host, module, clientId }: Account): Promise<Frame> {
  const crmPage = `${crm.url}/admin/integration`;
  await page.unroute(crmPage);
  await page.route(crmPage, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
        <style>body { margin: 0 } iframe { border: 0; width: 100%; height: 98vh }</style><iframe name="module"></iframe>
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
