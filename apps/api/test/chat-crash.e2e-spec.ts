import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeMessenger, MessageGateway } from '#testing';
import { Account } from './support/account.js';
import { ChatDesk } from './support/chat-desk.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

const MESSAGES = 16;
/** Operations of a killed process are taken over after fifteen seconds, its jobs after half a minute. */
const PATIENCE_MS = 90_000;

/** An account whose customers use a messenger. */
interface Line {
  readonly connection: string;
  readonly messenger: FakeMessenger;
  readonly gateway: MessageGateway;
  readonly crm: Crm;
  readonly desk: ChatDesk;
}

let deployment: Deployment;
/** One at a messenger where nothing is repeated, and one where references are keys. */
let lines: Line[];

const onEach = <T>(act: (line: Line, index: number) => Promise<T>): Promise<T[]> => Promise.all(lines.map(act));

async function openLine(module: string, crm: Crm, gateway: MessageGateway): Promise<Line> {
  const messenger = await FakeMessenger.start();
  messenger.modes.usesReferences = module === 'keyed-messenger';
  await Account.connect(deployment, crm, module);
  const { id: connection } = await deployment.getConnection(crm);
  const { url: baseUrl, apiKey, webhookSecret } = messenger;
  await deployment.operator('PUT', `/connections/${connection}/settings`, { baseUrl, apiKey, webhookSecret });
  messenger.setWebhookUrl({ url: `${deployment.url}/${module}/webhooks/${connection}` });
  const desk = new ChatDesk(gateway, messenger, `default/${module}`);
  await desk.opened();
  return { connection, messenger, gateway, crm, desk };
}

/** Kills api and worker, at random moments. */
async function kill(): Promise<void> {
  await sleep(Math.random() * 800);
  await deployment.killApi();
  await deployment.startApi();
  await sleep(Math.random() * 800);
  await deployment.killWorkers();
  await deployment.startWorker();
}

