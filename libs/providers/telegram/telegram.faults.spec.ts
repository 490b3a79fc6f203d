import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryRefused, MessengerEvent, OutMedia, OutMessage } from '#chat/port';
import { getParser } from '#platform';
import { ProviderError, toMoney } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import { sampleFile, sampleJpeg, type TelegramContent, TelegramDouble } from '../../../lab/doubles/telegram/index.js';

import { MemoryCache } from '../../testing/memory-cache.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { toMessageId } from './ids.js';
import { TelegramProvider } from './telegram.provider.js';
import { type TelegramContext, TelegramSettings } from './telegram.settings.js';

/* Failures of messengers, against the double of Telegram, which is stricter than Telegram. */

type Person = ReturnType<TelegramDouble['addPerson']>;

let telegram: TelegramDouble;
let posted: PostedWebhooks;
let provider: TelegramProvider;
let context: TelegramContext;
let joe: Person;

beforeAll(async () => {
  telegram = await TelegramDouble.start({ webhookUrls: 'any' });
  posted = await PostedWebhooks.start();
  provider = new TelegramProvider(telegram.url);
});
beforeEach(async () => {
  telegram.reset();
  telegram.webhooks.mode = 'hold';
  const settings = getParser(TelegramSettings).parse({ bots: [{ code: 'shop', token: telegram.bot.token }] });
  context = providerContext(settings, {
    ...{ cache: new MemoryCache(), account: accountSettings({ language: 'en' }), now: new Date(), signal: AbortSignal.timeout(10_000) },
    webhookUrl: `${posted.url}telegram/webhooks/connection-1`,
  });
  await provider.connect({ replace: true }, context);
  joe = telegram.addPerson({ username: 'joe', language_code: 'pt-br' });
  telegram.start(joe);
  await takeEvents();
});
afterEach(() => {
  expect(telegram.complaints).toEqual([]);
  expect(telegram.duplicates()).toEqual([]);
});
afterAll(async () => {
  await telegram.close();
  await posted.close();
});

async function takeEvents(): Promise<MessengerEvent[]> {
  await telegram.webhooks.flush();
  const requests = posted.take().map((request) => ({ ...request, path: String(telegram.bot.id) }));
  expect(await Promise.all(requests.map(async (request) => provider.webhook.verify(request, context)))).not.toContain(false);
  return requests.flatMap((request) => provider.webhook.parse(request, context));
}

async function hear(content: TelegramContent | string): Promise<Extract<MessengerEvent, { type: 'message' }>> {
  telegram.write(joe, content);
  const [event] = await takeEvents();
  if (event?.type !== 'message') throw new Error('no message was told');
  return event;
}

let references = 0;
const build = (changes: Partial<OutMessage> = {}): OutMessage => ({
  ...{ reference: `r-${++references}`, account: String(telegram.bot.id), chat: String(joe.user.id), kind: 'text', text: 'Yes', media: [] },
  ...changes,
});
const place = (): { account: string; chat: string } => ({ account: String(telegram.bot.id), chat: String(joe.user.id) });
const fileOf = (bytes: Uint8Array, name: string, type: string): OutMedia => ({
  ...{ name, type, size: bytes.length, open: () => Promise.resolve(Readable.from([bytes])) },
});
/** The contents of the bot's messages. */
const seen = (): object[] =>
  telegram.sent(joe).map(({ message, file }) => ({
    ...(message.text !== undefined && { text: message.text }),
    ...(message.caption !== undefined && { caption: message.caption }),
    ...(file && { file: file.kind }),
  }));

async function fail(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('it should have failed', { cause: error });
  return error;
}

