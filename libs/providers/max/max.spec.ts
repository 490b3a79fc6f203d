import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeliveryRefused, type OutMedia, type OutMessage } from '#chat/port';
import { getParser } from '#platform';
import { ProviderError, replaceSignal } from '#provider-kit';
import { MemoryCache, providerContext } from '#testing';
import { MaxDouble, type MaxPerson } from '../../../lab/doubles/max/index.js';
import type { MaxContext } from './max.settings.js';
import { MaxSettings } from './max.settings.js';
import { MaxProvider } from './max.provider.js';

let max: MaxDouble;
let provider: MaxProvider;
let context: MaxContext;
let joe: MaxPerson;
let chat: number;

beforeEach(async () => {
  max = await MaxDouble.start({ webhookUrls: 'any' });
  provider = new MaxProvider(max.url);
  const settings = getParser(MaxSettings).parse({ bots: [{ code: 'shop', token: max.bot.token, language: 'en' }] });
  context = providerContext(settings, { now: new Date(), signal: AbortSignal.timeout(30_000), cache: new MemoryCache() });
  joe = max.addPerson({ username: 'joe' });
  chat = max.start(joe).id;
});
afterEach(async () => {
  expect(max.complaints).toEqual([]);
  await max.close();
});

function build(changes: Partial<OutMessage> = {}): OutMessage {
  const place = { account: String(max.bot.user.user_id), chat: String(chat) };
  return { ...place, reference: randomUUID(), kind: 'text', text: 'Hello', media: [], ...changes };
}
function file(name: string, type: string, bytes = Buffer.from(name)): OutMedia {
  return { name, type, size: bytes.length, open: () => Promise.resolve(Readable.from([bytes])) };
}
async function catchError(work: Promise<unknown>): Promise<ProviderError> {
  const [outcome] = await Promise.allSettled([work]);
  if (outcome?.status !== 'rejected' || !(outcome.reason instanceof ProviderError)) throw new Error('no ProviderError');
  return outcome.reason;
}
const types = () => max.sent().map(({ attachments }) => attachments.map((one) => (one as { type: string }).type));
const texts = () => max.sent().map(({ text, deleted }) => (deleted ? 'deleted' : text));

describe('a message to MAX', () => {
  it('has at most 4,000 characters', async () => {
    const { ids } = await provider.sendMessage(build({ text: 'a'.repeat(4_001) }), context);
    expect(texts().map(({ length }) => length)).toEqual([4_000, 1]);
    expect(ids).toEqual(max.sent().map(({ mid }) => mid));
  });

  it('has all its images, and other files one by one', async () => {
    const images = ['a', 'b', 'c'].map((name) => file(`${name}.png`, 'image/png'));
    await provider.sendMessage(build({ kind: 'image', media: images }), context);
    await provider.sendMessage(build({ kind: 'image', media: [file('a.webp', 'image/webp')] }), context);
    await provider.sendMessage(build({ kind: 'audio', media: [file('a.ogg', 'audio/ogg')] }), context);
    await provider.sendMessage(
      build({ kind: 'file', media: [file('a.pdf', 'application/pdf'), file('b.pdf', 'application/pdf')] }),
      context,
    );
    expect(types()).toEqual([['image', 'image', 'image'], ['file'], ['audio'], ['file'], ['file']]);
    expect(texts()).toEqual(['Hello', 'Hello', 'Hello', 'Hello', '']);
    expect(max.sent()[2]?.files[0]?.bytes.toString()).toBe('a.ogg');
  });

  it('has its suggestions as buttons, in a message after its file', async () => {
    const suggestions = [
      { type: 'text' as const, title: 'Yes' },
      { type: 'phone' as const, title: 'My phone' },
      { type: 'url' as const, title: 'Site', payload: 'https://shop.example' },
      { type: 'url' as const, title: 'Odd', payload: 'shop' },
    ];
    await provider.sendMessage(build({ suggestions }), context);
    expect(
      max
        .sent()[0]
        ?.buttons.flat()
        .map(({ type }) => type),
    ).toEqual(['message', 'request_contact', 'link']);
    expect(texts()).toEqual(['Hello\n\nOdd: shop']);
    const { text: _, ...bare } = build({
      kind: 'file',
      media: [file('a.pdf', 'application/pdf')],
      suggestions: [{ type: 'text', title: 'Yes' }],
    });
    await provider.sendMessage(bare, context);
    expect(types()).toEqual([['inline_keyboard'], ['file'], ['inline_keyboard']]);
    expect(texts().slice(1)).toEqual(['', 'Choose an answer:']);
  });

  it('has the picture of a product if MAX can fetch it', async () => {
    for (const image of ['https://shop.example/a.jpg', 'https://shop.example/broken.jpg'])
      await provider.sendMessage(build({ kind: 'product', text: 'Look:', product: { name: 'Kettle', image } }), context);
    expect([types(), texts()]).toEqual([
      [['image'], []],
      ['Look:\n\nKettle', 'Look:\n\nKettle'],
    ]);
  });

  it('waits while MAX processes its file, which is uploaded once', async () => {
    max.setModes({ notReady: 2 });
    await provider.sendMessage(build({ kind: 'file', media: [file('a.pdf', 'application/pdf')] }), context);
    expect([max.countCalls('sendMessage'), max.made('uploadFile'), max.sent().length]).toEqual([3, 1, 1]);
  });

  it('is not sent while its file is never ready, which does not count as an outage', async () => {
    max.setModes({ notReady: 100 });
    const message = build({ kind: 'file', media: [file('a.pdf', 'application/pdf')] });
    const error = await catchError(provider.sendMessage(message, replaceSignal(context, AbortSignal.timeout(300))));
    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3_000 });
    expect(error.message).toContain('not processed');
    await catchError(provider.sendMessage(message, replaceSignal(context, AbortSignal.timeout(300))));
    expect([max.made('uploadFile'), max.sent()]).toEqual([1, []]);
  });

  it('is refused with the code of the gateway, and its parts are taken back', async () => {
    const text = 'a'.repeat(8_001);
    max.faults.add('sendMessage', { kind: 'refuse', code: 'too.odd', message: 'No' }, 1, 2);
    const error = await catchError(provider.sendMessage(build({ text }), context));
    expect(error).toMatchObject({ code: 'general', externalCode: 'too.odd No' });
    expect(texts()).toEqual(['deleted', 'deleted']);
    max.fail('sendMessage', { kind: 'unsuccessful', message: 'It is off' });
    expect(await catchError(provider.sendMessage(build(), context))).toMatchObject({ code: 'general', externalCode: 'It is off' });
    max.stop(joe);
    expect(await catchError(provider.sendMessage(build(), context))).toMatchObject({ code: 'access_restricted' });
    const unknown = await catchError(provider.sendMessage(build({ chat: '404' }), context));
    expect([unknown instanceof DeliveryRefused, (unknown as DeliveryRefused).code]).toEqual([true, 'access_restricted']);
    expect(await catchError(provider.sendMessage(build({ chat: 'x' }), context))).toMatchObject({ code: 'customer_not_exists' });
  });

  it('answers a message, unless the message is gone', async () => {
    const question = max.write(joe, 'How much?');
    await provider.sendMessage(build({ quote: [question.mid] }), context);
    max.remove(question);
    await provider.sendMessage(build({ quote: [question.mid] }), context);
    await provider.sendMessage(build({ quote: ['start:1:2'] }), context);
    expect(max.sent().map(({ quote }) => quote)).toEqual([question.mid, undefined, undefined]);
  });
});

