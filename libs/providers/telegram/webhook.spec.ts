import { describe, expect, it } from '@jest/globals';
import type { MessengerEvent } from '#chat/port';
import { getParser } from '#platform';
import type { ProviderError } from '#provider-kit';
import { accountSettings, providerContext, webhookRequest } from '../../testing/builders.js';
import { deriveSecret } from './hooks.js';
import { type TelegramContext, TelegramSettings } from './telegram.settings.js';
import { webhook } from './webhook.js';

const BOT = '5551234567';
const CONNECTION = '0192f0aa-0000-7000-8000-000000000001';
const TOKEN = `${BOT}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw`;
const settings = getParser(TelegramSettings).parse({
  bots: [
    { code: 'shop', token: TOKEN },
    { code: 'other', token: '42424242:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw' },
  ],
});
const context: TelegramContext = providerContext(settings, {
  ...{ connectionId: CONNECTION, account: accountSettings({ language: 'en' }), now: new Date('2025-11-24T16:00:05Z') },
});

const joe = { id: 777, is_bot: false, first_name: 'Joe', language_code: 'pt-br' };
const chat = { id: 777, type: 'private', first_name: 'Joe' };

const read = (update: object): MessengerEvent[] => webhook.parse(webhookRequest(JSON.stringify(update), {}, { path: BOT }), context);
const readMessage = (content: object, from: object = joe): MessengerEvent[] =>
  read({ update_id: 1001, message: { message_id: 17, date: 1764000000, from, chat, ...content } });
/** Converts the content of a message. */
const contentOf = (content: object): object | undefined => {
  const [event] = readMessage(content);
  if (event?.type !== 'message') return undefined;
  const { id: _, ...rest } = event.message;
  return rest;
};

describe('the secret of a bot', () => {
  it('is derived from the ids of the bot and the connection, and has the characters that Telegram allows', () => {
    expect(deriveSecret('module-secret-for-examples', CONNECTION, BOT)).toBe(
      '0a27fcebf762175c25f4737c78ee8c8a3494f50c854cf9f738e8e7781b51770b',
    );
    const secrets = [deriveSecret(TOKEN, CONNECTION, BOT), deriveSecret(TOKEN, 'another', BOT), deriveSecret(`${TOKEN}x`, CONNECTION, BOT)];
    expect(new Set(secrets).size).toBe(3);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
  });

  it('proves only an update of that bot', () => {
    const verify = (secret: string | undefined, path = BOT): unknown =>
      webhook.verify(webhookRequest('{}', { 'x-telegram-bot-api-secret-token': secret }, { path }), context);
    const secret = deriveSecret(TOKEN, CONNECTION, BOT);
    expect(verify(secret)).toBe(true);
    for (const wrong of [undefined, '', `${secret}0`, secret.slice(1), TOKEN]) expect(verify(wrong)).toBe(false);
    for (const path of ['', '42424242', '1', 'mg/x', '__proto__']) expect(verify(secret, path)).toBe(false);
  });

  it('is answered with nothing, which Telegram could take for a call', () => {
    expect(webhook.reply?.([], context)).toEqual({ status: 200, body: '' });
  });
});