describe('what a customer sends', () => {
  const FILES: [TelegramContent, string, string][] = [
    [{ kind: 'photo', caption: 'look' }, 'image', 'image/jpeg'],
    [{ kind: 'document', name: 'a.pdf', mimeType: 'application/pdf' }, 'file', 'application/pdf'],
    [{ kind: 'document', name: 'a.png', mimeType: 'image/png' }, 'image', 'image/png'],
    [{ kind: 'animation' }, 'file', 'video/mp4'],
    [{ kind: 'video' }, 'file', 'video/mp4'],
    [{ kind: 'video_note' }, 'file', 'video/mp4'],
    [{ kind: 'voice' }, 'audio', 'audio/ogg'],
    [{ kind: 'audio' }, 'audio', 'audio/mpeg'],
    [{ kind: 'sticker', of: 'static' }, 'image', 'image/webp'],
    [{ kind: 'sticker', of: 'animated' }, 'image', 'image/jpeg'],
  ];

  it.each(FILES)('has a file that can be opened: %j', async (content, kind, type) => {
    const { message } = await hear(content);
    expect([message.kind, message.media?.[0]?.type]).toEqual([kind, type]);
    const { body, size } = await provider.openMedia(String(telegram.bot.id), message.media?.[0]?.ref ?? '', context);
    const bytes = await buffer(body);
    expect(bytes.length).toBeGreaterThan(0);
    if (size !== undefined) expect(bytes.length).toBe(size);
  });

  it('is a text where nothing can be opened', async () => {
    const kinds: TelegramContent[] = [
      ...[{ kind: 'sticker', of: 'video', thumbnail: false } as const, { kind: 'contact', self: false } as const],
      ...(['location', 'venue', 'poll', 'dice', 'story', 'game', 'unknown'] as const).map((kind) => ({ kind })),
    ];
    for (const content of kinds) {
      const { message } = await hear(content);
      expect([content.kind, message.kind, message.text]).toEqual([content.kind, 'text', expect.stringMatching(/^\[.+\]/)]);
    }
    expect((await hear({ kind: 'contact', self: true })).customer.phone).toBe(joe.phone);
  });

  it('is too large to be downloaded: it is refused for good, not tried again', async () => {
    const { message } = await hear({ kind: 'document', size: 25_000_000, name: 'film.mkv' });
    expect(message.media).toMatchObject([{ name: 'film.mkv', size: 25_000_000 }]);
    const error = await fail(provider.openMedia(String(telegram.bot.id), message.media?.[0]?.ref ?? '', context));
    expect(error.kind).toBe('rejected');
  });

  it('is an album of separate messages', async () => {
    const kept = telegram.writeAlbum(joe, [{ kind: 'photo', caption: 'both' }, { kind: 'photo' }]);
    const events = await takeEvents();
    expect(events).toMatchObject(kept.map(({ message }) => ({ message: { id: toMessageId(joe.user.id, message.message_id) } })));
  });

  it('answers a message of the shop', async () => {
    const { ids } = await provider.sendMessage(build(), context);
    telegram.write(joe, 'about that', { replyTo: telegram.sent(joe)[0]?.message.message_id, quote: 'Yes' });
    expect(await takeEvents()).toMatchObject([{ message: { quote: ids[0] } }]);
  });

  it('comes from a group, or reports that the bot is in a group: nothing is sent', async () => {
    const group = telegram.addToGroup(joe);
    telegram.write(joe, 'to all', { group });
    telegram.postUpdate('channel_post', { message_id: 1, date: 1, chat: { id: -5, type: 'channel', title: 'News' }, text: 'x' });
    expect(await takeEvents()).toEqual([]);
  });

  it('is a key of the keyboard with the phone, and the keyboard disappears with the next message', async () => {
    const suggestions = [
      { type: 'text', title: 'Later' },
      { type: 'phone', title: 'My phone' },
    ] as const;
    await provider.sendMessage(build({ text: 'When?', suggestions }), context);
    telegram.tap(joe, 'My phone');
    expect(await takeEvents()).toMatchObject([{ customer: { phone: joe.phone } }]);
    expect(telegram.dialogue(joe).keyboard).toBeUndefined();
    await provider.sendMessage(build({ text: 'And?', suggestions }), context);
    expect(telegram.dialogue(joe).keyboard).toBeDefined();
    await provider.sendMessage(build({ text: 'Thanks' }), context);
    expect(telegram.dialogue(joe).keyboard).toBeUndefined();
  });
});

