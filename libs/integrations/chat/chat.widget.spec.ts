import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { Providers } from '#integration-kit';
import type { Clock, Database } from '#platform';
import type { EmbedRequest } from '#widgets';
import type { ChannelStore } from './channel-store.js';
import type { ChannelEntity } from './chat.entity.js';
import { ChatWidget } from './chat.widget.js';
import type { ChatProvider } from './port/index.js';

const connection = { id: 'c', account: { timeZone: 'UTC' }, module: { countries: ['RU'] } } as unknown as Connection;
const at = (hour: number): Date => new Date(Date.UTC(2026, 11, 1, hour));
let channels: Partial<ChannelEntity>[];
let dialogues: object[];
let failed: object[];
let values: unknown[];
let customerId: 'any' | 'phone';

const widget = new ChatWidget(
  {
    getManifest: () => ({ describeMessenger: () => ({ replyHours: 24, customerId }) }),
    has: (of: object, method: string) => of === connection && method === 'listAccounts',
  } as unknown as Providers<ChatProvider>,
  { list: () => Promise.resolve(channels) } as unknown as ChannelStore,
  {
    query: (sql: string, given: unknown[]) => {
      values = given;
      return Promise.resolve((given[1] as string[]).length === 0 ? [] : sql.includes('m.problem') ? failed : dialogues);
    },
  } as unknown as Database,
  { now: () => at(14) } as Clock,
);
const request: EmbedRequest = { version: 1, customer: { id: 7, externalId: '777' } };

beforeEach(() => {
  customerId = 'any';
  channels = [{ name: '@shop', state: 'active', problem: null }];
  dialogues = [{ channel: '@shop', blocked: false, wroteAt: at(12) }];
  failed = [];
});

describe('chats in the card of a customer', () => {
  it('are only of messengers', () => {
    expect([connection, { ...connection }].map((one) => widget.isFilled(one))).toEqual([true, false]);
  });

  it("are found by the customer's id at the messenger, within the connection", async () => {
    await widget.badge(connection, request, 'en');
    expect(values).toEqual(['c', ['777']]);
    expect(await widget.badge(connection, { version: 1, customer: { id: 777 } }, 'en')).toBeNull();
    expect(values).toEqual(['c', []]);
  });

  it('are found by a phone only if the messenger identifies customers by their phones', async () => {
    const customer = { id: 777, phones: ['+7 (916) 123-45-67', '101'] };
    expect(await widget.badge(connection, { version: 1, customer }, 'en')).toBeNull();
    customerId = 'phone';
    expect(await widget.badge(connection, { version: 1, customer }, 'en')).not.toBeNull();
    expect(values).toEqual(['c', ['+79161234567', '79161234567']]);
  });

  it.each<[string, () => void, object]>([
    ['the time to reply', () => undefined, { text: 'Reply until Dec 2, 12:00', tone: 'plain' }],
    ['that it ends soon', () => Object.assign(dialogues[0] ?? {}, { wroteAt: new Date(+at(14) - 23.5 * 3_600_000) }), { tone: 'warning' }],
    ['that it has ended', () => Object.assign(dialogues[0] ?? {}, { wroteAt: new Date(+at(13) - 86_400_000) }), { tone: 'bad' }],
    ['a healthy chat', () => Object.assign(dialogues[0] ?? {}, { wroteAt: null }), { text: 'Chat connected', tone: 'good' }],
    ['failed messages', () => failed.push({ state: 'failed' }, { state: 'unknown' }), { text: '2 not delivered', tone: 'bad' }],
    ['a channel that does not work', () => Object.assign(channels[0] ?? {}, { state: 'failed' }), { tone: 'bad' }],
  ])('show %s', async (_title, arrange, badge) => {
    arrange();
    expect(await widget.badge(connection, request, 'en')).toMatchObject(badge);
  });

  it('open with the messages that failed and why, and the channels', async () => {
    failed.push({ channel: '@shop', state: 'failed', problem: 'Too long.', at: at(13) });
    channels.push({ name: '@old', state: 'off' }, { name: '@new', state: 'failed', problem: 'Token rejected.' });
    dialogues.push({ channel: '@new', blocked: true, wroteAt: null });
    const view = await widget.view(connection, request, 'es');
    expect(view.alerts).toMatchObject([
      { tone: 'bad', text: 'El canal @new no está conectado.', advice: 'Token rejected.' },
      { tone: 'warning', text: expect.stringContaining('ha bloqueado @new') },
    ]);
    expect(view.sections.map(({ rows }) => rows.map(({ label, text }) => `${label}: ${text}`))).toEqual([
      ['13:00, @shop: Too long.'],
      ['@shop: conectado', '@new: sin conexión'],
    ]);
  });
});
