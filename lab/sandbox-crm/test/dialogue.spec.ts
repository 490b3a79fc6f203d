import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeMessenger, MessageGateway } from '#testing';
import { ControlClient } from '../src/cli/control-client.js';
import { createProgram } from '../src/cli/program.js';
import { runDemo } from '../src/demo/demo.js';
import { readEnvironment } from '../src/environment.js';
import { type JsonObject, asObject } from '../src/json.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

const SETTINGS = {
  text: { creating: 'both', editing: 'receive', quoting: 'none', max_chars_count: 100 },
  reactions: { dictionary: ['👍', '🔥'] },
  status: { read: 'none' },
  sending_policy: { new_customer: 'text' },
};

let gateway: MessageGateway;
let bench: SandboxBench;
let module: StandInModule;
let messages = 0;

/** Connects a deployment's messenger module. Each test plays the parts that it needs. */
async function connect(): Promise<JsonObject> {
  module.registrationPatch = { integrations: { mgTransport: { isActive: true, webhookUrl: `${module.url}/mg/secret` } } };
  return (await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url })).body;
}

/** Calls the gateway's API with the module's token. */
async function callGateway(path: string, body: object): Promise<JsonObject> {
  const { token } = asObject(asObject(module.registered['info'] as JsonObject)['mgTransport']);
  const reply = await fetch(`${gateway.url}/api/transport/v1${path}`, {
    method: 'POST',
    headers: { 'x-transport-token': String(token), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(await reply.text());
  return (await reply.json()) as JsonObject;
}

async function openChannel(): Promise<number> {
  return Number((await callGateway('/channels', { type: 'custom', name: '@shop', external_id: 'shop', settings: SETTINGS }))['id']);
}

/** Sends a customer's message. Returns its id at the gateway. */
async function arrive(channel: number, text: string): Promise<number> {
  const { message_id: id } = await callGateway('/messages', {
    ...{ channel, external_chat_id: 'chat-ann', originator: 'customer', customer: { external_id: 'ann', nickname: 'ann' } },
    message: { type: 'text', external_id: `in-${++messages}`, text },
  });
  return Number(id);
}

/** Sets the module's reply to a manager's message. */
const answerManagers = (body: object): unknown => module.wrong.set('mg', { status: 200, body });
const acceptManagers = (): unknown => answerManagers({ external_message_id: `out-${++messages}`, async: false });
const refuseManagers = (): unknown =>
  answerManagers({ async: false, error: { code: 'access_restricted', message: 'He blocked you', external_code: 'blocked' } });

async function play(options: { messenger?: string; operatorToken?: string } = {}): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await runDemo(new ControlClient(bench.url, 'default'), {
    ...{ module: module.code, moduleUrl: module.url, secret: module.secret, wait: 300 },
    ...{ print: (line) => lines.push(line), ...options },
  });
  return { code, text: lines.join('\n') };
}

async function run(...words: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  let code = 0;
  const program = createProgram(readEnvironment({}), { print: (text) => lines.push(text), exit: (value) => (code = value) });
  await program.parseAsync(['node', 'sandbox', '--sandbox', bench.url, ...words]);
  return { code, text: lines.join('\n') };
}

beforeAll(async () => {
  gateway = await MessageGateway.start();
  module = new StandInModule();
  await module.listen();
});
beforeEach(async () => {
  gateway.reset();
  bench = await new SandboxBench({ chatGateway: gateway.url }).start();
});
afterEach(async () => {
  module.wrong.clear();
  await bench.stop();
});
afterAll(async () => {
  await module.close();
  await gateway.close();
});

describe('the demo of a messenger', () => {
  it('explains how to start a missing message gateway', async () => {
    await bench.stop();
    bench = await new SandboxBench().start();
    await connect();
    const { code, text } = await play();
    expect(text).toContain('No dialogue: the sandbox CRM has no message gateway');
    expect(text).toContain('CHAT_GATEWAY_URL=http://127.0.0.1:4500 npm run up');
    expect(text).toContain('no dialogue: no message gateway');
    expect(code).toBe(0);
  });

  it('explains why there is no channel, and where to enter the settings', async () => {
    await connect();
    expect(await play()).toMatchObject({ code: 1, text: expect.stringContaining('DID NOT WORK: after 0.3 s the module has no channel') });
    // The reply to any call of the operator API.
    module.wrong.set('', { status: 200, body: { items: [{ id: 'c-1', systemUrl: bench.url }], problem: 'The token is refused' } });
    const { code, text } = await play({ operatorToken: 'token' });
    expect(text).toContain('the module has no channel: The token is refused');
    expect(text).toContain(`its account page is ${module.url}/account`);
    expect(code).toBe(1);
  });

  it('shows the channel, what customers wrote, and the outcome of the answer', async () => {
    await connect();
    await arrive(await openChannel(), 'Are you open?');
    acceptManagers();
    const { code, text } = await play();
    for (const part of [
      '@shop (custom), account shop',
      'text: creating both, editing receive, max_chars_count 100',
      'reactions: dictionary 👍 🔥',
      'chat chat-ann',
      'customer: "Are you open?"',
      `manager: "Yes, in two days."  [sent, external id out-${messages}]`,
      'All went as the contract says.',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('status:');
    expect(code).toBe(0);
  });

  it('fails with the code if the reply is not sent, and if no one writes', async () => {
    await connect();
    const channel = await openChannel();
    expect(await play()).toMatchObject({ code: 1, text: expect.stringContaining('after 0.3 s no message of a customer has come') });
    await arrive(channel, 'Are you open?');
    refuseManagers();
    const refused = await play();
    expect(refused.text).toContain("DID NOT WORK: the manager's message is failed, access_restricted: He blocked you (blocked)");
    expect(refused.code).toBe(1);
  });

  it('has the customer of a double write, and waits for that message', async () => {
    await connect();
    await arrive(await openChannel(), 'An older one');
    const messenger = await FakeMessenger.start();
    module.wrong.set('', { status: 200, body: { items: [{ id: 'c-1', systemUrl: bench.url }] } });
    const { code, text } = await play({ messenger: messenger.url, operatorToken: 'token' });
    expect(messenger.accounts[0]?.webhookUrl).toBe(`${module.url}/webhooks/c-1`);
    expect(messenger.messages).toMatchObject([{ chat: 'chat-ann', by: 'customer' }]);
    // The stand-in does not forward messages.
    expect([code, text]).toEqual([1, expect.stringContaining('no message of a customer has come')]);
    await messenger.close();
    expect((await play({ messenger: messenger.url, operatorToken: 'token' })).text).toContain('no double of a messenger answers at');
    expect((await play({ messenger: messenger.url })).text).toContain('give --operator-token');
  });

  it('shows the CRM’s reply if the gateway is unavailable', async () => {
    await bench.stop();
    bench = await new SandboxBench({ chatGateway: 'http://127.0.0.1:1' }).start();
    module.registrationPatch = { integrations: { mgTransport: { isActive: true } } };
    const { code, text } = await play();
    expect(text).toContain('No message gateway answers at http://127.0.0.1:1: npm run double -- message-gateway --port 1');
    expect(code).not.toBe(0);
  });
});

describe('dialogues by hand', () => {
  it('lists channels and chats, and writes', async () => {
    await connect();
    expect((await run('chat', 'channels')).text).toContain('No channels');
    expect((await run('chat', 'dialogues')).text).toContain('No dialogues');
    const channel = await openChannel();
    expect((await run('chat', 'channels')).text).toContain(`channel ${channel}, @shop (custom), account shop`);
    const asked = await arrive(channel, 'Are you open?');
    acceptManagers();
    expect(await run('chat', 'write', 'chat-ann', 'Until six')).toMatchObject({
      code: 0,
      text: expect.stringContaining('[sent, external'),
    });
    refuseManagers();
    expect(await run('chat', 'write', 'chat-ann', 'Hello?')).toMatchObject({ code: 1, text: expect.stringContaining('access_restricted') });
    acceptManagers();
    const first = await run('--json', 'chat', 'write', 'bob', 'Good day', '--first', '--channel', String(channel));
    expect(JSON.parse(first.text)).toMatchObject({ direction: 'out', status: 'sent', text: 'Good day' });
    const { text } = await run('chat', 'dialogues', 'chat-ann');
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toContain(`${asked}  `);
    expect(text).not.toContain('Good day');
    expect((await run('chat', 'dialogues')).text).toContain('customer bob');
    expect((await run('chat', 'dialogues', 'chat-eve')).text).toContain('There is no chat "chat-eve"');
  });

  it('reports the problems of a request', async () => {
    await expect(run('chat', 'channels')).rejects.toThrow('No connected module is a messenger');
    await connect();
    await expect(run('chat', 'write', 'bob', 'Hello', '--first')).rejects.toThrow('Module "stand-in" has no active channel');
    const channel = await openChannel();
    await expect(run('chat', 'write', 'chat-eve', 'Hello')).rejects.toThrow('There is no chat "chat-eve". There are: none');
    await arrive(channel, 'Hello');
    await expect(run('chat', 'write', 'chat-eve', 'Hello')).rejects.toThrow('There are: chat-ann');
    const elsewhere = run('chat', 'write', 'chat-ann', 'Hello', '--channel', String(channel + 1));
    await expect(elsewhere).rejects.toThrow(`There is no chat "chat-ann" in channel ${channel + 1}. There are: none`);
    await expect(run('chat', 'write', 'chat-ann', 'x'.repeat(101))).rejects.toThrow('The message gateway refuses: at most 100 characters');
    await expect(run('--module', 'other', 'chat', 'channels')).rejects.toThrow('connect it first');
    const post = async (body: JsonObject): Promise<unknown> =>
      (await bench.control('POST', '/accounts/default/modules/stand-in/messages', body)).body['errorMsg'];
    expect(await post({ chat: 'chat-ann' })).toBe('text is required: what the manager writes');
    expect(await post({ text: 'Hello' })).toContain('Give chat');
    expect(await post({ text: 'Hello', chat: 'chat-ann', customer: 'ann' })).toContain('Give chat');
  });

  it('reports a missing or unavailable message gateway', async () => {
    await connect();
    await bench.stop();
    bench = await new SandboxBench().start();
    await connect();
    expect((await run('chat', 'channels')).text).toContain('npm run double -- message-gateway --port 4500');
    await expect(run('chat', 'write', 'ann', 'Hello')).rejects.toThrow('set CHAT_GATEWAY_URL');
    const leaving = await MessageGateway.start();
    await bench.stop();
    bench = await new SandboxBench({ chatGateway: leaving.url }).start();
    await connect();
    await leaving.close();
    await expect(run('chat', 'dialogues')).rejects.toThrow(`No message gateway answers at ${leaving.url}: npm run double`);
  });
});
