import { describe, expect, it } from '@jest/globals';
import { readMessage, toDraft, toEvent, toLoose } from './bot-message.js';

const NOW = new Date('2026-06-10T06:13:25Z');

/** Events as the vendor's schema of the socket describes them. */
const QUESTION = {
  type: 'message_new',
  meta: { timestamp: 1718000000 },
  data: {
    message: {
      ...{ id: 3376, time: '2026-06-10T09:13:20+03:00', type: 'text', scope: 'public', chat_id: 26, is_read: false, is_edit: false },
      status: 'received',
      from: { id: 35, external_id: '777', type: 'customer', name: 'Joe', username: 'joe', first_name: 'Joe' },
      ...{ content: 'Where is my order?', quote: null, dialog: { id: 2054 } },
      chat: {
        id: 26,
        channel: { id: 72, transport_id: 4, type: 'telegram', name: '@shop_bot', is_active: true },
        customer: { id: 35, external_id: '777', type: 'customer', name: 'Joe' },
        ...{ last_activity: '2026-06-10T09:13:20+03:00', created_at: '2025-10-07T14:00:24.795382Z' },
      },
    },
  },
};
const COMMAND = {
  type: 'message_new',
  data: {
    message: {
      ...{ id: 3380, time: '2026-06-10T09:15:00+03:00', type: 'command', scope: 'private', chat_id: 26, is_read: false, is_edit: false },
      ...{ status: 'received', from: { id: 12, external_id: '17', type: 'user', name: 'Ann' }, content: '/delivery 214C' },
    },
  },
};
const FAILED = {
  type: 'message_updated',
  data: {
    message: {
      ...{ id: 3381, time: '2026-06-10T09:15:01+03:00', type: 'text', scope: 'public', chat_id: 26, is_read: false, is_edit: false },
      ...{ status: 'failed', from: { id: 9, external_id: '', type: 'bot', name: 'Helper' }, content: '…' },
      error: { code: 'access_restricted', message: 'blocked by the user' },
    },
  },
};
const read = (event: { data: { message: object } }, more: object = {}) => {
  const message = readMessage({ ...event.data.message, ...more });
  return message && toEvent(message, NOW);
};

describe('a message of the gateway', () => {
  it('of a customer who asks for their order is stored without its text', () => {
    const event = read(QUESTION);
    expect(event).toEqual({ message: 3376, chat: 26, dialog: 2054, request: 'order', customer: 35, at: '2026-06-10T06:13:20.000Z' });
    expect(JSON.stringify(event && toDraft(event))).not.toContain('Where');
    expect(read(QUESTION, { content: 'Where is my order 214C?' })).toMatchObject({ order: '214C' });
  });

  it('with a command of a manager has the user of the CRM', () => {
    expect(read(COMMAND)).toEqual({
      message: 3380,
      chat: 26,
      request: 'delivery',
      order: '214C',
      user: 17,
      at: '2026-06-10T06:15:00.000Z',
    });
    expect(read(COMMAND, { content: '/product blue jacket' })).toBeUndefined();
  });

  it.each(['bot', 'user', 'channel', ''])('of %j is never a question', (type) => {
    expect(read(QUESTION, { from: { id: 1, type } })).toBeUndefined();
  });

  it.each([{ scope: 'private' }, { type: 'system' }, { type: 'image' }, { content: '' }, { content: null }])(
    'does not count as a question with %j',
    (more) => {
      expect(read(QUESTION, more)).toBeUndefined();
    },
  );

  it('that a customer writes does not count as a command', () => {
    expect(read(COMMAND, { from: { id: 35, external_id: '777', type: 'customer' } })).toBeUndefined();
  });

  it('that could not be delivered has its code', () => {
    expect(readMessage(FAILED.data.message)).toMatchObject({ status: 'failed', error: 'access_restricted', from: { type: 'bot', id: 9 } });
  });

  it.each([undefined, null, 'x', [], {}, { id: 0, chat_id: 1 }, { id: 1 }, { id: '1', chat_id: 1 }, { id: 1.5, chat_id: 1 }])(
    'is ignored if it has no ids: %j',
    (value) => expect(readMessage(value)).toBeUndefined(),
  );

  it('may lack almost everything', () => {
    const message = readMessage({ id: 1, chat_id: 2, time: '', from: null, dialog: null, quote: null });
    expect(message).toMatchObject({ id: 1, chat: 2, at: undefined, from: { type: '' } });
    expect(message && toEvent(message, NOW)).toBeUndefined();
    expect(toLoose(null)).toEqual({});
  });
});