describe('two bots of a connection', () => {
  let second: ReturnType<TelegramDouble['addBot']>;
  beforeEach(async () => {
    second = telegram.addBot();
    const settings = getParser(TelegramSettings).parse({
      bots: [
        { code: 'shop', token: telegram.bot.token },
        { code: 'second', token: second.token },
      ],
    });
    context = { ...context, settings };
    await provider.connect({ replace: true }, context);
    telegram.start(joe, undefined, { bot: second.id });
    await telegram.webhooks.flush();
    posted.take();
  });

  it('have updates with the same number, and both count', async () => {
    const bots = [telegram.bot, second];
    for (const bot of bots) bot.lastUpdateId = 200_000_000;
    for (const bot of bots) telegram.write(joe, 'hello', { bot: bot.id });
    await telegram.webhooks.flush();
    const { received } = posted;
    const numbers = received.map(({ json }) => (json as { update_id: number }).update_id);
    expect(numbers).toEqual([numbers[0], numbers[0]]);
    const paths = received.map(({ url }) => url.pathname.split('/').at(-1));
    const events = posted.take().flatMap((request, index) => provider.webhook.parse({ ...request, path: paths[index] ?? '' }, context));
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(events.map(({ account }) => account).toSorted()).toEqual(bots.map(({ id }) => String(id)).toSorted());
  });

  it('do not remove each other’s keyboards in their chats with one customer', async () => {
    await provider.sendMessage(build({ text: 'When?', suggestions: [{ type: 'text', title: 'Later' }] }), context);
    await provider.sendMessage(build({ account: String(second.id) }), context);
    expect(telegram.dialogue(joe).keyboard).toBeDefined();
    await provider.sendMessage(build({ text: 'Thanks' }), context);
    expect(telegram.dialogue(joe).keyboard).toBeUndefined();
  });
});

