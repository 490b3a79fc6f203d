import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeliveryRefused, type MessengerEvent, type OutMessage } from '#chat/port';
import { getParser } from '#platform';
import { type ProviderError, replaceSignal } from '#provider-kit';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { WhatsAppDouble, type WhatsAppContent, type WhatsAppPerson } from '../../../lab/doubles/whatsapp/index.js';
import { WhatsAppProvider } from './whatsapp.provider.js';
import { type WhatsAppContext, WhatsAppSettings } from './whatsapp.settings.js';

let whatsapp: WhatsAppDouble;
let posted: PostedWebhooks;
let provider: WhatsAppProvider;
let context: WhatsAppContext;
let ana: WhatsAppPerson;

const makeContext = (changes: object = {}): WhatsAppContext =>
  providerContext(getParser(WhatsAppSettings).parse({ ...whatsapp.settings, ...changes }), {
    ...{ now: new Date(), signal: AbortSignal.timeout(30_000), webhookUrl: `${posted.url}whatsapp/webhooks/connection-1` },
    account: { timeZone: 'Europe/Madrid', language: 'en', workTimes: [], nonWorkingDays: [] },
  });

/** The events of everything that people and Meta do meanwhile. */
async function listen(act: () => unknown): Promise<MessengerEvent[]> {
  await whatsapp.webhooks.flush();
  posted.take();
  await act();
  await new Promise((resolve) => setTimeout(resolve, 10));
  await whatsapp.webhooks.flush();
  return posted.take().flatMap((request) => {
    expect(provider.webhook.verify(request, context)).toBe(true);
    return provider.webhook.parse(request, context);
  });
}

function build(changes: Partial<OutMessage> = {}): OutMessage {
  return { reference: randomUUID(), account: whatsapp.number.id, chat: ana.phone, kind: 'text', text: 'Hola', media: [], ...changes };
}

const send = (changes: Partial<OutMessage> = {}) => provider.sendMessage(build(changes), context);
const file = (type: string, size: number, name = 'a.bin') => ({
  name,
  type,
  size,
  open: () => Promise.resolve(Readable.from([randomBytes(size)])),
});
const fail = async (work: Promise<unknown>): Promise<ProviderError> =>
  work.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: ProviderError) => error,
  );

