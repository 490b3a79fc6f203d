import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type MessageGateway, type TelegramDouble, type TelegramKept, type TelegramPerson } from '#testing';
import { START_MS } from './support/deployment.js';
import { TelegramDesk } from './support/telegram-desk.js';
import { until } from './support/until.js';

/** Operations of a killed process are taken over after fifteen seconds, its jobs after half a minute. */
const PATIENCE_MS = 90_000;

let desk: TelegramDesk;
let telegram: TelegramDouble;
let gateway: MessageGateway;

const place = ({ message }: TelegramKept): string => `${message.chat.id}:${message.message_id}`;

/** Expects one copy and a known outcome of a message whose reply was lost, and that the dialogue goes on. */
async function expectUnknown(person: TelegramPerson, message: ReturnType<TelegramDesk['send']>): Promise<void> {
  await until('the gateway is told', () => gateway.message(message.id).error?.code === 'general', PATIENCE_MS);
  expect(gateway.message(message.id).status).toBe('failed');
  expect(desk.texts(person)).toEqual(['Hello']);
  const open = `SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`;
  await until('no operation is open', async () => (await desk.deployment.stores.query(open)).length === 0, PATIENCE_MS);
  await desk.sent(person, 'Again');
}

beforeAll(async () => {
  desk = await TelegramDesk.start();
  ({ telegram, gateway } = desk);
}, START_MS);

afterAll(() => desk?.close());

afterEach(() => {
  telegram.faults.clear();
  gateway.faults.clear();
  expect([gateway.duplicates(), telegram.duplicates(), gateway.complaints, telegram.complaints]).toEqual([[], [], [], []]);
});

/** `chat-crash` kills at random moments, with messengers of both kinds. */
describe('kill -9', () => {
  it('before an answer, before managers have an update, while a file is on its way in, and in a pause', async () => {
    const people = Array.from({ length: 5 }, () => telegram.addPerson());
    const [ann, kim, bob, joe, meg] = people as [TelegramPerson, TelegramPerson, TelegramPerson, TelegramPerson, TelegramPerson];
    for (const person of [ann, kim]) await desk.arrived(telegram.start(person));
    await desk.deployment.separate();
    telegram.fail('sendMessage', { kind: 'hang' });
    const unknown = desk.send(ann, 'Hello');
    await until('Telegram has it', () => desk.texts(ann).length === 1);
    // The gateway takes nothing, so that what is stored is not applied to the end.
    gateway.fail('sendMessage', { kind: 'hang' }, 100);
    const taken = gateway.countCalls('sendMessage');
    const stored = [
      telegram.write(bob, 'One'),
      telegram.write(bob, { kind: 'document', bytes: Buffer.alloc(400_000, 'x'), name: 'a.bin' }),
    ];
    await until('it is on its way', () => gateway.countCalls('sendMessage') > taken);
    const bytes = Buffer.alloc(6_000_000, 'f');
    const read = telegram.countCalls('downloadFile');
    const film = telegram.write(joe, { kind: 'document', bytes, name: 'film.bin', paceMs: 40 });
    const next = telegram.write(joe, 'After it');
    await until('it is being read', () => telegram.countCalls('downloadFile') > read);
    telegram.fail('sendMessage', { kind: 'rate-limit', retryAfterSeconds: 6 });
    const later = desk.send(kim, 'Later');
    await until('it is promised', () => gateway.message(later.id).waitsForAck);
    // Some of these have no answer yet, and come again.
    const written = Array.from({ length: 6 }, (_, n) => telegram.write(meg, `Message ${n}`));
    await Promise.all([desk.deployment.killApi(), desk.deployment.killWorkers()]);
    gateway.faults.clear();
    await desk.deployment.startApi();
    await desk.deployment.startWorker();

    const message = await desk.arrived(film, PATIENCE_MS);
    for (const one of [next, ...stored, ...written]) await desk.arrived(one, PATIENCE_MS);
    expect(gateway.book.files.find(({ id }) => id === message.items[0]?.id)?.bytes.equals(bytes)).toBe(true);
    expect(desk.seen(joe)).toHaveLength(2);
    expect(desk.seen(bob).map(({ externalId }) => externalId)).toEqual(stored.map(place));
    expect(desk.seen(meg).map(({ text }) => text)).toEqual(written.map((one) => one.message.text));
    await expectUnknown(ann, unknown);
    const { status } = await desk.settled(later, PATIENCE_MS);
    expect(desk.texts(kim)).toEqual(status === 'sent' ? ['Later'] : []);
  }, 240_000);

  it('leaves the bot’s token in no table and no log', async () => {
    const { token } = telegram.bot;
    expect(await desk.findLeaks([token, token.split(':')[1] ?? token])).toEqual([]);
  });
});
