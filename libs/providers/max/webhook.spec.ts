import { describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { providerContext, webhookRequest } from '#testing';
import { MaxSettings } from './max.settings.js';
import { deriveSecret } from './hooks.js';
import { SECRET_HEADER, webhook } from './webhook.js';

const settings = getParser(MaxSettings).parse({
  bots: [
    { code: 'one', token: 'token-of-one' },
    { code: 'two', token: 'token-of-two' },
  ],
});
const plain = providerContext(settings, { now: new Date() });
const context = { ...plain, account: { ...plain.account, language: 'en' as const } };
const joe = { user_id: 7, first_name: 'Joe', last_name: 'Doe', is_bot: false };
const recipient = { chat_id: 182, chat_type: 'dialog', user_id: 9 };
const at = 1_775_025_604_499;
const message = (body: object, more: object = {}) => ({
  sender: joe,
  recipient,
  timestamp: at,
  body: { mid: 'mid.1', seq: 1, text: '', ...body },
  ...more,
});
const parse = (update: object) =>
  webhook.parse(webhookRequest(JSON.stringify({ timestamp: at, user_locale: 'ru', ...update }), {}, { path: '9' }), context);
const created = (body: object, more: object = {}) => parse({ update_type: 'message_created', message: message(body, more) });
const contentOf = (body: object, more: object = {}) =>
  created(body, more).map((event) => (event.type === 'message' ? { ...event.message, id: undefined, quote: undefined } : event));

describe('a webhook of MAX', () => {
  it('is genuine with the secret of a bot of the settings, for its address only', () => {
    const verify = (secret: string | undefined, path = '9') =>
      webhook.verify(webhookRequest('{}', secret === undefined ? {} : { [SECRET_HEADER]: secret }, { path }), context);
    const secretOf = (token: string, bot = '9') => deriveSecret(token, context.connectionId, bot);
    expect([verify(secretOf('token-of-one')), verify(secretOf('token-of-two'))]).toEqual([true, true]);
    expect([undefined, '', secretOf('other'), secretOf('token-of-one', '8')].map((secret) => verify(secret))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(verify(secretOf('token-of-one'), '8')).toBe(false);
  });

  it('has an id that a repeat shares, and another update does not', () => {
    const [first] = created({ text: 'a' });
    expect(created({ text: 'a' })[0]?.id).toBe(first?.id);
    expect(parse({ update_type: 'message_edited', message: message({ text: 'a' }) })[0]?.id).not.toBe(first?.id);
  });

  it('that cannot be read is set aside by its content', () => {
    const odd = webhookRequest('{"update_type":7}', {}, { path: '9' });
    expect(() => webhook.parse(odd, context)).toThrow(expect.objectContaining({ kind: 'invalid' }));
    expect(webhook.identifyUnread?.(odd, context)).toMatch(/^9:[0-9a-f]{64}$/);
  });

  it('ignores groups, bots and other kinds of updates', () => {
    const group = { recipient: { chat_id: -70_801_090_403_050, chat_type: 'chat' } };
    expect(created({ text: 'a' }, group)).toEqual([]);
    expect(created({ text: 'a' }, { sender: { ...joe, is_bot: true } })).toEqual([]);
    expect(parse({ update_type: 'message_removed', message_id: 'mid.1', chat_id: -70, user_id: 7 })).toEqual([]);
    expect(parse({ update_type: 'message_removed', message_id: 'mid.1', chat_id: 182, user_id: 9 })).toEqual([]);
    for (const type of ['dialog_cleared', 'dialog_muted', 'bot_added', 'of_tomorrow'])
      expect(parse({ update_type: type, chat_id: 182, user: joe })).toEqual([]);
  });
});

describe('a message of a customer', () => {
  it('has the customer, the text and the answered message', () => {
    const link = { type: 'reply', message: { mid: 'mid.0', seq: 1, text: '' } };
    expect(created({ text: 'Hello' }, { link })).toEqual([
      {
        ...{ id: `9:message_created:mid.1:${at}`, account: '9', chat: '182', at: new Date(at), type: 'message' },
        customer: { id: '7', nickname: 'Joe Doe', firstName: 'Joe', lastName: 'Doe', language: 'ru' },
        message: { id: 'mid.1', kind: 'text', text: 'Hello', quote: 'mid.0' },
      },
    ]);
  });

  it('has all its images together, and each other file apart', () => {
    const image = (name: string) => ({ type: 'image', payload: { photo_id: 1, token: 't', url: `https://i.example/${name}` } });
    const video = { type: 'video', payload: { url: 'https://v.example/1', token: 'vid' } };
    const file = { type: 'file', payload: { url: 'https://f.example/1', token: 't' }, filename: 'a.pdf', size: 3 };
    const events = created({
      text: 'Look',
      attachments: [image('a'), video, image('b'), file, { type: 'inline_keyboard', payload: { buttons: [] } }],
    });
    expect(
      events.map(
        (event) =>
          event.type === 'message' && [
            event.message.id,
            event.message.kind,
            event.message.text,
            event.message.media?.map(({ ref, name }) => [ref, name]),
          ],
      ),
    ).toEqual([
      [
        'mid.1',
        'image',
        'Look',
        [
          ['https://i.example/a', 'photo.jpg'],
          ['https://i.example/b', 'photo.jpg'],
        ],
      ],
      ['mid.1:file:1', 'file', undefined, [['video:vid', 'video.mp4']]],
      ['mid.1:file:2', 'file', undefined, [['https://f.example/1', 'a.pdf']]],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it('of another kind is a text with the kind', () => {
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:79990000000\r\nFN:Ann Lee\r\nEND:VCARD';
    const contact = { type: 'contact', payload: { vcf_info: card, max_info: { user_id: 8 } } };
    expect(contentOf({ attachments: [contact] })).toMatchObject([{ kind: 'text', text: '[Contact] Ann Lee +79990000000' }]);
    expect(contentOf({ attachments: [{ type: 'location', latitude: 55.7, longitude: 37.6 }] })).toMatchObject([
      { text: '[Location] https://maps.google.com/?q=55.7,37.6' },
    ]);
    expect(contentOf({ attachments: [{ type: 'share', payload: { url: 'https://a.example' }, title: 'A' }] })).toMatchObject([
      { text: '[Link] A https://a.example' },
    ]);
    expect(contentOf({ attachments: [{ type: 'of_tomorrow' }] })).toMatchObject([
      { text: '[A message of a kind that can be seen in MAX only]' },
    ]);
    const markup = [
      { type: 'link', from: 0, length: 4, url: 'https://a.example' },
      { type: 'strong', from: 0, length: 4 },
    ];
    expect(contentOf({ text: 'here it is', markup })).toMatchObject([{ text: 'here (https://a.example) it is' }]);
  });

  it('that forwards another has its author, also without a body', () => {
    const link = { type: 'forward', sender: { user_id: 8, first_name: 'Ann' }, message: { mid: 'mid.0', seq: 1, text: 'Words' } };
    expect(contentOf({ text: 'See' }, { link })).toMatchObject([{ text: 'See\n[Forwarded] Ann\nWords' }]);
    expect(created({}, { link, body: null })).toMatchObject([{ message: { id: `forward:182:${at}`, text: '[Forwarded] Ann\nWords' } }]);
  });

  it('has their phone only if it is their own and proved', () => {
    const phone = (given: object) => {
      const payload = { vcf_info: 'TEL:79990000000', max_info: { user_id: 7 }, hash: 'x', ...given };
      const [event] = created({ attachments: [{ type: 'contact', payload }] });
      return event?.type === 'message' ? event.customer.phone : undefined;
    };
    expect([phone({}), phone({ hash: null }), phone({ max_info: { user_id: 8 } })]).toEqual(['+79990000000', undefined, undefined]);
  });

  it('is changed, also below files, and deleted', () => {
    const edited = (body: object) => parse({ update_type: 'message_edited', message: message(body) });
    expect(edited({ text: 'New' })).toMatchObject([{ type: 'edit', message: 'mid.1', text: 'New' }]);
    const image = { type: 'image', payload: { url: 'https://i.example/a' } };
    expect(edited({ text: 'New', attachments: [image] })).toMatchObject([
      { type: 'message', message: { id: `mid.1:caption:${at}`, kind: 'text', text: 'New', quote: 'mid.1', captionOf: 'mid.1' } },
    ]);
    expect(parse({ update_type: 'message_removed', message_id: 'mid.1', chat_id: 182, user_id: 7 })).toMatchObject([
      { type: 'delete', chat: '182', message: 'mid.1' },
    ]);
  });
});

describe('a dialog', () => {
  it('begins with the campaign and the picture of the customer, and ends', () => {
    const user = { ...joe, username: 'joe', avatar_url: 'https://p.example/s', full_avatar_url: 'https://p.example/l' };
    expect(parse({ update_type: 'bot_started', chat_id: 182, user, payload: 'promo_5' })).toMatchObject([
      { type: 'unblocked', chat: '182' },
      {
        ...{ type: 'message', message: { id: `start:182:${at}`, kind: 'text', text: '/start' } },
        customer: { nickname: 'joe', profileUrl: 'https://max.ru/joe', avatarUrl: 'https://p.example/l', utm: { campaign: 'promo_5' } },
      },
    ]);
    expect(parse({ update_type: 'bot_started', chat_id: 182, user: { ...joe, avatar_url: 'avatar.png' } })[1]).not.toHaveProperty(
      'customer.avatarUrl',
    );
    for (const type of ['bot_stopped', 'dialog_removed'])
      expect(parse({ update_type: type, chat_id: 182, user: joe })).toMatchObject([{ type: 'blocked' }]);
  });

  it('has a pressed button as a text', () => {
    const callback = { timestamp: at, callback_id: 'c1', payload: 'yes', user: joe };
    const own = message({ text: 'Choose' }, { sender: { user_id: 9, is_bot: true } });
    expect(parse({ update_type: 'message_callback', callback, message: own })).toMatchObject([
      { type: 'message', chat: '182', customer: { id: '7' }, message: { id: 'pressed:c1', text: 'yes', quote: 'mid.1' } },
    ]);
    expect(parse({ update_type: 'message_callback', callback, message: null })).toEqual([]);
  });
});
