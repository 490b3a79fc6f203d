import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type MaxDouble, type MaxPerson, type MessageGateway, sampleFile } from '#testing';
import { START_MS } from './support/deployment.js';
import { MaxDesk } from './support/max-desk.js';
import { until } from './support/until.js';

/** Operations of a killed process are taken over after fifteen seconds, its jobs after half a minute. */
const PATIENCE_MS = 90_000;

let desk: MaxDesk;
let max: MaxDouble;
let gateway: MessageGateway;
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
  max.setModes({ notReady: 0 });
  expect([gateway.duplicates(), gateway.complaints.splice(0), max.complaints.splice(0)]).toEqual([[], [], []]);
});

const texts = (person: MaxPerson): string[] => desk.received(person).map(({ text }) => text);
const start = async (person: MaxPerson): Promise<void> => {
  await desk.arrived(max.write(person, 'Hi'));
};

it('gives the reason if a file is never ready', async () => {
  await start(joe);
  max.setModes({ notReady: 10_000 });
  const { id } = gateway.addFile(sampleFile('pdf', 1_000), 'application/pdf', desk.transport);
  const message = desk.send(joe, 'A file', { type: 'file', items: [{ id }] });
  const { status, error } = await desk.settled(message, PATIENCE_MS);
  expect([status, error?.message]).toEqual(['failed', expect.stringMatching(/not processed|не обработал/)]);
  expect([desk.received(joe), max.made('uploadFile')]).toEqual([[], expect.any(Number)]);
  max.setModes({ notReady: 0 });
  await desk.sent(joe, 'Next');
}, 120_000);

it('finds a message whose process was killed, and loses none that came meanwhile', async () => {
  const [ann, kim] = [max.addPerson(), max.addPerson()];
  await Promise.all([start(ann), start(kim)]);
  await desk.deployment.separate();
  max.fail('sendMessage', { kind: 'hang' }, 2);
  const found = desk.send(ann, 'Hello');
  const other = desk.send(kim, 'Hello');
  await until('both are promised', () => gateway.message(found.id).waitsForAck && gateway.message(other.id).waitsForAck);
  expect([texts(ann), texts(kim)]).toEqual([['Hello'], ['Hello']]);
  const written = Array.from({ length: 6 }, (_, n) => max.write(joe, `Message ${n}`));
  await Promise.all([desk.deployment.killApi(), desk.deployment.killWorkers()]);
  max.faults.clear();
  await desk.deployment.startApi();
  await desk.deployment.startWorker();
  for (const one of written) await desk.arrived(one, PATIENCE_MS);
  expect(desk.seen(joe).map(({ text }) => text)).toEqual(written.map(({ text }) => text));
  for (const [person, message] of [
    [ann, found],
    [kim, other],
  ] as const) {
    await until('it has its outcome', () => gateway.message(message.id).status !== 'sending', PATIENCE_MS);
    await until('no operation is open', async () => {
      return (await desk.deployment.stores.query(`SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`)).length === 0;
    });
    expect(texts(person)).toEqual(['Hello']);
    expect(gateway.message(message.id).status).toBe('sent');
    await desk.sent(person, 'Again');
  }
  expect(await desk.findLeaks([max.bot.token])).toEqual([]);
}, 240_000);