describe('an update', () => {
  it('becomes the worked example', () => {
    const reply = { message_id: 15, date: 1763999000, chat, text: 'before' };
    expect(readMessage({ text: 'Is it <b> in stock?', reply_to_message: reply })).toEqual([
      {
        ...{ id: `${BOT}:1001`, account: BOT, chat: '777', at: new Date('2025-11-24T16:00:00Z'), type: 'message' },
        customer: { id: '777', nickname: 'Joe', firstName: 'Joe', language: 'pt' },
        message: { id: '777:17', kind: 'text', text: 'Is it <b> in stock?', quote: '777:15' },
      },
    ]);
  });

  it('contains the known names of its writer', () => {
    const customerOf = (from: object): object | undefined => {
      const [event] = readMessage({ text: 'hi' }, from);
      return event?.type === 'message' ? event.customer : undefined;
    };
    expect(customerOf({ ...joe, last_name: 'Doe', username: 'joe_d' })).toEqual({
      ...{ id: '777', nickname: 'joe_d', firstName: 'Joe', lastName: 'Doe', language: 'pt', profileUrl: 'https://t.me/joe_d' },
    });
    expect(customerOf({ id: 5, is_bot: false, first_name: '' })).toEqual({ id: '5', nickname: 'id5' });
    expect(customerOf({ ...joe, language_code: 'qq-zz', last_name: 'O’Neil <b>' })).toMatchObject({
      nickname: 'Joe O’Neil <b>',
      language: 'qq',
    });
    expect(customerOf({ ...joe, language_code: 'english' })).not.toHaveProperty('language');
  });

  it('of a group, a channel, a bot or of a kind that was not asked for is nothing', () => {
    for (const type of ['group', 'supergroup', 'channel'])
      for (const kind of ['message', 'edited_message'])
        expect(read({ update_id: 1, [kind]: { message_id: 1, date: 1, from: joe, chat: { id: -5, type }, text: 'x' } })).toEqual([]);
    expect(readMessage({ text: 'x' }, { ...joe, is_bot: true })).toEqual([]);
    expect(read({ update_id: 1, channel_post: { message_id: 1 } })).toEqual([]);
    expect(read({ update_id: 1 })).toEqual([]);
    expect(
      read({ update_id: 1, my_chat_member: { chat: { id: -5, type: 'group' }, date: 1, new_chat_member: { status: 'kicked' } } }),
    ).toEqual([]);
  });

  it('that is not one, or does not fit Telegram’s description, is identified by its id, without its contents', () => {
    const odd = ['', '{', 'null', '[]', '7', '{}', '{"update_id":"one"}', '{"update_id":1,"message":{"text":"secret"}}'];
    for (const body of odd)
      try {
        webhook.parse(webhookRequest(body, {}, { path: BOT }), context);
        throw new Error(`it took ${body}`);
      } catch (error) {
        expect((error as ProviderError).kind).toBe('invalid');
        expect((error as ProviderError).message).not.toContain('secret');
      }
    const identify = (body: string): string | undefined => webhook.identifyUnread?.(webhookRequest(body, {}, { path: BOT }), context);
    expect(new Set(odd.map(identify)).size).toBe(odd.length);
    expect(odd.map(identify)).toEqual(odd.map(identify));
    expect(identify(odd.at(-1) ?? '')).toBe(`${BOT}:1`);
  });

  it('lacks or has more than was described, and is read', () => {
    const fields = { text: 'hi', hologram: { of: 'next year' }, reply_markup: { inline_keyboard: [] } };
    const message = { message_id: 17, date: 1764000000, chat: { ...chat, username: 'joe_d' }, ...fields };
    expect(read({ update_id: 1, message, something: {} })).toMatchObject([
      { customer: { id: '777', nickname: 'joe_d' }, message: { text: 'hi' } },
    ]);
    // Odd members around the words do not remove them.
    expect(contentOf({ text: 'hi', entities: 'none' })).toEqual({ kind: 'text', text: 'hi' });
    const unknown = '[A message of a kind that can be seen in Telegram only]';
    for (const odd of [{ photo: 'none' }, { hologram: {} }])
      expect(contentOf({ ...odd, caption: 'look' })).toEqual({ kind: 'text', text: `${unknown} look` });
    const long = 'x'.repeat(3_000);
    expect(contentOf({ document: { file_id: long, file_name: long, mime_type: long } })).toMatchObject({
      kind: 'file',
      media: [{ ref: long }],
    });
  });

  it('tells an edit of a text, a new caption as a message about its own, and no other edit', () => {
    const edited = { message_id: 17, date: 1764000000, edit_date: 1764000060, from: joe, chat };
    expect(read({ update_id: 2, edited_message: { ...edited, text: 'new' } })).toEqual([
      { id: `${BOT}:2`, account: BOT, chat: '777', at: new Date('2025-11-24T16:01:00Z'), type: 'edit', message: '777:17', text: 'new' },
    ]);
    const ofPhoto = (caption?: string): object => read({ update_id: 2, edited_message: { ...edited, caption, photo: [{ file_id: 'a' }] } });
    const captioned = { id: '777:17:caption:2', kind: 'text', quote: '777:17', captionOf: '777:17' };
    expect(ofPhoto('new')).toMatchObject([{ type: 'message', customer: { id: '777' }, message: { ...captioned, text: 'new' } }]);
    expect(ofPhoto()).toMatchObject([{ message: { ...captioned, text: '' } }]);
    // A live place moves, and a poll counts.
    for (const odd of [{ location: { latitude: 1, longitude: 1 } }, { poll: { question: 'Which?' } }, { pinned_message: {} }])
      expect(read({ update_id: 2, edited_message: { ...edited, ...odd } })).toEqual([]);
  });

  it('tells that the bot was blocked, and no longer is', () => {
    const member = (status: string): string | undefined =>
      read({ update_id: 3, my_chat_member: { chat, from: joe, date: 1764000000, new_chat_member: { status } } })[0]?.type;
    expect([member('kicked'), member('member')]).toEqual(['blocked', 'unblocked']);
  });

  it('tells a pressed button, to be answered', () => {
    const message = { message_id: 20, date: 0, chat };
    expect(read({ update_id: 4, callback_query: { id: 'cb-1', from: joe, message, chat_instance: '1', data: 'yes' } })).toEqual([
      {
        ...{ id: `${BOT}:4`, account: BOT, chat: '777', at: context.now, type: 'message', button: 'cb-1' },
        customer: { id: '777', nickname: 'Joe', firstName: 'Joe', language: 'pt' },
        message: { id: '777:pressed:cb-1', kind: 'text', text: 'yes', quote: '777:20' },
      },
    ]);
  });
});

