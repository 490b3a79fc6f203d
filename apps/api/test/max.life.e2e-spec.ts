import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MaxContent, type MaxDouble, type MaxPerson, type MessageGateway, sampleFile, sampleJpeg } from '#testing';
import { START_MS } from './support/deployment.js';
import { MaxDesk } from './support/max-desk.js';
import type { GatewayMessage } from './support/messenger-desk.js';
import { until } from './support/until.js';

const PATIENCE_MS = 90_000;
const PEOPLE = 25;
const WAVES = 10;
/** Messages of a wave to each person. */
const EACH = 2;

let desk: MaxDesk;
let max: MaxDouble;
let gateway: MessageGateway;
/** A person that no test has used before. */
let joe: MaxPerson;

beforeAll(async () => {
  desk = await MaxDesk.start();
  ({ max, gateway } = desk);
}, START_MS);
afterAll(() => desk?.close());

beforeEach(() => {
  joe = max.addPerson({ first_name: 'Joe' });
});
afterEach(() => {
  max.faults.clear();
  max.setModes({ notReady: 0, webhookUrls: 'any' });
  expect([gateway.duplicates(), gateway.complaints.splice(0), max.complaints.splice(0)]).toEqual([[], [], []]);
});

/** The texts that a person received, without deleted messages. */
const texts = (person = joe): string[] =>
  desk
    .received(person)
    .filter(({ deleted }) => !deleted)
    .map(({ text }) => text);
const start = async (person = joe): Promise<void> => {
  await desk.arrived(max.write(person, 'Hi'));
};
const find = (id: unknown) => gateway.book.files.find((file) => file.id === id)?.bytes;

