import { expect, it } from '@jest/globals';
import { DeliveryRefused } from '#chat/port';
import { TEXT, UNBROKEN_TEXT } from './samples.js';
import type { ChatSuite } from './suite.js';

const CODES = ['general', 'customer_not_exists', 'reply_timed_out', 'spam_suspicion', 'access_restricted'];

/** Tests that texts arrive once, whole and in order. */
export function testTexts<S extends object>(suite: ChatSuite<S>): void {
  it('a text is sent once, unchanged', async () => {
    const { chat } = await suite.openChat();
    const sent = await suite.send(suite.build(chat));
    expect(sent.ids.length).toBeGreaterThan(0);
    const seen = await suite.stage.listSent(chat);
    expect(seen).toMatchObject([{ id: sent.ids[0], text: TEXT }]);
  });

  it('a text of the maximum length is sent whole', async () => {
    const { maxLength = 0 } = suite.provider.manifest.describeMessenger?.(suite.context.settings)?.text ?? {};
    const { chat } = await suite.openChat();
    const text = UNBROKEN_TEXT.slice(0, maxLength);
    const { ids } = await suite.send(suite.build(chat, { text }));
    const sent = (await suite.stage.listSent(chat)).map((one) => one.text).join('');
    expect([sent.length, sent === text]).toEqual([text.length, true]);
    if (!suite.has('deleteMessage')) return;
    await suite.provider.deleteMessage?.({ account: suite.stage.account, chat, ids }, suite.context);
    expect((await suite.stage.listSent(chat)).filter(({ deleted }) => !deleted)).toEqual([]);
  });

  it('the price of a product has the digits of its currency', async () => {
    if (!suite.provider.manifest.describeMessenger?.(suite.context.settings)?.cards) return;
    const { chat } = await suite.openChat();
    for (const [minor, currency, shown] of [
      [12_345, 'JPY', '12345'],
      [12_345, 'EUR', '12345'],
      [12_300, 'USD', '123'],
    ] as const) {
      const { text: _, ...bare } = suite.build(chat, { kind: 'product', product: { name: 'Kettle', cost: { minor, currency } } });
      await suite.send(bare);
      const text = (await suite.stage.listSent(chat)).at(-1)?.text.replace(/\D/g, '');
      expect([currency, text]).toEqual([currency, shown]);
    }
  });

  it('a reply is sent to the quoted message, only in its chat', async () => {
    const abilities = suite.provider.manifest.describeMessenger?.(suite.context.settings);
    const [{ chat, message }, other] = [await suite.openChat(), await suite.openChat()];
    await suite.send(suite.build(chat, { quote: [message] }));
    const [seen, ...more] = await suite.stage.listSent(chat);
    expect([more, await suite.stage.listSent(other.chat)]).toEqual([[], []]);
    if (!abilities?.text.quotes) return;
    if (seen && !('quote' in seen)) suite.unproven.add('quotes', 'quote in the messages of messenger.listSent()');
    else expect(seen?.quote).toBe(message);
  });

  it('messages of a chat are sent in order', async () => {
    const { chat } = await suite.openChat();
    for (const text of ['one', 'two', 'three']) await suite.send(suite.build(chat, { text }));
    expect((await suite.stage.listSent(chat)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });
}

/** Tests messages that are not delivered, or whose reply is lost. */
export function testOutcomes<S extends object>(suite: ChatSuite<S>): void {
  it('a message that is not delivered fails with a code of the gateway', async () => {
    const unknown = await suite.catchFailure(suite.send(suite.build('no such chat')));
    expect(unknown).toBeInstanceOf(DeliveryRefused);
    expect((unknown as DeliveryRefused).code).toBe('customer_not_exists');
    const { chat, person } = await suite.openChat();
    const { block } = suite.stage;
    if (!block) return;
    await block.call(suite.stage, person);
    const blocked = await suite.catchFailure(suite.send(suite.build(chat)));
    expect(blocked).toBeInstanceOf(DeliveryRefused);
    expect(CODES).toContain((blocked as DeliveryRefused).code);
    expect(await suite.stage.listSent(chat)).toEqual([]);
  });

  it('a message to a new customer opens a chat if the messenger supports it', async () => {
    const abilities = suite.provider.manifest.describeMessenger?.(suite.context.settings);
    if ((abilities?.newCustomer ?? 'no') !== 'text') return;
    const { chat: _, ...first } = suite.build('', { customer: suite.newPerson() });
    const sent = await suite.send(first);
    expect(sent.chat).toMatch(/\S/);
    expect(await suite.stage.listSent(sent.chat ?? '')).toMatchObject([{ text: TEXT }]);
  });

  it('a message whose reply is lost has an unknown outcome, and is sent once', async () => {
    const { chat } = await suite.openChat();
    const message = suite.build(chat);
    suite.stage.loseReply();
    expect((await suite.catchFailure(suite.send(message))).kind).toBe('unknown_outcome');
    expect(await suite.stage.listSent(chat)).toHaveLength(1);
    const found = await suite.provider.findMessage?.(message, suite.context);
    if (found) expect((await suite.stage.listSent(chat)).map(({ id }) => id)).toEqual(found.ids);
    expect(found !== undefined).toBe(suite.has('findMessage'));
    if (suite.provider.manifest.recovery?.kind !== 'idempotency-key') return;
    const again = await suite.send(message);
    const seen = await suite.stage.listSent(chat);
    expect(seen.map(({ id }) => id)).toEqual([again.ids[0]]);
  });

  it('a message with an ended signal fails with unavailable, and nothing is sent', async () => {
    const { chat } = await suite.openChat();
    expect((await suite.catchFailure(suite.send(suite.build(chat), { ...suite.context, signal: AbortSignal.abort() }))).kind).toBe(
      'unavailable',
    );
    expect(await suite.stage.listSent(chat)).toEqual([]);
  });
}