describe('the content of a message', () => {
  const file = { file_id: 'f-1', file_unique_id: 'u', file_size: 5_000 };
  const media = (ref: string, name: string, type?: string, size?: number): object => ({
    media: [{ ref, name, ...(type && { type }), ...(size && { size }) }],
  });

  it('is a text, with the addresses of its links', () => {
    const entities = [
      { type: 'bold', offset: 0, length: 2 },
      { type: 'text_link', offset: 3, length: 4, url: 'https://a.example/?x=1' },
      { type: 'text_link', offset: 8, length: 4, url: 'https://b.example' },
    ];
    expect(contentOf({ text: '🚚 here then', entities })).toEqual({
      kind: 'text',
      text: '🚚 here (https://a.example/?x=1) then (https://b.example)',
    });
  });

  it('is a picture: the largest of a photo, and a document that is one', () => {
    const sizes = [
      { ...file, file_id: 'small' },
      { ...file, file_id: 'large', file_size: 90_000 },
    ];
    expect(contentOf({ photo: sizes, caption: 'look', media_group_id: '9' })).toEqual({
      ...{ kind: 'image', text: 'look', ...media('large', 'photo.jpg', 'image/jpeg', 90_000) },
    });
    expect(contentOf({ document: { ...file, file_name: 'a.png', mime_type: 'image/png' } })).toEqual({
      ...{ kind: 'image', ...media('f-1', 'a.png', 'image/png', 5_000) },
    });
    for (const odd of [{ mime_type: 'image/svg+xml' }, { mime_type: 'image/png', file_size: 25 * 1024 * 1024 }, {}])
      expect(contentOf({ document: { ...file, file_name: 'a.bin', ...odd } })).toMatchObject({ kind: 'file' });
  });

  it('is a file, whatever moves', () => {
    expect(contentOf({ document: { ...file, file_name: 'накладная.pdf', mime_type: 'application/pdf' } })).toEqual({
      ...{ kind: 'file', ...media('f-1', 'накладная.pdf', 'application/pdf', 5_000) },
    });
    // A message with an animation also has its document.
    const animation = { ...file, file_id: 'moving', mime_type: 'video/mp4' };
    expect(contentOf({ animation, document: { ...file, mime_type: 'image/gif' } })).toEqual({
      ...{ kind: 'file', ...media('moving', 'animation.mp4', 'video/mp4', 5_000) },
    });
    expect(contentOf({ video: file, caption: 'see' })).toEqual({
      kind: 'file',
      text: 'see',
      ...media('f-1', 'video.mp4', 'video/mp4', 5_000),
    });
    expect(contentOf({ video_note: { ...file, length: 240 } })).toMatchObject({
      kind: 'file',
      ...media('f-1', 'video-message.mp4', 'video/mp4', 5_000),
    });
  });

  it('is a sound', () => {
    expect(contentOf({ voice: file })).toEqual({ kind: 'audio', ...media('f-1', 'voice.ogg', 'audio/ogg', 5_000) });
    expect(contentOf({ audio: { ...file, performer: 'A', title: 'B', mime_type: 'audio/mp4' } })).toEqual({
      ...{ kind: 'audio', ...media('f-1', 'A - B.mp3', 'audio/mp4', 5_000) },
    });
  });

  it('is a sticker: itself, its first frame, or its emoji', () => {
    const sticker = { ...file, emoji: '👍', width: 1, height: 1, type: 'regular' };
    expect(contentOf({ sticker: { ...sticker, is_animated: false, is_video: false } })).toEqual({
      ...{ kind: 'image', text: '👍', ...media('f-1', 'sticker.webp', 'image/webp', 5_000) },
    });
    const thumbnail = { ...file, file_id: 'frame' };
    for (const moving of [{ is_animated: true }, { is_video: true }]) {
      expect(contentOf({ sticker: { ...sticker, ...moving, thumbnail } })).toMatchObject({ kind: 'image', media: [{ ref: 'frame' }] });
      expect(contentOf({ sticker: { ...sticker, ...moving } })).toEqual({ kind: 'text', text: '[Sticker] 👍' });
    }
  });

  it('is a contact, and the customer’s own phone', () => {
    const contact = { phone_number: '+5511999990000', first_name: 'Joe', last_name: 'Doe', user_id: 777 };
    expect(readMessage({ contact })).toMatchObject([
      { customer: { phone: '+5511999990000' }, message: { text: '[Contact] Joe Doe +5511999990000' } },
    ]);
    for (const user_id of [778, undefined])
      expect(readMessage({ contact: { ...contact, user_id } })[0]).not.toHaveProperty('customer.phone');
  });

  it('is a place', () => {
    const location = { latitude: 55.75, longitude: 37.61 };
    expect(contentOf({ location })).toEqual({ kind: 'text', text: '[Location] https://maps.google.com/?q=55.75,37.61' });
    expect(contentOf({ location, venue: { location, title: 'Kremlin', address: 'Red Square' } })).toEqual({
      ...{ kind: 'text', text: '[Location] Kremlin, Red Square https://maps.google.com/?q=55.75,37.61' },
    });
  });

  it('is a start, with the campaign of its link', () => {
    expect(readMessage({ text: '/start promo_5' })).toMatchObject([
      { customer: { utm: { campaign: 'promo_5' } }, message: { text: '/start' } },
    ]);
    expect(readMessage({ text: '/start' })[0]).not.toHaveProperty('customer.utm');
    expect(contentOf({ text: '/starting soon' })).toEqual({ kind: 'text', text: '/starting soon' });
  });

  it('has a description if it cannot be shown', () => {
    const said = {
      poll: [{ id: '1', question: 'Which?', options: [] }, '[Poll] Which?'],
      dice: [{ emoji: '🎲', value: 4 }, '[Dice] 🎲 4'],
      game: [{ title: 'Chess' }, '[Game] Chess'],
      story: [{ id: 1 }, '[A story of Telegram]'],
      checklist: [{ title: 'To do', tasks: [] }, '[Checklist] To do'],
      paid_media: [{ star_count: 1 }, '[Paid media]'],
      invoice: [{ title: 'Tea', total_amount: 1 }, '[Invoice] Tea'],
      gift: [{}, '[A gift]'],
      rich_message: [{ blocks: [] }, '[A formatted article]'],
      hologram: [{ volume: 3 }, '[A message of a kind that can be seen in Telegram only]'],
    };
    for (const [field, [value, text]] of Object.entries(said))
      expect([field, contentOf({ [field]: value })]).toEqual([field, { kind: 'text', text }]);
    // Only its frame, or in a form that differs from the description: it is reported nevertheless.
    for (const odd of [{}, { photo: 'none' }, { document: { file_id: {} } }])
      expect(contentOf(odd)).toEqual({ kind: 'text', text: '[A message of a kind that can be seen in Telegram only]' });
  });

  it('is nothing where the chat itself speaks', () => {
    for (const field of ['pinned_message', 'write_access_allowed', 'group_chat_created', 'boost_added'])
      expect(readMessage({ [field]: true })).toEqual([]);
  });
});
