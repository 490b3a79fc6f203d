import { describe, expect, it } from '@jest/globals';
import { toGatewayMessage, toStoredIn, withDeadline } from './in-message.js';
import type { ChatCustomer, ChatEvent, InMessage } from './port/index.js';

const AT = new Date('2026-11-26T10:00:00.000Z');
const PLACE = { channel: 5, chat: 'chat-ann', externalId: 'm-1' };
const ann: ChatCustomer = { id: 'ann', nickname: 'ann' };

const event = (message: Partial<InMessage>, customer = ann): ChatEvent => ({
  ...{ id: 'e-1', account: 'shop', chat: 'chat-ann', at: AT, type: 'message', customer },
  message: { id: 'm-1', kind: 'text', text: 'Hello', ...message },
});
/** The event as read back from the database. */
const store = (of: ChatEvent): ReturnType<typeof toStoredIn> =>
  JSON.parse(JSON.stringify(toStoredIn(JSON.parse(JSON.stringify(of)) as ChatEvent))) as ReturnType<typeof toStoredIn>;
const toWire = (of: ChatEvent): ReturnType<typeof toGatewayMessage> => toGatewayMessage(PLACE, store(of), 'en');

describe('a customer’s message at the gateway', () => {
  it('is what a caption is now, in the account’s language', () => {
    const of = (text: string): unknown => toGatewayMessage(PLACE, store(event({ text, captionOf: 'm-0', quote: 'm-0' })), 'es').message;
    expect(of('Look')).toMatchObject({ type: 'text', text: '[Nuevo pie de foto]\nLook' });
    expect(of('')).toMatchObject({ type: 'text', text: '[Se quitó el pie de foto]' });
  });

  it('has its text, time, quote and deadline', () => {
    expect(toWire(event({ quote: 'm-0', replyUntil: new Date('2026-11-27T10:00:00Z') }))).toEqual({
      ...{ channel: 5, external_chat_id: 'chat-ann', originator: 'customer', customer: { external_id: 'ann', nickname: 'ann' } },
      message: { type: 'text', external_id: 'm-1', text: 'Hello', created_at: '2026-11-26T10:00:00.000Z' },
      ...{ quote: { external_id: 'm-0' }, reply_deadline: '2026-11-27T10:00:00.000Z' },
    });
  });

  it('contains everything known about the author, cut to the gateway’s lengths', () => {
    const long = 'x'.repeat(300);
    const customer: ChatCustomer = {
      ...{ id: 'ann', nickname: '  ', firstName: long, lastName: 'Lee', language: 'en', phone: '+7', email: 'a@b.c', country: 'ES' },
      ...{ profileUrl: 'https://m/ann', avatarUrl: 'https://m/ann.png', utm: { source: long, medium: '' } },
    };
    expect(toWire(event({}, customer)).customer).toEqual({
      ...{
        external_id: 'ann',
        nickname: 'ann',
        first_name: 'x'.repeat(255),
        last_name: 'Lee',
        language: 'en',
        phone: '+7',
        email: 'a@b.c',
      },
      ...{ country: 'ES', profile_url: 'https://m/ann', avatar: 'https://m/ann.png', utm: { source: 'x'.repeat(255) } },
    });
  });

  it('may be the shop’s own, from the messenger’s app', () => {
    expect(toWire({ ...event({}), by: 'shop' } as ChatEvent).originator).toBe('channel');
  });

  it('has the files that were passed on, and names the others', () => {
    const stored = store(event({ kind: 'image', text: 'Two', media: [{ ref: 'a' }, { ref: 'b', name: 'b.png', size: 1_572_864 }] }));
    expect(stored.media).toEqual([{ ref: 'a' }, { ref: 'b', name: 'b.png', size: 1_572_864 }]);
    const [first, second] = stored.media ?? [];
    const passed = {
      ...stored,
      media: [
        { ...first, ref: 'a', file: 'f-1' },
        { ...second, ref: 'b', failed: true },
      ],
    };
    expect(toGatewayMessage(PLACE, passed, 'en').message).toEqual({
      ...{ type: 'image', external_id: 'm-1', created_at: AT.toISOString(), items: [{ id: 'f-1' }] },
      note: 'Two\nFile not transferred: b.png, 1.5 MB',
    });
    expect(toGatewayMessage(PLACE, { ...passed, media: [{ ref: 'a', failed: true }] }, 'es').message).toEqual({
      ...{ type: 'text', external_id: 'm-1', created_at: AT.toISOString(), text: 'Two\nArchivo no transmitido' },
    });
  });

  it('is never empty, as the gateway would refuse it', () => {
    for (const text of [undefined, '', ' \n']) expect(toWire(event({ text })).message.text).toBe('This message cannot be shown here.');
  });

  it('has at most the gateway’s characters', () => {
    expect(toWire(event({ text: 'x'.repeat(70_000) })).message.text).toHaveLength(65_535);
  });
});

describe('the reply deadline', () => {
  it('follows from replyHours, unless the messenger names another', () => {
    const of = (message: object, hours?: number, more: object = {}): unknown =>
      toGatewayMessage(PLACE, withDeadline(store({ ...event(message), ...more } as ChatEvent), hours), 'en').reply_deadline;
    expect(of({ text: 'Hi' }, 24)).toBe(new Date(AT.getTime() + 24 * 3_600_000).toISOString());
    expect(of({ text: 'Hi', replyUntil: AT }, 24)).toBe(AT.toISOString());
    expect(of({ text: 'Hi' })).toBeUndefined();
    expect(of({ text: 'Hi' }, 24, { by: 'shop' })).toBeUndefined();
  });
});

describe('a customer', () => {
  it('has other ids, each once, without the main id and too long ones', () => {
    const customer = { id: 'ann', nickname: 'Ann', otherIds: ['user-1', 'ann', 'user-1', '', 'x'.repeat(65)] };
    expect(toWire({ ...event({ text: 'Hi' }), customer } as ChatEvent).customer.secondary_external_ids).toEqual(['user-1']);
  });
});

describe('other events', () => {
  const common = { id: 'e-1', account: 'shop', chat: 'chat-ann', at: AT };
  it.each<[ChatEvent, object]>([
    [{ ...common, type: 'edit', message: 'm-1', text: 'Hi' }, { text: 'Hi' }],
    [{ ...common, type: 'delete', message: 'm-1' }, {}],
    [{ ...common, type: 'read', message: 'm-1' }, {}],
    [{ ...common, type: 'read', until: AT }, { until: AT.toISOString() }],
    [{ ...common, type: 'reaction', message: 'm-1', emoji: '👍' }, { emoji: '👍' }],
    [
      { ...common, type: 'reaction', message: 'm-1', emoji: '👍', removed: true },
      { emoji: '👍', removed: true },
    ],
  ])('%j', (of, stored) => {
    expect(store(of)).toEqual({ at: AT.toISOString(), ...stored });
  });
});