describe('what a manager sends', () => {
  const jpeg = sampleJpeg(100, 100);

  it('is shown: text, photo, album, document, voice, product', async () => {
    const voice = sampleFile('ogg');
    await provider.sendMessage(build({ text: '<b>&amp; "x" _y_ 🚚' }), context);
    await provider.sendMessage(build({ kind: 'image', text: 'one', media: [fileOf(jpeg, 'a.jpg', 'image/jpeg')] }), context);
    const pair = [fileOf(jpeg, 'b.jpg', 'image/jpeg'), fileOf(sampleJpeg(90, 90), 'c.jpg', 'image/jpeg')];
    const album = await provider.sendMessage(build({ kind: 'image', text: 'two', media: pair }), context);
    expect(album.ids).toHaveLength(2);
    await provider.sendMessage(
      build({ kind: 'file', text: 'doc', media: [fileOf(Buffer.from('%PDF-1.4'), 'ы "q".pdf', 'application/pdf')] }),
      context,
    );
    await provider.sendMessage(build({ kind: 'audio', text: 'ogg', media: [fileOf(voice, 'v.ogg', 'audio/ogg')] }), context);
    const product = { name: 'Tea <green> & co', cost: toMoney(100_00, 'EUR'), url: 'https://shop.example/t' };
    const { text: _, ...bare } = build({ kind: 'product', product });
    await provider.sendMessage(bare, context);
    expect(seen()).toMatchObject([
      ...[{ text: '<b>&amp; "x" _y_ 🚚' }, { caption: 'one', file: 'photo' }, { caption: 'two', file: 'photo' }, { file: 'photo' }],
      ...[{ caption: 'doc', file: 'document' }, { caption: 'ogg' }, { text: 'Tea <green> & co\nPrice: €100\nhttps://shop.example/t' }],
    ]);
    expect(telegram.sent(joe).find(({ message }) => message.caption === 'doc')?.file?.name).toMatch(/^ы .*\.pdf$/);
  });

  it('is a document if Telegram cannot show a photo, separately or in an album', async () => {
    const [flat, broken] = [sampleJpeg(9_000, 2_000), Buffer.from('no picture at all')];
    await provider.sendMessage(build({ kind: 'image', media: [fileOf(flat, 'a.jpg', 'image/jpeg')] }), context);
    const album = [fileOf(jpeg, 'b.jpg', 'image/jpeg'), fileOf(broken, 'c.jpg', 'image/jpeg')];
    await provider.sendMessage(build({ kind: 'image', text: 'two', media: album }), context);
    expect(seen()).toMatchObject([{ file: 'document' }, { file: 'document', caption: 'two' }, { file: 'document' }]);
  });

  it('is a document to who forbids voices', async () => {
    joe.forbidsVoice = true;
    const voice = sampleFile('ogg');
    await provider.sendMessage(build({ kind: 'audio', media: [fileOf(voice, 'v.ogg', 'audio/ogg')] }), context);
    expect(seen()).toMatchObject([{ file: 'document' }]);
  });

  it('names links that no button takes, and cuts no title within a sign', async () => {
    const links = ['https://shop.example/tea', 'http://localhost/tea', 'shop.example'].map((payload) => ({
      type: 'url' as const,
      title: 'Tea',
      payload,
    }));
    await provider.sendMessage(build({ text: 'See', suggestions: links }), context);
    const [sent] = telegram.sent(joe);
    expect(sent?.message.text).toBe('See\n\nTea: http://localhost/tea\n\nTea: shop.example');
    expect(sent?.message.reply_markup?.inline_keyboard).toEqual([[{ text: 'Tea', url: 'https://shop.example/tea' }]]);
    const keys = ['x' + '🚚'.repeat(70), '  '].map((title) => ({ type: 'text' as const, title }));
    await provider.sendMessage(build({ text: 'Choose', suggestions: keys }), context);
    expect(telegram.dialogue(joe).keyboard?.keyboard).toEqual([[{ text: 'x' + '🚚'.repeat(63) }]]);
  });

  it('answers a message that is gone', async () => {
    const kept = telegram.write(joe, 'gone soon');
    telegram.delete(kept);
    const quote = [toMessageId(joe.user.id, kept.message.message_id)];
    expect((await provider.sendMessage(build({ quote }), context)).ids).toHaveLength(1);
  });

  it('is cut where Telegram cuts, and edited and deleted whole', async () => {
    const text = `${'word '.repeat(900)}end`;
    const { ids } = await provider.sendMessage(build({ text }), context);
    expect(ids).toHaveLength(2);
    await provider.editMessage({ ...place(), ids, text: 'short' }, context);
    expect(telegram.sent(joe).map(({ message, deleted }) => [message.text, deleted])).toMatchObject([
      ['short', false],
      [expect.any(String), true],
    ]);
    await provider.deleteMessage({ ...place(), ids }, context);
    expect(telegram.sent(joe).every(({ deleted }) => deleted)).toBe(true);
  });

  it('with files is edited in the text behind them, or in the caption, and keeps all of them', async () => {
    const pair = [fileOf(jpeg, 'b.jpg', 'image/jpeg'), fileOf(sampleJpeg(90, 90), 'c.jpg', 'image/jpeg')];
    const album = await provider.sendMessage(build({ kind: 'image', text: 'tow', media: pair }), context);
    await provider.editMessage({ ...place(), ids: album.ids, text: 'two' }, context);
    await provider.editMessage({ ...place(), ids: album.ids, text: 'two' }, context);
    const media = [fileOf(Buffer.from('%PDF-1.4'), 'a.pdf', 'application/pdf')];
    const apart = await provider.sendMessage(build({ kind: 'file', text: 'word '.repeat(300), media }), context);
    await provider.editMessage({ ...place(), ids: apart.ids, text: 'word' }, context);
    expect(seen()).toMatchObject([{ caption: 'two', file: 'photo' }, { file: 'photo' }, { file: 'document' }, { text: 'word' }]);
    expect(telegram.sent(joe).some(({ deleted }) => deleted)).toBe(false);
    const long = provider.editMessage({ ...place(), ids: album.ids, text: 'x'.repeat(1_025) }, context);
    expect((await fail(long)).kind).toBe('rejected');
  });

  it('cannot be deleted after two days', async () => {
    const { ids } = await provider.sendMessage(build(), context);
    telegram.advance(48 * 3_600 + 60);
    expect((await fail(provider.deleteMessage({ ...place(), ids }, context))).kind).toBe('rejected');
  });
});