beforeAll(async () => {
  [whatsapp, posted] = await Promise.all([WhatsAppDouble.start(), PostedWebhooks.start()]);
  provider = new WhatsAppProvider({ WHATSAPP_URL: whatsapp.url });
});
afterAll(async () => {
  await whatsapp.close();
  await posted.close();
});
beforeEach(async () => {
  whatsapp.reset();
  whatsapp.webhooks.mode = 'hold';
  context = makeContext();
  posted.answer = (response, { method, url, headers }) => {
    const request = { ...webhookRequest('', headers as Record<string, string>, { query: url.searchParams }), method };
    response.end(method === 'GET' ? (provider.webhook.handshake?.(request, context) ?? 'no') : '');
  };
  await provider.connect({ replace: true }, context);
  ana = whatsapp.addPerson({ name: 'Ana Gómez' });
});
describe('a message of a customer', () => {
  const bytes = randomBytes(1_000);
  const media = (kind: 'image' | 'video' | 'audio' | 'document' | 'sticker', mimeType: string, more: object = {}): WhatsAppContent => ({
    kind,
    bytes,
    mimeType,
    ...more,
  });
  const raw = (type: string, value: object): WhatsAppContent => ({ kind: 'raw', type, value: { [type]: value } });

  it.each<[string, WhatsAppContent, object]>([
    ['text', { kind: 'text', text: 'Hola ñ 🚚' }, { kind: 'text', text: 'Hola ñ 🚚' }],
    [
      'image',
      media('image', 'image/jpeg', { caption: 'Ésta' }),
      { kind: 'image', text: 'Ésta', media: [{ name: 'image.jpg', type: 'image/jpeg' }] },
    ],
    ['sticker', media('sticker', 'image/webp'), { kind: 'image', media: [{ name: 'sticker.webp' }] }],
    ['video', media('video', 'video/mp4'), { kind: 'file', media: [{ name: 'video.mp4' }] }],
    ['document', media('document', 'application/pdf', { name: 'factura.pdf' }), { kind: 'file', media: [{ name: 'factura.pdf' }] }],
    ['voice', media('audio', 'audio/ogg; codecs=opus'), { kind: 'audio', media: [{ name: 'audio.ogg', type: 'audio/ogg; codecs=opus' }] }],
    ['a pressed button', raw('button', { payload: 'p', text: 'Gracias' }), { kind: 'text', text: 'Gracias' }],
    ['an answer', raw('interactive', { type: 'button_reply', button_reply: { id: '1', title: 'Sí' } }), { kind: 'text', text: 'Sí' }],
    [
      'a row',
      raw('interactive', { type: 'list_reply', list_reply: { id: '1', title: 'Rojo', description: 'x' } }),
      { kind: 'text', text: 'Rojo' },
    ],
    [
      'a place',
      raw('location', { latitude: 40.4, longitude: -3.7, name: 'Sol' }),
      { text: '[Location] Sol https://maps.google.com/?q=40.4,-3.7' },
    ],
    [
      'contacts',
      raw('contacts', [{ name: { formatted_name: 'Eva' }, phones: [{ phone: '+34 600' }] }, { name: {} }] as never),
      { text: '[Contact] Eva +34 600; ' },
    ],
    [
      'an order',
      raw('order', {
        ...{ catalog_id: '1', text: '' },
        product_items: [
          { product_retailer_id: 'a', quantity: 2, item_price: 30.5, currency: 'USD' },
          { product_retailer_id: 'b', quantity: 1, item_price: 10, currency: 'EUR' },
        ],
      }),
      { text: '[Order] a × 2, 30.5 USD; b × 1, 10 EUR' },
    ],
    [
      'a form',
      raw('interactive', { type: 'nfm_reply', nfm_reply: {} }),
      { text: '[A message of a kind that can be seen in WhatsApp only]' },
    ],
    [
      'unsupported',
      raw('unsupported', { errors: [{ code: 131_051 }] }),
      { text: '[A message of a kind that can be seen in WhatsApp only]' },
    ],
    ['an edit', raw('edit', {}), { text: '[A message of a kind that can be seen in WhatsApp only]' }],
    ['an image of another form', raw('image', { url: 'x' }), { text: '[A message of a kind that can be seen in WhatsApp only]' }],
  ])('%s', async (_name, content, wanted) => {
    const [event, ...others] = await listen(() => whatsapp.write(ana, content));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'message', account: whatsapp.number.id, chat: ana.phone, message: wanted });
  });

  it('has its customer, both ids, the quoted message and the advertisement', async () => {
    const referral = { source_url: 'https://fb.me/x', source_type: 'ad', source_id: '77', headline: 'Sale', ctwa_clid: 'c' };
    const [event] = await listen(() => whatsapp.write(ana, 'Hola', { quote: 'wamid.x', more: { referral } }));
    expect(event).toMatchObject({
      message: { quote: 'wamid.x' },
      customer: {
        ...{ id: ana.phone, nickname: 'Ana Gómez', firstName: 'Ana Gómez', phone: `+${ana.phone}`, otherIds: [ana.userId] },
        utm: { source: 'fb.me', medium: 'ad', campaign: 'Sale', content: '77' },
      },
    });
  });

  it('of a customer who hides the phone is known by the user id', async () => {
    const kim = whatsapp.addPerson({ hidesPhone: true, name: '', username: 'kim' });
    const [event] = await listen(() => whatsapp.write(kim, 'Hola'));
    expect(event).toMatchObject({ chat: kim.userId, customer: { id: kim.userId, nickname: 'kim' } });
    expect(event).not.toHaveProperty('customer.phone');
    await send({ chat: kim.userId });
    expect(whatsapp.calls.at(-1)?.body).toMatchObject({ recipient: kim.userId });
    expect(whatsapp.sent(kim)).toHaveLength(1);
  });

  it('about a new number names it as another id', async () => {
    const [event] = await listen(() => whatsapp.changeNumber(ana, '34699000111'));
    expect(event).toMatchObject({
      chat: ana.phone,
      customer: { otherIds: [ana.userId, '34699000111', ana.userId] },
      message: { text: '[The customer has a new number] +34699000111' },
    });
  });

  it('may be a reaction, and its removal', async () => {
    const events = await listen(() => {
      whatsapp.react(ana, 'wamid.a', '👍');
      whatsapp.react(ana, 'wamid.a');
    });
    expect(events).toMatchObject([
      { type: 'reaction', message: 'wamid.a', emoji: '👍' },
      { type: 'reaction', message: 'wamid.a', removed: true },
    ]);
  });

  it('with a file is streamed, and refused if its bytes differ from the announced digest', async () => {
    const [event] = await listen(() => whatsapp.write(ana, media('image', 'image/png')));
    const [{ ref = '' } = {}] = event?.type === 'message' ? (event.message.media ?? []) : [];
    expect(Buffer.compare(await buffer((await provider.openMedia(whatsapp.number.id, ref, context)).body), bytes)).toBe(0);
    const other = await provider.openMedia(whatsapp.number.id, `${ref.split(' ')[0]} AAAA`, context);
    await expect(buffer(other.body)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('never sends the token to another host', async () => {
    whatsapp.rewrite = (json) => json.replace(whatsapp.url, posted.url.replace(/\/$/, ''));
    const [event] = await listen(() => whatsapp.write(ana, media('image', 'image/png')));
    const [{ ref = '' } = {}] = event?.type === 'message' ? (event.message.media ?? []) : [];
    await expect(provider.openMedia(whatsapp.number.id, ref, context)).rejects.toMatchObject({ kind: 'rejected' });
    whatsapp.rewrite = undefined;
    expect(posted.received).toEqual([]);
  });
});

describe('a message of a manager', () => {
  const bodies = (): object[] => whatsapp.calls.flatMap(({ call, body }) => (call === 'sendMessage' ? [body as object] : []));
  beforeEach(() => void whatsapp.write(ana, 'Hola'));

  it.each([
    ['image', 'image/jpeg', 2_000, 'image'],
    ['image', 'image/gif', 2_000, 'document'],
    ['image', 'image/png', 5 * 1024 * 1024 + 1, 'document'],
    ['file', 'video/mp4', 2_000, 'video'],
    ['file', 'application/pdf', 2_000, 'document'],
    ['audio', 'audio/ogg; codecs=opus', 2_000, 'audio'],
    ['audio', 'audio/flac', 2_000, 'document'],
  ] as const)('of kind %s and type %s is sent as it can be', async (kind, type, size, wanted) => {
    await send({ kind, text: 'Mire', media: [file(type, size)] });
    const first = { type: wanted, [wanted]: wanted === 'audio' ? {} : { caption: 'Mire' } };
    expect(bodies()).toMatchObject(wanted === 'audio' ? [first, { type: 'text', text: { body: 'Mire' } }] : [first]);
    expect(whatsapp.sent(ana)[0]?.file?.bytes.length).toBe(size);
  });

  it('has buttons, a list or a link, and the rest in its text', async () => {
    const texts = (...titles: string[]) => titles.map((title) => ({ type: 'text' as const, title }));
    const link = { type: 'url' as const, title: 'Ver', payload: 'https://shop.example/1' };
    await send({ suggestions: [...texts('Sí', 'No'), link] });
    await send({ suggestions: texts('1', '2', '3', '4 is longer than a row may be at most') });
    await send({ suggestions: [link] });
    await send({ suggestions: [link, { ...link, payload: 'https://shop.example/2' }] });
    await send({
      kind: 'file',
      media: [file('application/pdf', 10)],
      text: '',
      suggestions: texts('Same title, which is cut', 'Same title, which is longer'),
    });
    expect(bodies()).toMatchObject([
      { interactive: { type: 'button', body: { text: 'Hola\n\nVer: https://shop.example/1' }, action: { buttons: [{}, {}] } } },
      {
        interactive: {
          type: 'list',
          action: {
            sections: [{ rows: [{}, {}, {}, { title: '4 is longer than a row m', description: '4 is longer than a row may be at most' }] }],
          },
        },
      },
      { interactive: { type: 'cta_url', action: { parameters: { url: link.payload } } } },
      { text: { body: 'Hola\n\nVer: https://shop.example/1\n\nVer: https://shop.example/2' } },
      { type: 'document' },
      { interactive: { type: 'button', body: { text: 'Choose an answer:' }, action: { buttons: [{}] } } },
    ]);
  });

  it('of several parts continues after the ones that were sent', async () => {
    const message = build({ text: 'x'.repeat(9_000) });
    whatsapp.faults.add('sendMessage', { kind: 'code', code: '130429' }, 1, 1);
    expect((await fail(provider.sendMessage(message, context))).kind).toBe('rate_limited');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { ids } = await provider.sendMessage(message, context);
    expect(whatsapp.sent(ana).map(({ id }) => id)).toEqual(ids);
    expect(whatsapp.sent(ana).map(({ text }) => text.length)).toEqual([4_096, 4_096, 808]);
    expect(whatsapp.sent(ana).map(({ trace }) => trace?.replace(message.reference, 'r'))).toEqual(['r/1/3', 'r/2/3', 'r/3/3']);
  });

  it.each<[string, string, string, RegExp?]>([
    ['131047', 'rejected', 'reply_timed_out', /24 hours/],
    ['131026', 'rejected', 'customer_not_exists'],
    ['131049', 'rejected', 'spam_suspicion', /Do not repeat/],
    ['131031', 'rejected', 'access_restricted'],
    ['131042', 'rejected', 'general', /payment method/],
    ['132001', 'rejected', 'general', /template/],
    ['999999', 'rejected', 'general', /WhatsApp: “planned”/],
  ])('that Meta refuses with %s is %s with the code %s', async (code, kind, delivery, words = /./) => {
    whatsapp.fail('sendMessage', { kind: 'code', code });
    const error = await fail(send());
    expect(error).toBeInstanceOf(DeliveryRefused);
    expect([error.kind, (error as DeliveryRefused).code, (error as DeliveryRefused).externalCode]).toEqual([
      kind,
      delivery,
      `${code} planned`,
    ]);
    expect(error.message).toMatch(words);
    // The same code minutes later.
    const [event] = await listen(() => {
      whatsapp.setModes({ settles: false });
      return send().then(() => whatsapp.settle(whatsapp.sent(ana).at(-1) as never, 'failed', { code: Number(code), title: 'planned' }));
    });
    expect(event).toMatchObject({ type: 'outcome', failure: { code: delivery } });
  });

  it.each([
    ['190', 'auth'],
    ['131005', 'auth'],
    ['1', 'unknown_outcome'],
    ['131000', 'unknown_outcome'],
    ['2', 'unavailable'],
    ['131016', 'unavailable'],
    ['4', 'rate_limited'],
    ['131056', 'rate_limited'],
  ])('that Meta refuses with %s is %s', async (code, kind) => {
    whatsapp.fail('sendMessage', { kind: 'code', code });
    expect((await fail(send())).kind).toBe(kind);
  });

  it('has an outcome with its reference, and its reading is an event', async () => {
    const message = build();
    const events = await listen(() => provider.sendMessage(message, context));
    const { id = '' } = whatsapp.sent(ana)[0] ?? {};
    expect(events).toMatchObject([
      { id: `${id}:sent`, type: 'outcome', message: id, reference: message.reference },
      { id: `${id}:delivered`, type: 'outcome', message: id, reference: message.reference },
    ]);
    expect(await listen(() => whatsapp.read(ana))).toMatchObject([{ id: `${id}:read`, type: 'read', message: id }]);
  });

  it('of several parts has an outcome when its last part has', async () => {
    const events = await listen(() => send({ text: 'x'.repeat(5_000) }));
    const last = whatsapp.sent(ana).at(-1)?.id;
    expect(events.map((event) => (event.type === 'outcome' ? event.message : event.type))).toEqual([last, last]);
  });

  it('whose reply is lost is found by its status', async () => {
    const message = build();
    whatsapp.fail('sendMessage', { kind: 'drop-after' });
    const events = await listen(async () => expect((await fail(provider.sendMessage(message, context))).kind).toBe('unknown_outcome'));
    expect(events[0]).toMatchObject({ type: 'outcome', reference: message.reference });
    expect(whatsapp.sent(ana)).toHaveLength(1);
  });

  it('is held back before WhatsApp would refuse it: the 46th to one person, and to no one else', async () => {
    const bob = whatsapp.addPerson();
    for (let n = 0; n < 45; n++) await send();
    const error = await fail(send());
    expect([error.kind, (error.retryAfterMs ?? 0) > 200_000]).toEqual(['rate_limited', true]);
    expect(whatsapp.countCalls('sendMessage')).toBe(45);
    await send({ chat: bob.phone });
    expect(whatsapp.calls.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('to a person is stopped by 131056 for six seconds, and no one else’s', async () => {
    const bob = whatsapp.addPerson();
    whatsapp.fail('sendMessage', { kind: 'code', code: '131056' });
    expect((await fail(send())).kind).toBe('rate_limited');
    const again = await fail(send());
    expect([again.kind, (again.retryAfterMs ?? 0) > 5_000]).toEqual(['rate_limited', true]);
    await send({ chat: bob.phone });
    expect(whatsapp.countCalls('sendMessage')).toBe(2);
  });

  it('is not sent without time', async () => {
    expect((await fail(provider.sendMessage(build(), replaceSignal(context, AbortSignal.abort())))).kind).toBe('unavailable');
    expect(whatsapp.sent()).toEqual([]);
  });
});
