import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type MessageGateway,
  sampleFile,
  sampleJpeg,
  sampleWebp,
  type WhatsAppContent,
  type WhatsAppDouble,
  type WhatsAppPerson,
} from '#testing';
import { START_MS } from './support/deployment.js';
import { until } from './support/until.js';
import { WhatsAppDesk } from './support/whatsapp-desk.js';

/** Operations of a killed process are taken over after fifteen seconds, its jobs after half a minute. */
const PATIENCE_MS = 90_000;

let desk: WhatsAppDesk;
let whatsapp: WhatsAppDouble;
let gateway: MessageGateway;

const fileOf = (id = ''): Buffer | undefined => gateway.book.files.find((one) => one.id === id)?.bytes;

beforeAll(async () => {
  desk = await WhatsAppDesk.start();
  ({ whatsapp, gateway } = desk);
}, START_MS);

afterAll(() => desk?.close());

afterEach(() => {
  whatsapp.faults.clear();
  gateway.faults.clear();
  whatsapp.setModes({ settles: true, keepsOrder: true });
  expect([gateway.duplicates(), whatsapp.duplicates(), gateway.complaints.splice(0), desk.crm.complaints]).toEqual([[], [], [], []]);
});

/** A person who has written. */
async function meet(given: Parameters<WhatsAppDouble['addPerson']>[0] = {}): Promise<WhatsAppPerson> {
  const person = whatsapp.addPerson(given);
  await desk.arrived(whatsapp.write(person, 'Hello'));
  return person;
}