describe('kill -9 of what serves both kinds of messengers', () => {
  beforeAll(async () => {
    const gateways = await Promise.all([MessageGateway.start(), MessageGateway.start()]);
    const crms = await Promise.all(gateways.map(({ url }) => Crm.start({ chatGateway: url })));
    deployment = await Deployment.start({ crms, withFakeCarrier: true, variables: { LOG_LEVEL: 'error' } });
    const modules = ['fake-messenger', 'keyed-messenger'];
    lines = await Promise.all(gateways.map((gateway, index) => openLine(modules[index] as string, crms[index] as Crm, gateway)));
  }, START_MS);

  afterAll(async () => {
    await deployment?.stop();
    await onEach(({ crm, gateway, messenger }) => Promise.all([crm.close(), gateway.close(), messenger.close()]));
  });

  afterEach(() => {
    for (const { messenger, gateway } of lines)
      expect([messenger.duplicates(), gateway.duplicates(), gateway.complaints]).toEqual([[], [], []]);
  });

  it('while a message is being sent: there is one copy, and the manager learns what is known', async () => {
    await deployment.separate('api');
    // The messenger takes the message and never answers.
    const messages = await onEach(async ({ messenger, desk }) => {
      messenger.fail('sendMessage', { kind: 'hang' });
      const message = desk.send('ann', 'Hello');
      await until('the messenger has it', () => desk.texts('ann').length === 1);
      return message;
    });
    await deployment.killApi();
    await deployment.startApi();
    await onEach(async ({ messenger, gateway, desk }, index) => {
      await until('the gateway is told', () => gateway.countCalls('acknowledge') > 0, PATIENCE_MS);
      const told = gateway.message(messages[index]?.id ?? 0);
      if (messenger.modes.usesReferences) expect(told).toMatchObject({ status: 'sent', externalId: desk.only('ann', 'Hello').id });
      else expect(told).toMatchObject({ status: 'failed', error: { code: 'general', message: 'Неизвестно, доставлено ли оно.' } });
      expect(desk.texts('ann')).toEqual(['Hello']);
    });
    expect(await deployment.stores.query(`SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`)).toEqual([]);
    // The dialogue goes on.
    await onEach(async ({ desk }) => expect(await desk.settled(desk.send('ann', 'Again'))).toMatchObject({ status: 'sent' }));
  }, 150_000);

  it('does not happen at a stop: a message that is being sent gets its outcome', async () => {
    const messages = await onEach(async ({ messenger, gateway, desk }) => {
      messenger.fail('sendMessage', { kind: 'delay', ms: 4_500 });
      const message = desk.send('ann', 'Slow');
      await until('it is promised', () => gateway.message(message.id).waitsForAck);
      return message;
    });
    await deployment.stopApi();
    await deployment.startApi();
    await onEach(async ({ desk }, index) => {
      const message = messages[index] as (typeof messages)[number];
      expect(await desk.settled(message)).toMatchObject({ status: 'sent', externalId: desk.only('ann', 'Slow').id });
    });
  });

  it('at any moment: in both directions nothing is lost, doubled or out of order, and all has its outcome', async () => {
    const customers = ['ann', 'bea', 'cid', 'dan'];
    const write = async ({ messenger }: Line, person: string): Promise<void> => {
      for (let n = 0; n < MESSAGES / 4; n++) {
        const files = n % 3 === 1 ? [{ bytes: Buffer.alloc(300_000, String(n)), name: `${n}.bin` }] : [];
        messenger.write({ person, text: String(n), files, paceMs: 50 });
        await sleep(Math.random() * 600);
      }
    };
    const persons = ['bob', 'eve', 'joe', 'kim'];
    const sent: { line: Line; person: string; id: number }[] = [];
    const send = async (line: Line, person: string): Promise<void> => {
      for (let n = 0; n < MESSAGES / 4; n++) {
        sent.push({ line, person, id: line.desk.send(person, `${person} ${n}`).id });
        await sleep(Math.random() * 400);
      }
    };
    for (const { gateway } of lines) {
      gateway.setModes({ repeats: 'after-failure' });
      gateway.webhooks.retryMs = 4_000;
    }
    await deployment.separate();
    await Promise.all([
      kill(),
      ...lines.flatMap((line) => [...customers.map((person) => write(line, person)), ...persons.map((person) => send(line, person))]),
    ]);
    for (const { gateway } of lines) {
      const list = (person: string) => gateway.messages(`chat-${person}`).filter(({ direction }) => direction === 'in');
      for (const person of customers) {
        await until(`all of ${person} is there`, () => list(person).length >= MESSAGES / 4, PATIENCE_MS);
        expect(list(person).map(({ text, note, items }) => [text ?? note, items.length])).toEqual(
          Array.from({ length: MESSAGES / 4 }, (_, n) => [String(n), n % 3 === 1 ? 1 : 0]),
        );
      }
      expect(gateway.outOfOrder()).toEqual([]);
    }
    await onEach(({ gateway }) =>
      until(
        'all webhooks are answered',
        () => gateway.messages().every(({ status, waitsForAck }) => status !== 'sending' || waitsForAck),
        PATIENCE_MS,
      ),
    );
    const open = `SELECT state, promised, ack_due_at FROM chat_message WHERE state = 'taken' OR ack_due_at IS NOT NULL`;
    await until('all have their outcome', async () => (await deployment.stores.query(open)).length === 0, PATIENCE_MS);
    await until(
      'all acknowledgements are sent',
      async () => (await deployment.stores.query(`SELECT 1 FROM outbox WHERE kind = 'chat.ack' AND state = 'pending'`)).length === 0,
      PATIENCE_MS,
    );
    for (const { line, person, id } of sent) {
      const { status, text, externalId } = line.gateway.message(id);
      const copies = line.messenger.sent(`chat-${person}`).filter((one) => one.text === text);
      expect(copies.length).toBeLessThanOrEqual(1);
      if (status === 'sent') expect(copies.map((one) => one.id)).toEqual([externalId]);
    }
    for (const { desk, gateway, connection } of lines) {
      for (const person of persons) {
        const numbers = desk.texts(person).map((text) => Number(text.split(' ')[1]));
        expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      }
      // The gateway has the outcome that the module has, of each message that reached it.
      const known = await deployment.stores.query<{ id: string; state: string }>(
        `SELECT gateway_id AS id, state FROM chat_message WHERE connection_id = $1 AND direction = 'out' AND action = 'send'`,
        [connection],
      );
      expect(known.filter(({ state }) => state === 'sent').length).toBeGreaterThan(0);
      for (const { id, state } of known) expect([id, gateway.message(Number(id)).status === 'sent']).toEqual([id, state === 'sent']);
    }
  }, 240_000);
});
