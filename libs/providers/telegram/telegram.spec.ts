import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DeliveryRefused, type OutMedia, type OutMessage } from '#chat/port';
import { getParser } from '#platform';
import { ProviderError, toMoney } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import { type CapturedRequest, type DoubleReply, HttpDouble } from '../../testing/http-double.js';
import { MemoryCache } from '../../testing/memory-cache.js';
import { REACTIONS } from './change.js';
import { type TelegramContext, TelegramSettings } from './telegram.settings.js';
import { TelegramProvider } from './telegram.provider.js';

const BOT = '5551234567';
const TOKEN = `${BOT}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw`;
let double: HttpDouble;
let provider: TelegramProvider;
let cache = new MemoryCache();

beforeAll(async () => {
  double = await HttpDouble.start();
  provider = new TelegramProvider(`${double.url}/`);
});
afterEach(() => {
  cache = new MemoryCache();
  try {
    double.assertAllMet();
  } finally {
    double.reset();
  }
});
afterAll(() => double.close());

function contextOf(changes: Partial<TelegramContext> = {}): TelegramContext {
  const settings = getParser(TelegramSettings).parse({ bots: [{ code: 'shop', token: TOKEN }] });
  return providerContext(settings, { cache, account: accountSettings({ language: 'en' }), signal: AbortSignal.timeout(5_000), ...changes });
}

const at = (method: string): string => `/bot${TOKEN}/${method}`;
const done = (result: unknown): DoubleReply => ({ json: { ok: true, result } });
const sent = (id: number): DoubleReply => done({ message_id: id, date: 1, chat: { id: 777, type: 'private' } });
const refused = (code: number, description: string, parameters?: object): DoubleReply => ({
  ...{ status: code, json: { ok: false, error_code: code, description, ...(parameters && { parameters }) } },
});
const build = (changes: Partial<OutMessage> = {}): OutMessage => ({
  ...{ reference: 'r-1', account: BOT, chat: '777', kind: 'text', text: 'Yes', media: [] },
  ...changes,
});
const fileOf = (type: string, changes: Partial<OutMedia> = {}): OutMedia => ({
  ...{ name: 'a "b".bin', type, size: 4, open: () => Promise.resolve(Readable.from([Buffer.from('by'), Buffer.from('te')])) },
  ...changes,
});

async function fail(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('it should have failed', { cause: error });
  expect(JSON.stringify([error.message, error.localText, String((error.cause as Error | undefined)?.message)])).not.toContain(
    TOKEN.slice(5),
  );
  return error;
}

/** Values of a form by their names. Values of files include their type and name. */
function readForm(request: CapturedRequest): Record<string, string> {
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
  const parts = request.text().split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      const name = /name="([^"]*)"/.exec(head)?.[1] ?? '';
      const file = /filename="([^"]*)"\r\ncontent-type: (\S+)/.exec(head);
      const content = body.join('\r\n\r\n').slice(0, -2);
      return [name, file ? `${file[1]} ${file[2]} ${content}` : content];
    }),
  );
}