describe('every kind of message', () => {
  const bytes = sampleFile('pdf', 60_000);
  const files = { image: sampleJpeg(8, 6), sticker: sampleWebp(8, 6), video: sampleFile('mp4'), document: bytes, audio: sampleFile('ogg') };
  const media = (kind: keyof typeof files, mimeType: string): WhatsAppContent => ({
    ...{ kind, mimeType, bytes: files[kind], ...(kind !== 'audio' && kind !== 'sticker' && { caption: 'A note' }) },
  });
  const raw = (type: string, value: object): WhatsAppContent => ({ kind: 'raw', type, value: { [type]: value } });

  it('of a customer reaches the managers, in order and once', async () => {
    const ana = await meet();
    const contents: [WhatsAppContent, object][] = [
      [
        { kind: 'text', text: 'Сколько стоит? ñ 🚚' },
        { type: 'text', text: 'Сколько стоит? ñ 🚚' },
      ],
      [media('image', 'image/jpeg'), { type: 'image', note: 'A note' }],
      [media('sticker', 'image/webp'), { type: 'image' }],
      [media('video', 'video/mp4'), { type: 'file', note: 'A note' }],
      [media('document', 'application/pdf'), { type: 'file', note: 'A note' }],
      [media('audio', 'audio/ogg; codecs=opus'), { type: 'audio' }],
      [raw('location', { latitude: 1, longitude: 2 }), { text: expect.stringContaining('?q=1,2') }],
      [raw('contacts', [{ name: { formatted_name: 'Eva' }, phones: [{ phone: '+34' }] }]), { text: expect.stringContaining('Eva +34') }],
      [raw('button', { payload: 'x', text: 'Yes' }), { text: 'Yes' }],
      [raw('interactive', { type: 'list_reply', list_reply: { id: '1', title: 'Red' } }), { text: 'Red' }],
      [
        raw('order', { product_items: [{ product_retailer_id: 'a', quantity: 1, item_price: 2, currency: 'EUR' }] }),
        { text: expect.stringContaining('2 EUR') },
      ],
      [raw('ephemeral', {}), { text: expect.stringContaining('WhatsApp') }],
    ];
    const kept = contents.map(([content]) => whatsapp.write(ana, content));
    for (const one of kept) await desk.arrived(one);
    const seen = desk.seen(ana).slice(1);
    expect(seen.map(({ externalId }) => externalId)).toEqual(kept.map(({ id }) => id));
    expect(seen).toMatchObject(contents.map(([, wanted]) => wanted));
    expect(seen.slice(1, 6).map(({ items }) => fileOf(items[0]?.id))).toEqual(Object.values(files));
    whatsapp.react(ana, kept[0]?.id ?? '', '👍');
    await until('there is a reaction', () => gateway.message(seen[0]?.id ?? 0).reactions.length === 1);
    whatsapp.react(ana, kept[0]?.id ?? '');
    await until('it is taken back', () => gateway.message(seen[0]?.id ?? 0).reactions.length === 0);
    const { reply_deadline: deadline } = gateway.chats(desk.channel()).find(({ externalId }) => externalId === ana.phone) as {
      reply_deadline?: string;
    };
    if (deadline !== undefined) expect(Date.parse(deadline) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  it('of a manager reaches the customer, in order and once', async () => {
    const ana = await meet();
    const asked = await desk.arrived(whatsapp.write(ana, 'Is it there?'));
    const send = async (type: string, content: string | undefined, more: object = {}): Promise<void> =>
      void (await desk.sent(ana, content, { type, ...more } as never));
    const file = (data: Buffer, mimeType: string): { id: string }[] => [{ id: gateway.addFile(data, mimeType, 'default/whatsapp').id }];
    await send('text', 'Yes <b> & "sure"', { quote: asked.id });
    await send('image', 'A photo', { items: file(files.image, 'image/jpeg') });
    await send('file', 'A file', { items: file(bytes, 'application/pdf') });
    await send('file', 'A film', { items: file(files.video, 'video/mp4') });
    await send('audio', undefined, { items: file(files.audio, 'audio/ogg') });
    await send('text', 'Which?', { suggestions: [{ type: 'text', title: 'Red' }] });
    await send('text', 'x'.repeat(4_096));
    const sent = whatsapp.sent(ana);
    expect(sent.map(({ type }) => type)).toEqual(['text', 'image', 'document', 'video', 'audio', 'interactive', 'text']);
    expect(sent[0]).toMatchObject({ text: 'Yes <b> & "sure"', quote: asked.externalId });
    expect(sent[2]?.file?.bytes.equals(bytes)).toBe(true);
    gateway.react(asked.id, '❤️');
    await until('there is a reaction', () => whatsapp.messages.find(({ id }) => id === asked.externalId)?.reaction === '❤️');
    whatsapp.read(ana);
    await until('it is seen', () => gateway.messages(ana.phone).filter(({ status }) => status === 'seen').length === 7);
  });
});

describe('500 messages with lost replies', () => {
  it('arrive in order per chat, none twice, and each has an outcome or is shown as unknown', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => meet()));
    // Every fifth reply is lost in one of the ways, and some messages fail late.
    const faults = [{ kind: 'drop-after' }, { kind: 'error-after' }, { kind: 'drop-before' }, { kind: 'invalid-json' }] as const;
    for (let n = 0; n < 60; n++) whatsapp.faults.add('sendMessage', faults[n % faults.length] as (typeof faults)[number], 1, 4);
    const messages: { person: WhatsAppPerson; n: number; id: number }[] = [];
    await Promise.all(
      people.map(async (person) => {
        for (let n = 0; n < 25; n++) {
          whatsapp.write(person, `in ${n}`);
          const message = desk.send(person, `out ${n}`);
          messages.push({ person, n, id: message.id });
          await desk.settled(message, PATIENCE_MS);
        }
      }),
    );
    await until('all are there', () => people.every((person) => desk.seen(person).length === 26), PATIENCE_MS);
    for (const person of people) {
      expect(desk.seen(person).map(({ text }) => text)).toEqual(['Hello', ...Array.from({ length: 25 }, (_, n) => `in ${n}`)]);
      const numbers = desk.texts(person).map((text) => Number(text.split(' ')[1]));
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    }
    // Meta reports what it has sent, so only messages that were not sent are failed or unknown.
    const wrong = messages.filter(
      ({ person, n, id }) => (gateway.message(id).status === 'failed') === desk.texts(person).includes(`out ${n}`),
    );
    expect(wrong).toEqual([]);
    expect(messages.filter(({ id }) => gateway.message(id).status === 'failed').length).toBeGreaterThan(0);
    expect(messages.filter(({ id }) => gateway.message(id).status === 'sending')).toEqual([]);
  }, 400_000);
});