describe('a message whose reply is lost', () => {
  it('is found after equal earlier ones', async () => {
    await provider.sendMessage(build(), context);
    const second = build();
    max.fail('sendMessage', { kind: 'drop-after' });
    expect((await catchError(provider.sendMessage(second, context))).kind).toBe('unknown_outcome');
    max.write(joe, 'Hello');
    expect(await provider.findMessage(second, context)).toEqual({ ids: [max.sent()[1]?.mid] });
  });

  it('is not found if it was not sent, and is then sent', async () => {
    max.write(joe, 'Hello');
    await provider.sendMessage(build(), context);
    const second = build();
    max.fail('sendMessage', { kind: 'drop-before' });
    await catchError(provider.sendMessage(second, context));
    expect(await provider.findMessage(second, context)).toBeUndefined();
    expect(await provider.sendMessage(second, context)).toEqual({ ids: [max.sent()[1]?.mid] });
  });

  it('continues after its parts once the lost part is found', async () => {
    const message = build({ text: `${'a'.repeat(4_000)}${'b'.repeat(4_000)}c` });
    max.faults.add('sendMessage', { kind: 'drop-after' }, 1, 1);
    await catchError(provider.sendMessage(message, context));
    expect(await provider.findMessage(message, context)).toBeUndefined();
    const { ids } = await provider.sendMessage(message, context);
    expect([ids, texts().map((text) => text[0])]).toEqual([max.sent().map(({ mid }) => mid), ['a', 'b', 'c']]);
    expect(await provider.findMessage(message, context)).toEqual({ ids });
  });

  it('stays unknown if an equal one is there and the memory is lost', async () => {
    const message = build();
    max.fail('sendMessage', { kind: 'drop-after' });
    await catchError(provider.sendMessage(message, context));
    const empty = { ...context, cache: new MemoryCache() };
    expect((await catchError(provider.findMessage(message, empty))).kind).toBe('unknown_outcome');
    expect(await provider.findMessage(build({ text: 'Another' }), empty)).toBeUndefined();
  });
});

describe('a sent message', () => {
  it('keeps its files and buttons when its text is edited, and loses parts that it no longer needs', async () => {
    const account = String(max.bot.user.user_id);
    const { ids } = await provider.sendMessage(build({ kind: 'image', media: [file('a.png', 'image/png')] }), context);
    await provider.editMessage({ account, chat: String(chat), ids, text: 'New' }, context);
    const long = await provider.sendMessage(build({ text: 'a'.repeat(4_001) }), context);
    await provider.editMessage({ account, chat: String(chat), ids: long.ids, text: 'Short' }, context);
    expect([types()[0], texts()]).toEqual([['image'], ['New', 'Short', 'deleted']]);
    const error = await catchError(provider.editMessage({ account, chat: String(chat), ids, text: 'a'.repeat(4_001) }, context));
    expect(error.kind).toBe('rejected');
    max.advance(8 * 86_400);
    expect((await catchError(provider.editMessage({ account, chat: String(chat), ids, text: 'Late' }, context))).kind).toBe('rejected');
  });

  it('is deleted once, and a refusal of a message that is there is an error', async () => {
    const place = { account: String(max.bot.user.user_id), chat: String(chat) };
    const { ids } = await provider.sendMessage(build(), context);
    max.fail('deleteMessage', { kind: 'unsuccessful' });
    expect((await catchError(provider.deleteMessage({ ...place, ids }, context))).kind).toBe('rejected');
    await provider.deleteMessage({ ...place, ids }, context);
    max.fail('deleteMessage', { kind: 'unsuccessful' });
    await provider.deleteMessage({ ...place, ids }, context);
    expect(texts()).toEqual(['deleted']);
  });
});