describe('sendMessage of a text', () => {
  it('is the worked example', async () => {
    const reply_parameters = { message_id: 17, allow_sending_without_reply: true };
    double.expect('POST', at('sendMessage')).withJson({ chat_id: 777, reply_parameters, text: 'Yes' }).reply(sent(18));
    expect(await provider.sendMessage(build({ quote: ['777:17'] }), contextOf())).toEqual({ ids: ['777:18'] });
  });

  it('sends unknown markup unchanged, and quotes only Telegram’s markup', async () => {
    double.expect('POST', at('sendMessage')).withJson({ chat_id: 777, text: '<b>&amp; *x* _y_' }).reply(sent(18));
    await provider.sendMessage(build({ text: '<b>&amp; *x* _y_', quote: ['other'] }), contextOf());
  });

  it('splits what is too long at a line or a blank, and answers the first only', async () => {
    const words = Array.from({ length: 1_250 }, (_, n) => `w${String(n).padStart(4, '0')}`);
    const text = words.join(' ');
    const pieces: string[] = [];
    double
      .expect('POST', at('sendMessage'))
      .times(2)
      .reply((request) => {
        const body = request.json() as { text: string; reply_parameters?: object };
        expect(body.reply_parameters !== undefined).toBe(pieces.length === 0);
        return sent(30 + pieces.push(body.text));
      });
    expect(await provider.sendMessage(build({ text, quote: ['777:1'] }), contextOf())).toEqual({ ids: ['777:31', '777:32'] });
    expect(pieces.join(' ')).toBe(text);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(4_096);
  });

  it('goes on after the parts that were sent', async () => {
    const text = 'x'.repeat(5_000);
    double.expect('POST', at('sendMessage')).reply(sent(31));
    double.expect('POST', at('sendMessage')).reply(refused(429, 'Too Many Requests: retry after 0', { retry_after: 0 }));
    expect((await fail(provider.sendMessage(build({ text }), contextOf()))).kind).toBe('rate_limited');
    double
      .expect('POST', at('sendMessage'))
      .withJson({ chat_id: 777, text: 'x'.repeat(904) })
      .reply(sent(32));
    expect(await provider.sendMessage(build({ text }), contextOf())).toEqual({ ids: ['777:31', '777:32'] });
  });

  it('is rejected without a call if text or recipient is missing', async () => {
    for (const [request, code] of [
      [build({ text: ' \n' }), 'general'],
      [build({ text: '' }), 'general'],
      [build({ chat: undefined as never, customer: '777' }), 'customer_not_exists'],
      [build({ chat: 'no such chat' }), 'customer_not_exists'],
    ] as const)
      expect(await fail(provider.sendMessage(request, contextOf()))).toMatchObject({ code });
    expect((await fail(provider.sendMessage(build({ account: '1' }), contextOf()))).kind).toBe('rejected');
  });
});

describe('sendMessage of a text that Telegram sends later', () => {
  it('has no id yet', async () => {
    double.expect('POST', at('sendMessage')).reply(sent(0));
    expect(await provider.sendMessage(build(), contextOf())).toEqual({ ids: [] });
  });
});

