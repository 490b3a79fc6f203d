import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import type { WebhookRequest } from '#provider-kit';
import { testWebhook } from '../provider/webhook.js';
import { TEXT } from './samples.js';
import type { ChatSuite } from './suite.js';

/** Returns the webhook of a new message. */
async function makeRequest<S extends object>(suite: ChatSuite<S>): Promise<WebhookRequest> {
  await suite.stage.takeWebhooks();
  await suite.stage.write({ person: suite.newPerson(), text: 'hello' });
  const [request] = await suite.stage.takeWebhooks();
  if (!request) throw new Error('the messenger posted nothing');
  return request;
}

/** Tests that only the webhooks of the messenger are accepted. */
export function testChatWebhook<S extends object>(suite: ChatSuite<S>): void {
  testWebhook(
    () => suite.subject,
    () => suite.webhook,
    async () => {
      const { signed, dated, secret = signed } = suite.stage;
      return { request: await makeRequest(suite), signed, dated, secret };
    },
    suite.unproven,
  );

  it('a webhook without its proof is rejected', async () => {
    const request = await makeRequest(suite);
    const bare = { ...request, headers: {}, query: new URLSearchParams() };
    expect({ 'without its proof': await suite.webhook.verify(bare, suite.context) }).toEqual({ 'without its proof': false });
  });
}

/** Tests the events of what customers write. */
export function testCustomers<S extends object>(suite: ChatSuite<S>): void {
  it('a message of a customer is an event with its account, chat, id and text', async () => {
    const person = suite.newPerson();
    let written = { chat: '', message: '' };
    const events = await suite.listEvents(async () => (written = await suite.stage.write({ person, text: TEXT })));
    const message = events.find((event) => event.type === 'message');
    expect(message).toMatchObject({
      account: suite.stage.account,
      chat: written.chat,
      message: { id: written.message, kind: 'text' },
    });
    if (message?.type !== 'message') return;
    expect(message.message.text).toBe(TEXT);
    expect(message.customer.id).toMatch(/^\S.{0,63}$/);
    expect(message.customer.nickname).toMatch(/^\S.{0,254}$/);
  });

  it('a changed message of a customer is an event of type edit with the new text', async () => {
    const { edit } = suite.stage;
    if (!edit) return suite.unproven.add('edits of customers', 'messenger.edit');
    const written = await suite.stage.write({ person: suite.newPerson(), text: 'hello' });
    const events = await suite.listEvents(async () => edit.call(suite.stage, written, TEXT));
    expect(events).toMatchObject([{ type: 'edit', chat: written.chat, message: written.message, text: TEXT }]);
  });

  it('anything other than a message of a customer has no event', async () => {
    const { happenElsewhere } = suite.stage;
    if (!happenElsewhere) return suite.unproven.add('only messages of customers are events', 'messenger.happenElsewhere');
    expect(await suite.listEvents(async () => happenElsewhere.call(suite.stage))).toEqual([]);
  });

  it('messages with equal texts have different ids', async () => {
    const person = suite.newPerson();
    const events = await suite.listEvents(async () => {
      for (let n = 0; n < 3; n++) await suite.stage.write({ person, text: 'the same' });
    });
    const messages = events.filter((event) => event.type === 'message');
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
    expect(new Set(messages.map(({ message }) => message.id)).size).toBe(3);
    expect(new Set(messages.map(({ chat }) => chat)).size).toBe(1);
  });
}

/** Tests the events about read messages, blocked shops and files. */
export function testReceipts<S extends object>(suite: ChatSuite<S>): void {
  it('a read message and a blocked shop are events of type read and blocked', async () => {
    const { block, read } = suite.stage;
    const receipts = suite.provider.manifest.describeMessenger?.(suite.context.settings)?.receipts;
    const { chat, person } = await suite.openChat();
    const { ids } = await suite.send(suite.build(chat));
    if (receipts?.read && !read) suite.unproven.add('read messages', 'messenger.read');
    if (read) {
      const events = await suite.listEvents(async () => read.call(suite.stage, chat));
      expect(events.map(({ type }) => type)).toEqual(['read']);
      expect([ids.at(-1), undefined]).toContain((events[0] as { message?: string }).message);
    }
    const events = block ? await suite.listEvents(() => block.call(suite.stage, person)) : [];
    expect(events.filter(({ type }) => type !== 'blocked')).toEqual([]);
  });

  if (suite.has('openMedia'))
    it('the files of a message can be opened', async () => {
      const files = [
        { name: 'b.jpg', type: 'image/jpeg', bytes: randomBytes(50_000) },
        { name: 'a.png', type: 'image/png', bytes: randomBytes(100_000) },
        { name: 'накладная.pdf', type: 'application/pdf', bytes: randomBytes(10) },
      ];
      for (const file of files) {
        const events = await suite.listEvents(() => suite.stage.write({ person: suite.newPerson(), files: [file] }));
        const [ref] = events.flatMap((event) => (event.type === 'message' ? (event.message.media ?? []) : []));
        if (!ref) throw new Error('no event names the file');
        const opened = await suite.provider.openMedia?.(suite.stage.account, ref.ref, suite.context);
        if (!opened) throw new Error('the file is not opened');
        expect(Buffer.compare(await buffer(opened.body), file.bytes)).toBe(0);
        if (opened.size !== undefined) expect(opened.size).toBe(file.bytes.length);
      }
    });
}