describe('a bot', () => {
  it('is a channel with the abilities of MAX, and has its webhook at the account', () => {
    const { username, user_id: id } = max.bot.user;
    const [channel] = gateway.channels(desk.transport).filter(({ active }) => active);
    expect(channel).toMatchObject({ type: 'max', name: `@${username}`, external_id: String(id) });
    const media = { creating: 'both', editing: 'receive', quoting: 'both', deleting: 'both', note_max_chars_count: 4_000 };
    expect(channel?.settings).toMatchObject({
      text: { creating: 'both', editing: 'both', quoting: 'both', deleting: 'both', max_chars_count: 4_000 },
      image: { ...media, max_items_count: 10 },
      file: { ...media, max_items_count: 1 },
      audio: { creating: 'both', quoting: 'both', max_items_count: 1 },
      ...{ product: { creating: 'receive' }, order: { creating: 'receive' } },
      suggestions: { text: 'receive', phone: 'receive', url: 'receive' },
    });
    expect(channel?.settings).not.toHaveProperty('reactions.dictionary');
    expect(channel?.settings['status']?.['read' as never] ?? 'none').toBe('none');
    expect(max.bot.subscriptions[0]?.url).toBe(`${desk.deployment.url}/max/webhooks/${desk.connection}/${id}`);
  });

  it('takes only its own secret, and sets aside an update that cannot be read', async () => {
    const [{ url = '', secret = '' } = {}] = max.bot.subscriptions;
    const post = async (body: string, given: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', 'x-max-bot-api-secret': given };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    for (const wrong of ['', 'wrong', `${secret}x`]) expect(await post('{}', wrong)).toBe(400);
    const odd = ['', '[]', 'null', '<html></html>', '{"update_type":1}', '{"update_type":"message_created","timestamp":"x"}'];
    for (const body of [...odd, ...odd]) expect([body, await post(body, secret)]).toEqual([body, 200]);
    await desk.arrived(max.write(joe, 'Next'));
    const failed = `SELECT last_error FROM inbox_event WHERE connection_id = $1 AND state = 'failed'`;
    const rows = await desk.deployment.stores.query<{ last_error: string }>(failed, [desk.connection]);
    expect(rows.map(({ last_error: why }) => why.slice(0, 27))).toEqual(odd.map(() => 'The webhook cannot be read:'));
    await desk.deployment.stores.query(`DELETE FROM inbox_event WHERE state = 'failed' AND connection_id = $1`, [desk.connection]);
  });

  it('has its updates fetched while MAX rejects the address', async () => {
    const { stores } = desk.deployment;
    const save = (name: string) =>
      desk.deployment.askOperator('PUT', `/connections/${desk.connection}/settings`, { bots: [{ code: name, token: max.bot.token }] });
    max.loseSubscriptions();
    max.setModes({ webhookUrls: 'https' });
    expect((await save('fetched')).status).toBe(200);
    await stores.query('UPDATE chat_channel SET fetch_at = now()');
    await until('it is fetched', () => max.calls.some(({ call, status }) => call === 'getUpdates' && status === 200), 60_000);
    const written = ['one', 'two', 'three'].map((text) => max.write(joe, text));
    for (const message of written) await desk.arrived(message);
    expect(desk.seen(joe).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    max.setModes({ webhookUrls: 'any' });
    expect((await save('posted')).status).toBe(200);
    await until('the webhook is set', () => max.bot.subscriptions.length > 0, 60_000);
    expect((await desk.arrived(max.write(joe, 'posted'))).text).toBe('posted');
  });
});

describe('a customer', () => {
  it('begins with a campaign and a picture, and can stop the bot', async () => {
    const ann = max.addPerson({ first_name: 'Ann', username: 'ann_lee', avatarUrl: 'https://pictures.example/ann.jpg' });
    max.start(ann, 'summer_24');
    await until('it is there', () => desk.seen(ann).length === 1);
    expect(desk.customer(ann)).toMatchObject({
      ...{ external_id: String(ann.user.user_id), nickname: 'ann_lee', first_name: 'Ann', language: 'ru' },
      ...{ profile_url: 'https://max.ru/ann_lee', avatar: 'https://pictures.example/ann.jpg', utm: { campaign: 'summer_24' } },
    });
    max.stop(ann);
    await desk.quiet();
    expect((await desk.settled(desk.send(ann, 'Hello'))).error).toMatchObject({ code: 'access_restricted' });
    max.start(ann);
    await until('it is there', () => desk.seen(ann).length === 2);
    await desk.sent(ann, 'Hello again');
  });

  it.each<[string, MaxContent, string, number]>([
    ['images', { kind: 'image', files: [1, 2, 3].map((n) => ({ bytes: sampleJpeg(100, 100 * n) })), text: 'Look' }, 'image', 3],
    ['a video', { kind: 'video', files: [{ bytes: sampleFile('pdf', 9_000), name: 'a.mp4' }], text: 'Look' }, 'file', 1],
    ['a voice', { kind: 'audio', files: [{ bytes: sampleFile('ogg') }], text: 'Look' }, 'audio', 1],
    ['a file', { kind: 'file', files: [{ bytes: sampleFile('pdf', 90_000), name: 'Счёт.pdf' }], text: 'Look' }, 'file', 1],
    ['a sticker', { kind: 'sticker', files: [{ bytes: sampleJpeg(64, 64), type: 'image/webp' }] }, 'image', 1],
  ])('sends %s', async (_what, content, type, count) => {
    const kept = max.write(joe, content);
    const message = await desk.arrived(kept);
    expect([message.type, message.items.length]).toEqual([type, count]);
    if ('text' in content && type !== 'audio') expect(message.note).toBe('Look');
    expect(message.items.map(({ id }, index) => find(id)?.equals(kept.files[index]?.bytes ?? Buffer.alloc(0)))).toEqual(
      message.items.map(() => true),
    );
  });

  it('sends a place, a link, their contact, and a message of another', async () => {
    for (const content of [
      { kind: 'location', latitude: -33.5, longitude: 151.25 },
      { kind: 'contact', of: joe, hash: true },
      { kind: 'of_tomorrow', attachment: { type: 'of_tomorrow' } },
    ] satisfies MaxContent[])
      await desk.arrived(max.write(joe, content));
    await desk.arrived(max.write(joe, 'See', { forward: { text: 'Words', from: 'Ann' } }));
    const shown = desk.seen(joe).map(({ text }) => text);
    expect(shown[0]).toContain('https://maps.google.com/?q=-33.5,151.25');
    expect(shown.slice(2)).toEqual(['[Сообщение, которое видно только в MAX]', 'See\n[Переслано] Ann\nWords']);
    expect(desk.customer(joe)['phone']).toBe(`+${joe.phone}`);
    // Not for dialogues of the CRM.
    max.write(joe, 'In a group', { isGroup: true });
    await desk.quiet();
    expect(desk.seen(joe)).toHaveLength(4);
  });

  it('edits and deletes, and answers a message', async () => {
    await start();
    const sent = await desk.sent(joe, 'In stock');
    const answer = max.write(joe, 'Gret', { replyTo: sent.externalId ?? '' });
    expect((await desk.arrived(answer)).quote).toBe(sent.id);
    max.edit(answer, 'Great');
    await until('it is edited', () => desk.seen(joe)[1]?.text === 'Great');
    const image = max.write(joe, { kind: 'image', files: [{ bytes: sampleJpeg(10, 10) }], text: 'Lok' });
    await desk.arrived(image);
    max.edit(image, 'Look');
    await until('there is a new caption', () => desk.seen(joe)[3]?.text === '[Новая подпись]\nLook');
    max.remove(answer);
    await until('it is deleted', () => desk.seen(joe)[1]?.deleted === true);
  });
});

describe('a manager', () => {
  beforeEach(() => start());

  it('sends files of each kind, several images in one message', async () => {
    const add = (bytes: Buffer, type: string) => ({ id: gateway.addFile(bytes, type, desk.transport).id });
    const [image, file, voice] = [sampleJpeg(80, 60), sampleFile('pdf', 100_000), sampleFile('ogg')];
    const images = [add(image, 'image/jpeg'), add(sampleJpeg(60, 80), 'image/jpeg')];
    max.setModes({ notReady: 1 });
    await desk.sent(joe, 'Two', { type: 'image', items: images });
    await desk.sent(joe, 'A file', { type: 'file', items: [add(file, 'application/pdf')] });
    await desk.sent(joe, undefined, { type: 'audio', items: [add(voice, 'audio/ogg')] });
    const got = desk.received(joe);
    expect(got.map(({ text, files }) => [text, files.length])).toEqual([
      ['Two', 2],
      ['A file', 1],
      ['', 1],
    ]);
    expect([image, file, voice].map((bytes, index) => got[index]?.files[0]?.bytes.equals(bytes))).toEqual([true, true, true]);
  });

  it('quotes, suggests, edits and deletes', async () => {
    const asked = max.write(joe, 'Is it there?');
    const { id } = await desk.arrived(asked);
    const suggestions = [
      { type: 'text' as const, title: 'Yes, please' },
      { type: 'phone' as const, title: 'My number' },
      { type: 'url' as const, title: 'The shop', payload: 'https://shop.example/tea' },
    ];
    const sent = await desk.sent(joe, 'Yes <b> & _x_', { quote: id, suggestions });
    const [got] = desk.received(joe);
    expect(got).toMatchObject({ text: 'Yes <b> & _x_', quote: asked.mid, mid: sent.externalId });
    if (!got) return;
    max.press(joe, got, 'Yes, please');
    max.press(joe, got, 'My number');
    await until('both are there', () => desk.seen(joe).length === 4);
    expect([desk.seen(joe)[2]?.text, desk.customer(joe)['phone']]).toEqual(['Yes, please', `+${joe.phone}`]);
    gateway.editMessage(sent.id, 'No');
    await until('it is edited', () => got.text === 'No');
    expect(got.buttons).toHaveLength(3);
    gateway.deleteMessage(sent.id);
    await until('it is deleted', () => got.deleted);
  });

  it('sends a text of 4,001 characters in two messages', async () => {
    const chat = String(desk.chat(joe));
    const user = String(joe.user.user_id);
    const data = { id: 900_001, channel_id: desk.channel, external_user_id: user, external_chat_id: chat, type: 'text' };
    expect((await desk.post('message_sent', { ...data, content: 'a'.repeat(4_001) })).status).toBe(200);
    await until('both are there', () => desk.received(joe).length === 2);
    expect(texts().map(({ length }) => length)).toEqual([4_000, 1]);
  });
});

/** Checks that a person has each message once at most, in order, and each message that was sent. */
function checkDialogue(person: MaxPerson, messages: readonly GatewayMessage[]): void {
  const got = texts(person);
  const outcomes = messages.map(({ id }) => gateway.message(id));
  expect(new Set(got).size).toBe(got.length);
  const order = got.map((text) => outcomes.findIndex((one) => one.text === text));
  expect(order).toEqual(order.toSorted((left, right) => left - right));
  for (const { status, text, error } of outcomes) {
    expect(['sent', 'failed']).toContain(status);
    if (status === 'sent') expect(got).toContain(text);
    else expect(error).toMatchObject({ code: 'general', message: expect.stringMatching(/\S/) });
  }
}

it('sends 500 messages with lost replies: in order, none twice, each with its outcome', async () => {
  const people = Array.from({ length: PEOPLE }, () => max.addPerson());
  await Promise.all(people.map((person) => start(person)));
  const sent = new Map<MaxPerson, GatewayMessage[]>(people.map((person) => [person, []]));
  for (let wave = 0; wave < WAVES; wave++) {
    max.fail('sendMessage', { kind: 'drop-after' }, 3);
    max.fail('sendMessage', { kind: 'error-after' });
    max.fail('sendMessage', { kind: 'invalid-json' });
    if (wave === 0) max.fail('sendMessage', { kind: 'drop-before' });
    if (wave === 1) max.fail('getMessages', { kind: 'html' }, 3);
    for (let n = 0; n < EACH; n++)
      // The same text to everyone: only the dialogue distinguishes them.
      for (const person of people) sent.get(person)?.push(desk.send(person, `Message ${wave}.${n}`));
    for (const messages of sent.values()) for (const message of messages.slice(-EACH)) await desk.settled(message, PATIENCE_MS);
  }
  for (const [person, messages] of sent) checkDialogue(person, messages);
  const outcomes = [...sent.values()].flat().map(({ id }) => gateway.message(id).status);
  expect(outcomes).toHaveLength(PEOPLE * WAVES * EACH);
  // A lost reply is found: at most the messages that waited for longer than the gateway does have failed.
  expect(outcomes.filter((status) => status === 'sent').length).toBeGreaterThanOrEqual(490);
  await desk.quiet();
}, 300_000);