describe('sendMessage of files', () => {
  const media = (type: string, changes: Partial<OutMedia> = {}): Partial<OutMessage> => ({ media: [fileOf(type, changes)] });

  it('sends a photo with its caption', async () => {
    double.expect('POST', at('sendPhoto')).reply((request) => {
      expect(readForm(request)).toEqual({ chat_id: '777', caption: 'Yes', photo: 'a %22b%22.bin image/jpeg byte' });
      return sent(18);
    });
    expect(await provider.sendMessage(build({ kind: 'image', ...media('image/jpeg') }), contextOf())).toEqual({ ids: ['777:18'] });
  });

  it('sends what Telegram makes no photo of as a document', async () => {
    const kinds = [media('image/gif'), media('image/png', { size: 11 * 1024 * 1024 })];
    for (const one of kinds) {
      double.expect('POST', at('sendDocument')).reply(sent(18));
      await provider.sendMessage(build({ kind: 'image', ...one }), contextOf());
    }
    double.expect('POST', at('sendPhoto')).reply(refused(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS'));
    double
      .expect('POST', at('sendDocument'))
      .when('the file once more', (request) => readForm(request)['document']?.endsWith('byte') === true)
      .reply(sent(19));
    expect(await provider.sendMessage(build({ kind: 'image', ...media('image/png') }), contextOf())).toEqual({ ids: ['777:19'] });
  });

  it('sends several photos as an album, others as an album of documents', async () => {
    const files = [fileOf('image/png'), fileOf('image/jpeg', { name: 'b.jpg' })];
    const album = [
      { type: 'photo', media: 'attach://file0', caption: 'Yes' },
      { type: 'photo', media: 'attach://file1' },
    ];
    double.expect('POST', at('sendMediaGroup')).reply((request) => {
      const { media: list = '', ...rest } = readForm(request);
      expect(JSON.parse(list)).toEqual(album);
      expect(rest).toEqual({ chat_id: '777', file0: 'a %22b%22.bin image/png byte', file1: 'b.jpg image/jpeg byte' });
      return done([{ message_id: 20 }, { message_id: 21 }]);
    });
    expect(await provider.sendMessage(build({ kind: 'image', media: files }), contextOf())).toEqual({ ids: ['777:20', '777:21'] });
    double
      .expect('POST', at('sendMediaGroup'))
      .when('documents', (request) => readForm(request)['media']?.includes('"document"') === true)
      .reply(done([{ message_id: 22 }, { message_id: 23 }]));
    await provider.sendMessage(build({ kind: 'image', media: [...files.slice(1), fileOf('image/gif')] }), contextOf());
  });

  it('sends a text that is longer than a caption after the file', async () => {
    const text = 'x'.repeat(1_025);
    double
      .expect('POST', at('sendDocument'))
      .when('without caption', (request) => readForm(request)['caption'] === undefined)
      .reply(sent(40));
    double.expect('POST', at('sendMessage')).withJson({ chat_id: 777, text }).reply(sent(41));
    const request = build({ kind: 'file', text, ...media('application/pdf') });
    expect(await provider.sendMessage(request, contextOf())).toEqual({ ids: ['777:40', '777:41'] });
  });

  it('sends a voice as one, as a document to who takes none, and other sounds as documents', async () => {
    double.expect('POST', at('sendVoice')).reply(sent(50));
    await provider.sendMessage(build({ kind: 'audio', ...media('audio/ogg; codecs=opus') }), contextOf());
    double.expect('POST', at('sendVoice')).reply(refused(400, 'Bad Request: VOICE_MESSAGES_FORBIDDEN'));
    double.expect('POST', at('sendDocument')).reply(sent(51));
    expect(await provider.sendMessage(build({ kind: 'audio', ...media('audio/mpeg') }), contextOf())).toEqual({ ids: ['777:51'] });
    double.expect('POST', at('sendDocument')).reply(sent(52));
    await provider.sendMessage(build({ kind: 'audio', ...media('audio/wav') }), contextOf());
  });

  it('sends nothing of a file that ends before its end', async () => {
    const broken = (error: Error): OutMedia => ({
      ...fileOf('application/pdf'),
      open: () =>
        Promise.resolve(
          Readable.from(
            (function* () {
              yield Buffer.from('part');
              throw error;
            })(),
          ),
        ),
    });
    const ended: boolean[] = [];
    const server = createServer((request) => {
      request.on('error', () => undefined).on('close', () => ended.push(request.complete));
      request.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const near = new TelegramProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (const error of [new Error('gone'), new ProviderError('unavailable', 'The file is away')])
      expect((await fail(near.sendMessage(build({ kind: 'file', media: [broken(error)] }), contextOf()))).kind).toBe('unavailable');
    await new Promise((resolve) => server.close(resolve));
    expect(ended).not.toContain(true);
  });
});

describe('sendMessage of cards and buttons', () => {
  it('writes a product, with its picture where Telegram can fetch it', async () => {
    const product = {
      name: 'Tea <green> & "white"',
      article: 'T-1',
      url: 'https://shop.example/t',
      cost: toMoney(1_250_50, 'RUB'),
      unit: 'pc',
    };
    const text = 'Tea <green> & "white"\nArticle: T-1\nPrice: RUB 1,250.50 / pc\nhttps://shop.example/t';
    const clean = (value: string): string => value.replaceAll('\u00A0', ' ');
    const isText = (field: string) => (body: unknown) => clean((body as Record<string, string>)[field] ?? '') === text;
    double.expect('POST', at('sendMessage')).withJson(isText('text')).reply(sent(60));
    const { text: _, ...bare } = build({ kind: 'product', product });
    await provider.sendMessage(bare, contextOf());
    const pictured = { ...bare, product: { ...product, image: 'https://shop.example/t.jpg' } };
    double.expect('POST', at('sendPhoto')).withJson(isText('caption')).reply(sent(61));
    await provider.sendMessage(pictured, contextOf());
    double.expect('POST', at('sendPhoto')).reply(refused(400, 'Bad Request: wrong file identifier/HTTP URL specified'));
    double.expect('POST', at('sendMessage')).withJson(isText('text')).reply(sent(62));
    expect(await provider.sendMessage(pictured, contextOf())).toEqual({ ids: ['777:62'] });
  });

  it('writes an order in the language of the bot', async () => {
    const settings = getParser(TelegramSettings).parse({ bots: [{ code: 'shop', token: TOKEN, language: 'es' }] });
    const order = {
      ...{ number: '1001', date: new Date('2026-03-01T22:00:00Z'), cost: toMoney(300_00, 'EUR'), status: { name: 'Enviado' } },
      items: [{ name: 'Té', quantity: 2, unit: 'ud', price: toMoney(100_00, 'EUR') }, { name: 'Taza' }],
      delivery: { name: 'Correo', price: toMoney(5_50, 'EUR'), address: 'Calle 1' },
      payments: [{ name: 'Tarjeta', amount: toMoney(300_00, 'EUR'), status: { paid: true } }, {}],
    };
    double.expect('POST', at('sendMessage')).reply((request) => {
      expect((request.json() as { text: string }).text.replaceAll('\u00A0', ' ').split('\n')).toEqual([
        ...[
          'Pedido 1001 del 2 mar 2026',
          '– Té: 2 ud × 100 €',
          '– Taza',
          'Entrega: Correo, 5,50 €, Calle 1',
          'Pago: Tarjeta, 300 €, pagado',
        ],
        ...['Total: 300 €', 'Estado: Enviado'],
      ]);
      return sent(63);
    });
    const { text: _, ...bare } = build({ kind: 'order', order });
    await provider.sendMessage(bare, contextOf({ settings }));
  });

  it('shows suggestions as a keyboard, which the next message removes', async () => {
    const suggestions = [
      { type: 'text', title: 'Later' },
      { type: 'phone', title: 'My phone' },
      { type: 'url', title: 'Site', payload: 'https://shop.example' },
    ] as const;
    const reply_markup = {
      ...{ keyboard: [[{ text: 'Later' }], [{ text: 'My phone', request_contact: true }]], one_time_keyboard: true, resize_keyboard: true },
    };
    double
      .expect('POST', at('sendMessage'))
      .withJson({ chat_id: 777, reply_markup, text: 'Yes\n\nSite: https://shop.example' })
      .reply(sent(70));
    await provider.sendMessage(build({ suggestions }), contextOf());
    double
      .expect('POST', at('sendMessage'))
      .withJson({ chat_id: 777, reply_markup: { remove_keyboard: true }, text: 'Yes' })
      .reply(sent(71));
    double.expect('POST', at('sendMessage')).withJson({ chat_id: 777, text: 'Yes' }).reply(sent(72));
    for (let n = 0; n < 2; n++) await provider.sendMessage(build(), contextOf());
  });

  it('shows only links under the message, and buttons of an album under a text', async () => {
    const inline_keyboard = [[{ text: 'Site', url: 'https://shop.example' }]];
    const suggestions = [{ type: 'url', title: 'Site', payload: 'https://shop.example' }] as const;
    double.expect('POST', at('sendMessage')).withJson({ chat_id: 777, reply_markup: { inline_keyboard }, text: 'Yes' }).reply(sent(73));
    await provider.sendMessage(build({ suggestions }), contextOf());
    const { text: _, ...album } = build({ kind: 'image', media: [fileOf('image/png'), fileOf('image/png')], suggestions });
    for (const text of ['Yes', 'Choose an answer:']) {
      double.expect('POST', at('sendMediaGroup')).reply(done([{ message_id: 74 }, { message_id: 75 }]));
      double.expect('POST', at('sendMessage')).withJson({ chat_id: 777, reply_markup: { inline_keyboard }, text }).reply(sent(76));
      const request = { ...album, reference: text, ...(text === 'Yes' && { text }) };
      expect((await provider.sendMessage(request, contextOf())).ids).toEqual(['777:74', '777:75', '777:76']);
    }
  });
});

describe('a message that is not sent', () => {
  it('is reported in the gateway’s words', async () => {
    const said = [
      [403, 'Forbidden: bot was blocked by the user', 'access_restricted'],
      [403, 'Forbidden: user is deactivated', 'customer_not_exists'],
      [403, "Forbidden: bot can't initiate conversation with a user", 'customer_not_exists'],
      [400, 'Bad Request: chat not found', 'customer_not_exists'],
      [403, 'Forbidden: something new', 'access_restricted'],
      [400, 'Bad Request: message text is empty', 'general'],
      [409, 'Conflict: terminated by other getUpdates request', 'general'],
    ] as const;
    for (const [status, description, code] of said) {
      double.expect('POST', at('sendMessage')).reply(refused(status, description));
      const error = await fail(provider.sendMessage(build(), contextOf()));
      expect(error).toBeInstanceOf(DeliveryRefused);
      expect([description, (error as DeliveryRefused).code]).toEqual([description, code]);
      expect((error as DeliveryRefused).externalCode).toBe(description);
    }
  });

  it('keeps Telegram’s long words short, and without addresses', async () => {
    double
      .expect('POST', at('sendMessage'))
      .reply(refused(400, `Bad Request: https://api.telegram.org/bot${TOKEN}/x ${'long '.repeat(100)}`));
    const error = await fail(provider.sendMessage(build(), contextOf()));
    expect((error as DeliveryRefused).externalCode?.length).toBeLessThanOrEqual(100);
    expect(error.message.length).toBeLessThan(300);
  });

  it('waits for Telegram’s own time, with all that is about the chat, and with nothing else', async () => {
    double.expect('POST', at('sendMessage')).reply({ status: 429, text: '<html>slow down</html>' });
    expect(await fail(provider.sendMessage(build(), contextOf()))).toMatchObject({ kind: 'rate_limited', retryAfterMs: undefined });
    double.expect('POST', at('sendMessage')).reply(refused(429, 'Too Many Requests: retry after 35', { retry_after: 35 }));
    expect(await fail(provider.sendMessage(build(), contextOf()))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 35_000 });
    const place = { account: BOT, chat: '777', ids: ['777:18'] };
    const opens: string[] = [];
    const media = [fileOf('image/png', { open: () => Promise.reject(new Error(String(opens.push('opened')))) })];
    for (const call of [
      () => provider.sendMessage(build(), contextOf()),
      () => provider.sendMessage(build({ kind: 'image', media }), contextOf()),
      () => provider.deleteMessage(place, contextOf()),
      () => provider.editMessage({ ...place, text: 'x' }, contextOf()),
    ]) {
      const { kind, retryAfterMs = 0 } = await fail(call());
      expect(kind).toBe('rate_limited');
      expect(retryAfterMs).toBeGreaterThan(30_000);
      expect(retryAfterMs).toBeLessThanOrEqual(35_000);
    }
    expect(opens).toEqual([]);
    double.expect('POST', at('sendMessage')).reply(sent(18));
    await provider.sendMessage(build({ chat: '778' }), contextOf());
  });

  it('reports that the token is rejected', async () => {
    for (const reply of [refused(401, 'Unauthorized'), refused(404, 'Not Found')]) {
      double.expect('POST', at('sendMessage')).reply(reply);
      expect((await fail(provider.sendMessage(build(), contextOf()))).kind).toBe('auth');
    }
  });

  it('is not known to be unsent when its answer is lost, and is not repeated', async () => {
    const lost: DoubleReply[] = [
      ...[{ status: 502, text: '<html>Bad Gateway</html>' }, refused(500, 'Internal Server Error')],
      ...[
        { fault: 'drop-after' as const },
        { fault: 'cut' as const, json: { ok: true, result: { message_id: 5 } } },
        { text: 'ok' },
        done({}),
        { json: { ok: true } },
        { status: 302 },
      ],
    ];
    for (const reply of lost) {
      double.expect('POST', at('sendMessage')).reply(reply);
      expect((await fail(provider.sendMessage(build(), contextOf()))).kind).toBe('unknown_outcome');
    }
    const files = { kind: 'file' as const, media: [fileOf('application/pdf')] };
    double.expect('POST', at('sendDocument')).reply({ fault: 'drop-after' });
    expect((await fail(provider.sendMessage(build(files), contextOf()))).kind).toBe('unknown_outcome');
  });

  it('was not sent when Telegram cannot be reached', async () => {
    const away = new TelegramProvider('http://127.0.0.1:1');
    for (const changes of [{}, { kind: 'file' as const, media: [fileOf('application/pdf')] }])
      expect((await fail(away.sendMessage(build(changes), contextOf()))).kind).toBe('unavailable');
  });
});

describe('what follows a message', () => {
  const place = { account: BOT, chat: '777' };

  it('is edited, and an equal text is a success', async () => {
    double.expect('POST', at('editMessageText')).withJson({ chat_id: 777, message_id: 18, text: 'No' }).reply(sent(18));
    await provider.editMessage({ ...place, ids: ['777:18'], text: 'No' }, contextOf());
    double.expect('POST', at('editMessageText')).reply(refused(400, 'Bad Request: message is not modified: specified new message content'));
    await provider.editMessage({ ...place, ids: ['777:18'], text: 'No' }, contextOf());
  });

  it('is edited in its parts, and unneeded parts are deleted', async () => {
    double.expect('POST', at('editMessageText')).withJson({ chat_id: 777, message_id: 18, text: 'short' }).reply(sent(18));
    double.expect('POST', at('deleteMessage')).withJson({ chat_id: 777, message_id: 19 }).reply(done(true));
    await provider.editMessage({ ...place, ids: ['777:18', '777:19'], text: 'short' }, contextOf());
    const error = await fail(provider.editMessage({ ...place, ids: ['777:18'], text: 'x'.repeat(4_097) }, contextOf()));
    expect(error.kind).toBe('rejected');
  });

  it('is edited under a file', async () => {
    double.expect('POST', at('editMessageText')).reply(refused(400, 'Bad Request: there is no text in the message to edit'));
    double.expect('POST', at('editMessageCaption')).withJson({ chat_id: 777, message_id: 18, caption: 'No' }).reply(sent(18));
    await provider.editMessage({ ...place, ids: ['777:18'], text: 'No' }, contextOf());
  });

  it('reports why it cannot be edited or deleted', async () => {
    double.expect('POST', at('editMessageText')).reply(refused(400, "Bad Request: message can't be edited"));
    expect((await fail(provider.editMessage({ ...place, ids: ['777:18'], text: 'No' }, contextOf()))).kind).toBe('rejected');
    double.expect('POST', at('deleteMessage')).reply(refused(400, "Bad Request: message can't be deleted for everyone"));
    expect((await fail(provider.deleteMessage({ ...place, ids: ['777:18'] }, contextOf()))).kind).toBe('rejected');
  });

  it('is deleted completely, and missing parts are a success', async () => {
    double.expect('POST', at('deleteMessage')).withJson({ chat_id: 777, message_id: 18 }).reply(done(true));
    double
      .expect('POST', at('deleteMessage'))
      .withJson({ chat_id: 777, message_id: 19 })
      .reply(refused(400, 'Bad Request: message to delete not found'));
    await provider.deleteMessage({ ...place, ids: ['777:18', '777:19', 'no-such-message'] }, contextOf());
  });

  it('is repeated when the answer is lost', async () => {
    double.expect('POST', at('deleteMessage')).reply({ status: 502, text: 'Bad Gateway' });
    double.expect('POST', at('deleteMessage')).reply(done(true));
    await provider.deleteMessage({ ...place, ids: ['777:18'] }, contextOf());
    double.expect('POST', at('deleteMessage')).times(3).reply({ fault: 'drop-after' });
    expect((await fail(provider.deleteMessage({ ...place, ids: ['777:18'] }, contextOf()))).kind).toBe('unavailable');
  });

  it('gets a reaction that Telegram knows', async () => {
    const reaction = [{ type: 'emoji', emoji: '❤' }];
    double.expect('POST', at('setMessageReaction')).withJson({ chat_id: 777, message_id: 17, reaction }).reply(done(true));
    await provider.reactToMessage({ ...place, id: '777:17', emoji: '❤\uFE0F' }, contextOf());
    double.expect('POST', at('setMessageReaction')).withJson({ chat_id: 777, message_id: 17, reaction: [] }).reply(done(true));
    await provider.reactToMessage({ ...place, id: '777:17' }, contextOf());
    expect((await fail(provider.reactToMessage({ ...place, id: '777:17', emoji: '😊' }, contextOf()))).kind).toBe('invalid');
    expect((await fail(provider.reactToMessage({ ...place, id: '777:pressed:1', emoji: '👍' }, contextOf()))).kind).toBe('invalid');
    expect(new Set(REACTIONS).size).toBe(REACTIONS.length);
  });

  it('answers a pressed button', async () => {
    double.expect('POST', at('answerCallbackQuery')).withJson({ callback_query_id: 'cb-1' }).reply(done(true));
    await provider.answerButton(BOT, 'cb-1', contextOf());
  });
});

describe('findPicture', () => {
  const find = (customer = '777') => provider.findPicture(BOT, customer, contextOf());
  const sizes = ['s', 'm', 'l'].map((file_id, n) => ({ file_id, file_unique_id: `u${n}`, width: 160 * (n + 1), height: 160 }));

  it('is the largest of the last photo, and is asked for once a day', async () => {
    const photos = double.expect('POST', at('getUserProfilePhotos')).withJson({ user_id: 777, limit: 1 });
    photos.reply(done({ total_count: 2, photos: [sizes] }));
    expect([await find(), await find()]).toEqual([
      { ref: 'l', type: 'image/jpeg' },
      { ref: 'l', type: 'image/jpeg' },
    ]);
  });

  it.each([
    ['none is shown', done({ total_count: 0, photos: [] })],
    ['the customer is not known', refused(400, 'Bad Request: user not found')],
    ['it is not as described', done({ total_count: 1, photos: [{ file_id: 'f' }] })],
  ])('is missing if %s, which is cached', async (_why, reply) => {
    double.expect('POST', at('getUserProfilePhotos')).reply(reply);
    expect([await find(), await find(), await find('somebody')]).toEqual([undefined, undefined, undefined]);
  });

  it('fails as the service does, and is asked for again', async () => {
    double.expect('POST', at('getUserProfilePhotos')).reply(refused(401, 'Unauthorized'));
    double.expect('POST', at('getUserProfilePhotos')).reply(done({ total_count: 1, photos: [sizes] }));
    expect((await fail(find())).kind).toBe('auth');
    expect(await find()).toMatchObject({ ref: 'l' });
  });
});

describe('openMedia', () => {
  const open = () => provider.openMedia(BOT, 'f-1', contextOf());

  it('asks where the file is, and streams it', async () => {
    double
      .expect('POST', at('getFile'))
      .withJson({ file_id: 'f-1' })
      .reply(done({ file_id: 'f-1', file_path: 'photos/файл 1.jpg', file_size: 4 }));
    double.expect('GET', `/file/bot${TOKEN}/photos/файл 1.jpg`).reply({ bytes: Buffer.from('byte') });
    const { body, size, type } = await open();
    expect([Buffer.concat((await body.toArray()) as Buffer[]).toString(), size, type]).toEqual(['byte', 4, undefined]);
  });

  it('reports a file that is too large or missing, and tries an unavailable one again', async () => {
    double.expect('POST', at('getFile')).reply(refused(400, 'Bad Request: file is too big'));
    expect((await fail(open())).kind).toBe('rejected');
    double.expect('POST', at('getFile')).reply(done({ file_id: 'f-1', file_path: 'a', file_size: 20_000_001 }));
    expect((await fail(open())).kind).toBe('rejected');
    double.expect('POST', at('getFile')).reply(done({ file_id: 'f-1' }));
    expect((await fail(open())).kind).toBe('rejected');
    for (const [status, kind] of [
      [404, 'rejected'],
      [401, 'auth'],
      [429, 'rate_limited'],
    ] as const) {
      double.expect('POST', at('getFile')).reply(done({ file_id: 'f-1', file_path: 'a' }));
      double.expect('GET', `/file/bot${TOKEN}/a`).reply({ status });
      expect((await fail(open())).kind).toBe(kind);
    }
    double.expect('POST', at('getFile')).reply(done({ file_id: 'f-1', file_path: 'a' }));
    double.expect('GET', `/file/bot${TOKEN}/a`).times(3).reply({ status: 502, text: 'Bad Gateway' });
    expect((await fail(open())).kind).toBe('unavailable');
  });
});
