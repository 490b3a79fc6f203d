import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeMessenger, MessageGateway } from '#testing';
import { Account } from './support/account.js';
import { ChatDesk } from './support/chat-desk.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

const MESSAGES = 16;
const KILLS = 2;
/** Operations of a killed process are taken over after fifteen seconds, its jobs after half a minute. */
const PATIENCE_MS = 90_000;

describe.each([
  ['nothing is repeated', 'fake-messenger'],
  ['references are keys', 'keyed-messenger'],
])('kill -9, with a messenger where %s', (_what, module) => {
  let messenger: FakeMessenger;
  let gateway: MessageGateway;
  let crm: Crm;
  let deployment: Deployment;
  let desk: ChatDesk;

  beforeAll(async () => {
    [gateway, messenger] = await Promise.all([MessageGateway.start(), FakeMessenger.start()]);
    messenger.usesReferences = module === 'keyed-messenger';
    crm = await Crm.start({ chatGateway: gateway.url });
    deployment = await Deployment.start({ crms: [crm], apart: true, withFakeCarrier: true, variables: { LOG_LEVEL: 'error' } });
    await Account.connect(deployment, crm, module);
    const { id } = await deployment.getConnection(crm);
    const { url: baseUrl, apiKey, webhookSecret } = messenger;
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
    messenger.webhooks.url = `${deployment.url}/${module}/webhooks/${id}`;
    desk = new ChatDesk(gateway, messenger, `default/${module}`);
    await desk.opened();
  }, START_MS);

  afterAll(async () => {
    await deployment?.stop();
    await Promise.all([crm?.close(), gateway?.close(), messenger?.close()]);
  });

  afterEach(() => {
    expect(messenger.duplicates()).toEqual([]);
    expect(gateway.duplicates()).toEqual([]);
    expect(gateway.complaints).toEqual([]);
  });

  const killApi = async (): Promise<void> => {
    await deployment.api?.kill();
    await deployment.startApi();
  };
  const killWorker = async (): Promise<void> => {
    await deployment.killWorkers();
    await deployment.startWorker();
  };

  /** Kills api and worker in turn, at random moments. */
  const kill = async (): Promise<void> => {
    for (let turn = 0; turn < KILLS; turn++) {
      await sleep(Math.random() * 800);
      await (turn % 2 === 0 ? killApi() : killWorker());
    }
  };

  it('while a message is being sent: there is one copy, and the manager learns what is known', async () => {
    // The messenger takes the message and never answers.
    messenger.fail('sendMessage', { kind: 'hang' });
    const message = desk.send('ann', 'Hello');
    await until('the messenger has it', () => desk.texts('ann').length === 1);
    await killApi();
    await until('the gateway is told', () => gateway.countCalls('acknowledge') > 0, PATIENCE_MS);
    const told = gateway.message(message.id);
    if (messenger.usesReferences) expect(told).toMatchObject({ status: 'sent', externalId: desk.only('ann', 'Hello').id });
    else expect(told).toMatchObject({ status: 'failed', error: { code: 'general', message: 'Неизвестно, доставлено ли оно.' } });
    expect(desk.texts('ann')).toEqual(['Hello']);
    expect(await deployment.stores.query(`SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`)).toEqual([]);
    // The dialogue goes on.
    expect(await desk.settled(desk.send('ann', 'Again'))).toMatchObject({ status: 'sent' });
  }, 150_000);

  it('is not what a stop does: a message that is being sent has its outcome', async () => {
    messenger.fail('sendMessage', { kind: 'delay', ms: 4_500 });
    const message = desk.send('ann', 'Slow');
    await until('it is promised', () => gateway.message(message.id).waitsForAck);
    await deployment.stopApi();
    await deployment.startApi();
    expect(await desk.settled(message)).toMatchObject({ status: 'sent', externalId: desk.only('ann', 'Slow').id });
  });

  it('at any moment: what customers write is there once, and in its order', async () => {
    const persons = ['ann', 'bea', 'cid', 'dan'];
    const write = async (person: string): Promise<void> => {
      for (let n = 0; n < MESSAGES / 4; n++) {
        const files = n % 3 === 1 ? [{ bytes: Buffer.alloc(300_000, String(n)), name: `${n}.bin` }] : [];
        messenger.write({ person, text: String(n), files, paceMs: 50 });
        await sleep(Math.random() * 600);
      }
    };
    await Promise.all([kill(), ...persons.map(write)]);
    const list = (person: string) => gateway.messages(`chat-${person}`).filter(({ direction }) => direction === 'in');
    for (const person of persons) {
      await until(`all of ${person} is there`, () => list(person).length >= MESSAGES / 4, PATIENCE_MS);
      expect(list(person).map(({ text, note, items }) => [text ?? note, items.length])).toEqual(
        Array.from({ length: MESSAGES / 4 }, (_, n) => [String(n), n % 3 === 1 ? 1 : 0]),
      );
    }
    expect(gateway.outOfOrder()).toEqual([]);
  }, 240_000);

  it('at any moment: no message twice, none out of order, and all have their outcome', async () => {
    gateway.setModes({ repeats: 'after-failure' });
    gateway.webhooks.retryMs = 4_000;
    const sent: { person: string; id: number }[] = [];
    const write = async (person: string): Promise<void> => {
      for (let n = 0; n < MESSAGES / 4; n++) {
        sent.push({ person, id: desk.send(person, `${person} ${n}`).id });
        await sleep(Math.random() * 400);
      }
    };
    await Promise.all([kill(), ...['bob', 'eve', 'joe', 'kim'].map(write)]);
    await until(
      'all webhooks are answered',
      () => gateway.messages().every(({ status, waitsForAck }) => status !== 'sending' || waitsForAck),
      PATIENCE_MS,
    );
    const open = `SELECT state, promised, ack_due_at FROM chat_message WHERE state = 'taken' OR ack_due_at IS NOT NULL`;
    await until('all have their outcome', async () => (await deployment.stores.query(open)).length === 0, PATIENCE_MS);
    await until(
      'all acknowledgements are sent',
      async () => (await deployment.stores.query(`SELECT 1 FROM outbox WHERE kind = 'chat.ack' AND state = 'pending'`)).length === 0,
      PATIENCE_MS,
    );
    for (const { person, id } of sent) {
      const { status, text, externalId } = gateway.message(id);
      const copies = messenger.sent(`chat-${person}`).filter((one) => one.text === text);
      expect(copies.length).toBeLessThanOrEqual(1);
      if (status === 'sent') expect(copies.map((one) => one.id)).toEqual([externalId]);
    }
    for (const person of ['bob', 'eve', 'joe', 'kim']) {
      const numbers = desk.texts(person).map((text) => Number(text.split(' ')[1]));
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    }
    // Of all that reached the module, the gateway knows what the module knows.
    const known = await deployment.stores.query<{ id: string; state: string }>(
      `SELECT gateway_id AS id, state FROM chat_message WHERE direction = 'out' AND action = 'send'`,
    );
    expect(known.filter(({ state }) => state === 'sent').length).toBeGreaterThan(0);
    for (const { id, state } of known) expect([id, gateway.message(Number(id)).status === 'sent']).toEqual([id, state === 'sent']);
  }, 240_000);
});