describe('a report of Meta', () => {
  const stateOf = async (gatewayId: number): Promise<string> => {
    const query = 'SELECT state, problem FROM chat_message WHERE gateway_id = $1';
    const [row] = await desk.deployment.stores.query<{ state: string; problem: string | null }>(query, [gatewayId]);
    return `${row?.state} ${row?.problem ?? ''}`.trim();
  };

  it('is awaited, and a failure is the outcome', async () => {
    const ana = await meet();
    whatsapp.setModes({ settles: false });
    const message = desk.send(ana, 'Hello');
    await until('it is promised', () => gateway.message(message.id).waitsForAck && whatsapp.sent(ana).length === 1);
    whatsapp.settle(whatsapp.sent(ana)[0] as never, 'failed', { code: 131_047, title: 'Re-engagement message' });
    expect(await desk.settled(message)).toMatchObject({
      status: 'failed',
      error: { code: 'reply_timed_out', external_code: expect.stringMatching(/^131047/) },
    });
  });

  it('may come after the gateway was answered: a failure is then in the row, and an unknown message is found', async () => {
    const [ana, bob] = [await meet(), await meet()];
    whatsapp.setModes({ settles: false });
    whatsapp.fail('sendMessage', { kind: 'drop-after' });
    const lost = desk.send(ana, 'Lost');
    await until('it is sent', () => whatsapp.sent(ana).length === 1);
    const late = desk.send(bob, 'Late');
    expect(await desk.settled(lost, PATIENCE_MS)).toMatchObject({ status: 'failed', error: { code: 'general' } });
    expect(await desk.settled(late, PATIENCE_MS)).toMatchObject({ status: 'sent' });
    expect(await stateOf(lost.id)).toMatch(/^unknown /);
    whatsapp.settle(whatsapp.sent(ana)[0] as never, 'sent');
    whatsapp.settle(whatsapp.sent(bob)[0] as never, 'failed', { code: 131_049, title: 'Limit' });
    await until('the lost one is found', async () => (await stateOf(lost.id)) === 'sent');
    await until('the late one has failed', async () => (await stateOf(late.id)).startsWith('failed WhatsApp'));
  }, 120_000);
});

describe('a customer', () => {
  it('who hides the phone or changes it keeps the dialogue, in both directions', async () => {
    const ana = await meet({ name: 'Ana' });
    ana.hidesPhone = true;
    await desk.arrived(whatsapp.write(ana, 'Hidden'));
    await desk.sent(ana, 'To the user id');
    expect(whatsapp.calls.findLast(({ call }) => call === 'sendMessage')?.body).toMatchObject({ recipient: ana.userId });
    ana.hidesPhone = false;
    const changed = whatsapp.changeNumber(ana, '34699000222');
    await desk.arrived(whatsapp.write(changed, 'From the new number'));
    await desk.sent(ana, 'To the new number');
    expect(whatsapp.calls.findLast(({ call }) => call === 'sendMessage')?.body).toMatchObject({ to: changed.phone });
    expect(desk.seen(ana).map(({ text }) => text)).toEqual([
      'Hello',
      'Hidden',
      expect.stringContaining('34699000222'),
      'From the new number',
    ]);
    whatsapp.read(changed);
    await until('all is seen', () => gateway.messages(ana.phone).filter(({ status }) => status === 'seen').length === 2);
    expect(gateway.chats(desk.channel()).filter(({ externalId }) => [ana.userId, changed.phone].includes(String(externalId)))).toEqual([]);
  });
});

it('leaves the token and the app’s secret in no table and no log', async () => {
  const { token, appSecret } = whatsapp.settings;
  const { stores, lastOutput } = desk.deployment;
  const tables = await stores.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const holds = (text: string): boolean => text.includes(token) || text.includes(appSecret);
  for (const { name } of tables)
    expect([name, (await stores.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).filter(({ row }) => holds(row))]).toEqual([
      name,
      [],
    ]);
  expect(lastOutput.split('\n').filter(holds)).toEqual([]);
});
