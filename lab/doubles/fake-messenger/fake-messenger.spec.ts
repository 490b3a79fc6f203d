import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { FakeMessenger, type MessengerPosting } from './index.js';

describe('the fake messenger by hand', () => {
  let messenger: FakeMessenger;
  let receiver: Server;
  const posted: MessengerPosting[] = [];

  async function control(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const reply = await fetch(`${messenger.url}/control${path}`, sent);
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  }
  async function take(): Promise<MessengerPosting[]> {
    await messenger.webhooks.idle();
    return posted.splice(0);
  }

  beforeAll(async () => {
    messenger = await FakeMessenger.start();
    receiver = createServer((request, reply) => {
      void text(request).then((body) => {
        posted.push(JSON.parse(body) as MessengerPosting);
        reply.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(async () => {
    await control('/reset', {});
    await control('/webhook-url', { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` });
  });
  afterAll(async () => {
    await messenger.close();
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('has a customer write, with files, and change what he wrote', async () => {
    const { body: first } = await control('/messages', { person: 'ann', text: 'Hello' });
    const { body: second } = await control('/messages', {
      ...{ person: 'ann', quote: first['id'], files: [{ base64: 'QQ==', name: 'a.txt', type: 'text/plain' }] },
    });
    expect(second).toMatchObject({ chat: 'chat-ann', quote: first['id'], file: { name: 'a.txt', type: 'text/plain', size: 1 } });
    await control('/edit', { message: first['id'], text: 'Hello!' });
    await control('/delete', { message: second['id'] });
    expect(await take()).toMatchObject([
      { type: 'message', chat: 'chat-ann', message: first['id'], text: 'Hello', customer: { id: 'ann' } },
      { type: 'message', quote: first['id'], files: [{ name: 'a.txt' }] },
      { type: 'edit', message: first['id'], text: 'Hello!' },
      { type: 'delete', message: second['id'] },
    ]);
    const { body } = await control('/messages?chat=chat-ann');
    expect(body).toMatchObject({ count: 2, items: [{ text: 'Hello!', edits: 1 }, { deleted: true }] });
    expect((await control('/messages?chat=chat-bob')).body).toEqual({ count: 0, items: [] });
  });

  it('has a customer read, react and block, after which the shop is refused', async () => {
    messenger.write({ person: 'ann', text: 'Hello' });
    const send = (): Promise<Response> =>
      fetch(`${messenger.url}/bots/shop/messages`, {
        method: 'POST',
        headers: { 'x-api-key': messenger.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({ chat: 'chat-ann', text: 'Hi' }),
      });
    const { messages } = (await (await send()).json()) as { messages: string[] };
    await control('/read', { message: messages[0] });
    await control('/react', { message: messages[0], emoji: '🔥' });
    await control('/block', { person: 'ann' });
    expect((await take()).slice(1)).toMatchObject([
      { type: 'read', message: messages[0] },
      { type: 'reaction', emoji: '🔥' },
      { type: 'blocked', chat: 'chat-ann' },
    ]);
    expect(await (await send()).json()).toMatchObject({ code: 'blocked' });
    await control('/block', { person: 'ann', blocked: false });
    expect((await send()).status).toBe(201);
  });
});