describe('a message that fails', () => {
  it('gives the reason, in the gateway’s words', async () => {
    const codeOf = async (request: OutMessage): Promise<string> =>
      ((await fail(provider.sendMessage(request, context))) as DeliveryRefused).code;
    expect(await codeOf(build({ chat: '4242424242' }))).toBe('customer_not_exists');
    const stranger = telegram.addPerson();
    expect(await codeOf(build({ chat: String(stranger.user.id) }))).toBe('customer_not_exists');
    telegram.block(joe);
    expect(await codeOf(build())).toBe('access_restricted');
    expect(await takeEvents()).toMatchObject([{ type: 'blocked' }]);
    telegram.block(joe, false);
    expect(await takeEvents()).toMatchObject([{ type: 'unblocked' }]);
    joe.deactivated = true;
    expect(await codeOf(build())).toBe('customer_not_exists');
  });

  it('in a later part is undone, or if Telegram does not allow it, the manager reads that a part arrived', async () => {
    const send = async (pdf = '%PDF-1.4'): Promise<DeliveryRefused> => {
      telegram.fail('sendMessage', { kind: 'refuse', message: 'no such text' });
      const media = [fileOf(Buffer.from(pdf), 'a.pdf', 'application/pdf')];
      return (await fail(provider.sendMessage(build({ kind: 'file', media, text: 'word '.repeat(300) }), context))) as DeliveryRefused;
    };
    expect(await send()).toMatchObject({ code: 'general', message: 'Telegram: “Bad Request: no such text”' });
    expect(telegram.sent(joe).map(({ deleted }) => deleted)).toEqual([true]);
    telegram.fail('deleteMessage', { kind: 'refuse', message: "message can't be deleted" });
    expect(await send('%PDF-1.5')).toMatchObject({
      ...{ code: 'general', message: 'Telegram: “Bad Request: no such text”. A part of the message has arrived.' },
    });
    expect(telegram.sent(joe).map(({ deleted }) => deleted)).toEqual([true, false]);
  });

  it('is unknown when the answer is lost, and sent once', async () => {
    for (const kind of ['drop-after', 'html-after'] as const) {
      telegram.fail('sendMessage', { kind });
      expect((await fail(provider.sendMessage(build({ text: kind }), context))).kind).toBe('unknown_outcome');
    }
    expect(seen()).toEqual([{ text: 'drop-after' }, { text: 'html-after' }]);
  });

  it('has no id while Telegram sends it later', async () => {
    telegram.fail('sendDocument', { kind: 'scheduled' });
    const media = [fileOf(Buffer.from('%PDF-1.4'), 'a.pdf', 'application/pdf')];
    expect(await provider.sendMessage(build({ kind: 'file', media }), context)).toEqual({ ids: [] });
  });

  it('reports that the token is no longer valid, and a new one works', async () => {
    telegram.revokeToken();
    expect((await fail(provider.sendMessage(build(), context))).kind).toBe('auth');
    const settings = getParser(TelegramSettings).parse({ bots: [{ code: 'shop', token: telegram.bot.token }] });
    const before = context;
    context = { ...context, settings, memory: (await provider.connect({ replace: false }, { ...context, settings })).memory ?? {} };
    telegram.write(joe, 'hello again');
    expect(await takeEvents()).toMatchObject([{ message: { text: 'hello again' } }]);
    await provider.disconnect(before);
  });
});
