import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlClient } from '../../../lab/sandbox-crm/src/cli/control-client.js';
import { runDemo } from '../../../lab/sandbox-crm/src/demo/demo.js';
import { browserPath, startBrowser } from './support/browser.js';
import { ChatHost, MODULE } from './support/chat-host.js';
import { findBarriers, PageWatch } from './support/page-watch.js';
import { COMMON_SETTINGS } from './support/test-servers.js';

let host: ChatHost;

beforeAll(async () => {
  host = await ChatHost.start();
});
afterAll(() => host?.close());

async function play(): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await runDemo(new ControlClient(host.crm.url, 'default'), {
    ...{ module: MODULE, moduleUrl: `${host.url}/${MODULE}`, secret: `development-secret-of-${MODULE}` },
    ...{ operatorToken: COMMON_SETTINGS.OPERATOR_TOKEN, messenger: host.desk.messenger.url, wait: 30_000 },
    print: (line) => lines.push(line),
  });
  return { code, text: lines.join('\n') };
}

(browserPath === undefined ? it.skip : it)(
  "the sandbox CRM's screens show what a customer writes, and send a manager's answer",
  async () => {
    const { messenger, gateway } = host.desk;
    const browser = await startBrowser();
    try {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
      page.setDefaultTimeout(20_000);
      // The pages of modules, which the screens show the logos of, are at the api.
      const watch = new PageWatch(page, [host.crm.url, host.url]);
      await page.goto(`${host.crm.url}/#/dialogues`);
      await page.getByRole('heading', { name: 'Dialogues' }).waitFor();
      messenger.write({ person: 'ann', text: 'Is the <b>samovar</b> there?' });
      const messages = page.getByRole('list', { name: 'Messages' });
      await messages.getByText('Is the <b>samovar</b> there?').first().waitFor();
      await page.getByRole('textbox', { name: 'Message' }).fill('The last one');
      await page.getByRole('button', { name: 'Send' }).click();
      await messages
        .getByText(/· sent/)
        .first()
        .waitFor();
      expect(host.desk.texts('ann')).toContain('The last one');
      expect(await findBarriers(page)).toEqual([]);
      expect(watch).toMatchObject({ complaints: [], foreign: [] });
      expect(gateway.complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);

describe("the sandbox CRM's demo of a messenger", () => {
  it('plays a dialogue: a customer’s message comes, and the answer is sent', async () => {
    const { messenger, gateway } = host.desk;
    messenger.setWebhookUrl({ url: undefined });
    const { code, text } = await play();
    expect([code, text]).toEqual([0, expect.stringContaining('All went as the contract says.')]);
    expect(text).toMatch(/text: creating both, [^\n]*max_chars_count 4096/);
    const [asked, answered] = messenger.messages.slice(-2);
    expect([asked, answered]).toMatchObject([{ by: 'customer' }, { by: 'shop', chat: asked?.chat }]);
    expect(text).toContain(`customer: "${asked?.text}"  [external id ${asked?.id}]`);
    expect(text).toContain(`manager: "${answered?.text}"  [sent, external id ${answered?.id}]`);
    expect(gateway.complaints).toEqual([]);
    expect([gateway.duplicates(), messenger.duplicates()]).toEqual([[], []]);
  });

  it('shows the code of an answer that the messenger refuses', async () => {
    const { messenger } = host.desk;
    messenger.block('ann');
    const { code, text } = await play();
    expect([code, text]).toEqual([1, expect.stringContaining("the manager's message is failed, access_restricted")]);
  });
});
