import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlClient } from '../../../tools/sandbox-crm/src/cli/control-client.js';
import { runDemo } from '../../../tools/sandbox-crm/src/demo/demo.js';
import { ChatHost, MODULE } from './support/chat-host.js';
import { COMMON_SETTINGS } from './support/test-servers.js';

let host: ChatHost;

beforeAll(async () => {
  host = await ChatHost.start();
}, 120_000);
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

describe("the sandbox CRM's demo of a messenger", () => {
  it('plays a dialogue: a customer’s message comes, and the answer is sent', async () => {
    const { messenger, gateway } = host.desk;
    messenger.webhooks.url = undefined;
    const { code, text } = await play();
    expect([code, text]).toEqual([0, expect.stringContaining('All went as the contract says.')]);
    expect(text).toMatch(/text: creating both, [^\n]*max_chars_count 4096/);
    const [asked, answered] = messenger.messages;
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
