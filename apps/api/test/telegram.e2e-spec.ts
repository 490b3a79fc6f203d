import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type MessageGateway,
  sampleFile,
  sampleJpeg,
  type TelegramBot,
  type TelegramContent,
  type TelegramDouble,
  type TelegramKept,
  type TelegramPerson,
} from '#testing';
import { Account } from './support/account.js';
import { Crm } from './support/crm.js';
import { START_MS } from './support/deployment.js';
import { readReply } from './support/reply.js';
import { MODULE, TelegramDesk } from './support/telegram-desk.js';
import type { Stores } from './support/test-servers.js';
import { until } from './support/until.js';

type Fault = Parameters<TelegramDouble['fail']>[1];
type GatewayMessage = ReturnType<MessageGateway['message']>;

/** The account's language is Russian. */
const UNKNOWN = 'Неизвестно, доставлено ли оно.';

let desk: TelegramDesk;
let telegram: TelegramDouble;
let gateway: MessageGateway;
let stores: Stores;
let other: Crm;
/** A person that no test has used before. */
let joe: TelegramPerson;
/** Every token that there was. */
const tokens: string[] = [];

const now = (): number => Math.floor(Date.now() / 1_000);
const place = ({ message }: TelegramKept): string => `${message.chat.id}:${message.message_id}`;
/** The text or note that managers see of the last message. */
const lastSeen = (person = joe): string | null => {
  const { text = null, note = null } = desk.seen(person).at(-1) ?? {};
  return text ?? note;
};
const sentCalls = (): string[] => telegram.calls.flatMap(({ call }) => (call.startsWith('send') ? [call] : []));
const dataOf = (id: number, content: string, more: object = {}): object => ({
  ...{
    id,
    channel_id: desk.channel(),
    external_user_id: String(joe.user.id),
    external_chat_id: String(joe.user.id),
    type: 'text',
    content,
  },
  ...more,
});

/** A person writes to another bot than the first. */
async function addBot(): Promise<TelegramBot> {
  const bot = telegram.addBot();
  tokens.push(bot.token);
  expect((await desk.saveBots([telegram.bot.token, bot.token])).status).toBe(200);
  await desk.opened(bot);
  return bot;
}

async function dropBot(bot: TelegramBot): Promise<void> {
  expect((await desk.saveBots([telegram.bot.token])).status).toBe(200);
  await until(
    'the channel is off',
    () => gateway.channels(desk.transport).find(({ external_id }) => external_id === String(bot.id))?.active === false,
  );
}

beforeAll(async () => {
  other = await Crm.start();
  desk = await TelegramDesk.start({ others: [other] });
  ({ telegram, gateway } = desk);
  ({ stores } = desk.deployment);
  tokens.push(telegram.bot.token);
}, START_MS);

afterAll(async () => {
  await desk?.close();
  await other?.close();
});

beforeEach(() => {
  joe = telegram.addPerson({ first_name: 'Joe', language_code: 'pt-br' });
});

afterEach(() => {
  telegram.faults.clear();
  gateway.faults.clear();
  telegram.webhooks.mode = 'auto';
  telegram.setModes({ fileSizes: true, messagesPerSecond: undefined, latencyMs: 0 });
  gateway.setModes({ webhookTimeoutMs: 5_000 });
  const complaints = telegram.complaints.splice(0);
  expect([gateway.duplicates(), telegram.duplicates(), gateway.complaints.splice(0), complaints, desk.crm.complaints]).toEqual([
    [],
    [],
    [],
    [],
    [],
  ]);
});

describe('a bot', () => {
  it('is a channel with what Telegram can, and has its webhook at the account', async () => {
    const { bot } = telegram;
    const [channel] = gateway.channels(desk.transport).filter(({ active }) => active);
    expect(channel).toMatchObject({ type: 'telegram', name: `@${bot.user.username}`, external_id: String(bot.id) });
    expect(channel?.settings).toMatchObject({
      text: { creating: 'both', editing: 'both', quoting: 'both', deleting: 'receive', max_chars_count: 4_096 },
      product: { creating: 'receive' },
      order: { creating: 'receive' },
      image: {
        creating: 'both',
        editing: 'receive',
        quoting: 'both',
        deleting: 'receive',
        max_items_count: 10,
        note_max_chars_count: 1_024,
      },
      file: { creating: 'both', editing: 'receive', quoting: 'both', deleting: 'receive', max_items_count: 1, note_max_chars_count: 1_024 },
      audio: { creating: 'both', quoting: 'both', deleting: 'receive', max_items_count: 1 },
      reactions: { max_count: 1, dictionary: expect.arrayContaining(['👍', '❤', '🔥']) },
      suggestions: { text: 'receive', phone: 'receive', url: 'receive' },
    });
    expect(channel?.settings.reactions?.dictionary).not.toContain('😊');
    // Telegram reports neither customers' deletions nor receipts of delivery and reading.
    expect(channel?.settings['status']?.['delivered' as never] ?? 'none').toBe('none');
    expect(channel?.settings['status']?.['read' as never] ?? 'none').toBe('none');
    expect(channel?.settings.sending_policy?.new_customer ?? 'no').toBe('no');
    const { webhook } = bot;
    expect(webhook?.url).toMatch(new RegExp(`^${desk.deployment.url}/${MODULE}/webhooks/${desk.connection}`));
    expect(webhook?.secret).toMatch(/^[A-Za-z0-9_-]{32,256}$/);
    expect(bot.allowed?.toSorted()).toEqual(['callback_query', 'edited_message', 'message', 'my_chat_member']);
  });

  it('takes only what carries its secret', async () => {
    const forged = { update_id: 77, message: { ...telegram.write(joe, 'Real').message, message_id: 999, text: 'Forged' } };
    for (const secret of ['wrong', undefined, '', `${telegram.bot.webhook?.secret}x`]) {
      const { status } = await telegram.forge(secret, { update: forged });
      expect([400, 401, 403]).toContain(status);
    }
    await until('the real one is there', () => desk.seen(joe).length === 1);
    await desk.quiet();
    expect(desk.seen(joe).map(({ text }) => text)).toEqual(['Real']);
  });

  it('marks an unknown update as failed for the operator, and holds nothing back', async () => {
    const url = telegram.bot.webhook?.url ?? '';
    const secret = telegram.bot.webhook?.secret ?? '';
    const post = async (body: string, given = secret): Promise<[status: number, text: string]> => {
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': given };
      const reply = await fetch(url, { method: 'POST', headers, body });
      return [reply.status, await reply.text()];
    };
    const chat = { id: joe.user.id, type: 'private' };
    const odd = [
      ...['', '[]', 'null', '{"update_id":"x"}', '{"update_id":1'],
      ...[{ text: 5 }, { message_id: 'x', date: now(), chat, text: 'Odd' }, { message_id: 1, date: 1e300, chat, text: 'Odd' }].map(
        (message, index) => JSON.stringify({ update_id: 800_000_000 + index, message }),
      ),
    ];
    for (const body of [...odd, ...odd]) expect([body, ...(await post(body))]).toEqual([body, 200, '']);
    expect(await post('{"update_id":5,"message":null}')).toEqual([200, '']);
    for (const wrong of ['', 'wrong']) expect((await post('[]', wrong))[0]).toBe(400);
    expect((await desk.arrived(telegram.write(joe, 'Next'))).text).toBe('Next');
    await desk.quiet();
    const rows = await stores.query<{ id: string; last_error: string }>(
      `SELECT id, last_error FROM inbox_event WHERE connection_id = $1 AND state = 'failed' AND attempts = 1 ORDER BY id`,
      [desk.connection],
    );
    expect(rows).toHaveLength(odd.length);
    for (const { last_error: why } of rows) expect(why).toMatch(/^The webhook cannot be read: /);
    // A version that can read it would pass it on with a replay.
    const last = rows.at(-1)?.id ?? '';
    const message = { message_id: 900, date: now(), from: joe.user, chat, text: 'Read at last' };
    await stores.query(`UPDATE inbox_event SET payload = jsonb_set(payload, '{body}', to_jsonb($2::text)) WHERE id = $1`, [
      ...[last, JSON.stringify({ update_id: 800_000_002, message })],
    ]);
    expect((await desk.deployment.askOperator('POST', '/inbox/replay', { ids: [last] })).status).toBe(200);
    await until('it is there', () => lastSeen() === 'Read at last');
    await stores.query(`DELETE FROM inbox_event WHERE state = 'failed' AND connection_id = $1`, [desk.connection]);
  });

  it('stays with Telegram while the account is frozen', async () => {
    expect((await desk.account.activity(true, true)).status).toBe(200);
    const kept = telegram.write(joe, 'Later');
    await until('it is refused for now', () =>
      telegram.webhooks.attempts.some(({ chat, status }) => chat === joe.user.id && status === 503),
    );
    expect(telegram.bot.webhook).toBeDefined();
    expect((await desk.account.activity(true, false)).status).toBe(200);
    expect((await desk.arrived(kept)).text).toBe('Later');
  });
});

describe('what a customer writes', () => {
  it('reaches the managers with who and when, and what it answers', async () => {
    const first = await desk.sent(await started(), 'We have it');
    const kept = telegram.write(joe, 'Is it <b> in stock? & "more"', { replyTo: Number(first.externalId?.split(':')[1]) });
    const message = await desk.arrived(kept);
    expect(message).toMatchObject({
      ...{ type: 'text', text: 'Is it <b> in stock? & "more"', originator: 'customer', externalId: place(kept), quote: first.id },
    });
    expect(Date.parse(message.createdAt ?? '')).toBe(kept.message.date * 1_000);
    const customer = desk.customer(joe);
    expect(customer).toMatchObject({ external_id: String(joe.user.id), nickname: 'Joe', first_name: 'Joe', language: 'pt' });
    expect(customer).not.toHaveProperty('profile_url');
    expect(customer).not.toHaveProperty('avatar', expect.stringContaining('/bot'));
  });

  it('has the person’s picture at our address, which another picture changes, or without one if there is none', async () => {
    await desk.arrived(telegram.write(joe, { kind: 'text', text: 'Hello' }));
    expect(desk.customer(joe)['avatar']).toBeUndefined();
    const ann = telegram.addPerson({ first_name: 'Ann' });
    const picture = sampleJpeg(640, 640);
    ann.photos = [telegram.files.add({ kind: 'photo', bytes: picture })];
    for (const text of ['Hello', 'Again']) await desk.arrived(telegram.write(ann, { kind: 'text', text }));
    expect(
      telegram.calls.filter(({ call, body }) => call === 'getUserProfilePhotos' && (body as { user_id?: number }).user_id === ann.user.id),
    ).toHaveLength(1);
    const address = new URL(String(desk.customer(ann)['avatar']));
    expect([address.href, Buffer.from(address.pathname, 'base64').toString()].join()).not.toContain(telegram.bot.token.split(':')[1]);
    const look = (path: string): Promise<Response> => fetch(desk.deployment.url + path);
    const shown = await look(address.pathname);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(Buffer.from(await shown.arrayBuffer()).equals(picture)).toBe(true);
    expect((await look(address.pathname.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status).toBe(403);
  });

  it('begins with /start, and the link tells the campaign', async () => {
    await desk.arrived(telegram.start(joe, 'summer_24'));
    expect(lastSeen()).toMatch(/^\/start/);
    expect(desk.customer(joe)['utm']).toMatchObject({ campaign: 'summer_24' });
  });

  it.each<[string, TelegramContent, Partial<GatewayMessage>, RegExp | null]>([
    ['a photo', { kind: 'photo', caption: 'Look' }, { type: 'image', note: 'Look' }, null],
    ['a video', { kind: 'video', caption: 'Film' }, { type: 'file', note: 'Film' }, null],
    ['a voice', { kind: 'voice' }, { type: 'audio' }, null],
    ['a moving sticker', { kind: 'sticker', of: 'video' }, { type: 'image' }, null],
    [
      'a location',
      { kind: 'location', latitude: -33.5, longitude: 151.25 },
      { type: 'text' },
      /(?=[^]*https:\/\/)(?=[^]*-33\.5)[^]*151\.25/,
    ],
  ])('arrives: %s', async (_what, content, expected, text) => {
    const kept = telegram.write(joe, content);
    const message = await desk.arrived(kept);
    expect(message).toMatchObject(expected);
    expect(message.items).toHaveLength(text === null ? 1 : 0);
    if (text !== null) expect(message.text).toMatch(text);
    const [item] = message.items;
    const file = gateway.book.files.find(({ id }) => id === item?.id);
    // A file arrives unchanged, except for stickers that are shown by a picture.
    if (kept.file?.bytes && content.kind !== 'sticker') expect(file?.bytes.equals(kept.file.bytes)).toBe(true);
    expect(desk.seen(joe)).toHaveLength(1);
  });

  it.each(['text/plain\r\nx-forged: 1', 'long'.repeat(75)])('arrives: a file of any type that its sender gives (%j)', async (mimeType) => {
    const message = await desk.arrived(telegram.write(joe, { kind: 'document', name: 'a.txt', mimeType }));
    expect([message.type, message.items.length]).toEqual(['file', 1]);
  });

  it('is edited, a new caption is a separate message, and a change that bots do not see is nothing', async () => {
    const kept = telegram.write(joe, 'Helo');
    await desk.arrived(kept);
    telegram.edit(kept, 'Hello');
    await until('it is edited', () => desk.seen(joe)[0]?.text === 'Hello');
    telegram.edit(kept);
    const photo = telegram.write(joe, { kind: 'photo', caption: 'Lok' });
    await desk.arrived(photo);
    telegram.edit(photo);
    telegram.edit(photo, 'Look');
    telegram.edit(photo);
    await desk.arrived(telegram.write(joe, 'Next'));
    await desk.quiet();
    const [text, image, caption, ...rest] = desk.seen(joe);
    expect([text?.text, image?.note, caption?.text, rest.map((one) => one.text)]).toEqual([
      'Hello',
      'Lok',
      '[Новая подпись]\nLook',
      ['Next'],
    ]);
    expect(caption?.quote).toBe(image?.id);
    // A manager's reply to it appears under the photo.
    await desk.sent(joe, 'Nice', { quote: caption?.id ?? 0 });
    expect(telegram.sent(joe)[0]?.message.reply_to_message?.message_id).toBe(photo.message.message_id);
  });

  it('from before the account was there is edited without harm', async () => {
    const dialogue = telegram.bot.openDialogue({ id: joe.user.id, type: 'private', first_name: 'Joe' });
    const old = telegram.bot.keep(dialogue, 'person', { from: joe.user, text: 'Old' });
    telegram.edit(old, 'Old and new');
    await desk.arrived(telegram.write(joe, 'Next'));
    await until('nothing waits for long', async () => (await stores.query(`SELECT 1 FROM outbox WHERE state = 'pending'`)).length === 0);
    expect(desk.seen(joe).map(({ text }) => text)).not.toContain('Old');
  });

  it('comes twice and in reverse, and is there once', async () => {
    telegram.webhooks.mode = 'hold';
    const first = telegram.write(joe, 'Helo');
    telegram.edit(first, 'Hello');
    const second = telegram.write(joe, { kind: 'photo', caption: 'Photo' });
    const third = telegram.write(joe, 'Third', { replyTo: first.message.message_id });
    await telegram.webhooks.flush({ copies: 2, reverse: true });
    await Promise.all([first, second, third].map((one) => desk.arrived(one)));
    await until('it is edited', () => desk.seen(joe).some(({ text }) => text === 'Hello'));
    await desk.quiet();
    expect(
      desk
        .seen(joe)
        .map(({ externalId }) => externalId)
        .toSorted(),
    ).toEqual([first, second, third].map(place).toSorted());
  });

  it('answers something that managers do not have, and arrives without it', async () => {
    const dialogue = telegram.bot.openDialogue({ id: joe.user.id, type: 'private', first_name: 'Joe' });
    const old = telegram.bot.keep(dialogue, 'bot', { text: 'From long ago' });
    const message = await desk.arrived(telegram.write(joe, 'Yes', { replyTo: old.message.message_id }));
    expect([message.text, message.quote]).toEqual(['Yes', null]);
  });

  it('has its file though Telegram fails on the way, and without sizes', async () => {
    telegram.setModes({ fileSizes: false });
    telegram.fail('getFile', { kind: 'rate-limit', retryAfterSeconds: 1 });
    telegram.fail('getFile', { kind: 'html' });
    telegram.fail('downloadFile', { kind: 'cut' });
    telegram.fail('downloadFile', { kind: 'drop-before' });
    const bytes = Buffer.alloc(300_000, 'f');
    const message = await desk.arrived(telegram.write(joe, { kind: 'document', bytes, name: 'a.bin' }), 90_000);
    expect(gateway.book.files.find(({ id }) => id === message.items[0]?.id)?.bytes.equals(bytes)).toBe(true);
  }, 120_000);
});

/** Joe, who has pressed Start. */
async function started(): Promise<TelegramPerson> {
  await desk.arrived(telegram.start(joe));
  return joe;
}

describe('what a manager writes', () => {
  beforeEach(started);

  it('arrives unchanged, answers the quoted message, and is identified by its place', async () => {
    const asked = telegram.write(joe, 'Is it there?');
    const { id } = await desk.arrived(asked);
    const sent = await desk.sent(joe, 'Yes <b> & "sure" _x_ *y*', { quote: id });
    const [got] = telegram.sent(joe);
    expect(got?.message).toMatchObject({ text: 'Yes <b> & "sure" _x_ *y*', reply_to_message: { text: 'Is it there?' } });
    expect(sent.externalId).toBe(got && place(got));
  });

  it.each<[string, Buffer, string, 'image' | 'file' | 'audio', string]>([
    ['a photo', sampleJpeg(800, 600), 'image/jpeg', 'image', 'photo'],
    ['a file', sampleFile('pdf', 100_000), 'application/pdf', 'file', 'document'],
    ['a voice', sampleFile('ogg'), 'audio/ogg', 'audio', 'voice'],
  ])('may be %s', async (_what, bytes, mimeType, type, field) => {
    const file = gateway.addFile(bytes, mimeType, desk.transport);
    const sent = await desk.sent(joe, `A note ${field}`, { type, items: [{ id: file.id, caption: 'Счёт № 1.bin' }] });
    const [got] = telegram.sent(joe);
    expect(got?.message).toMatchObject({ [field]: expect.anything(), caption: `A note ${field}` });
    expect(got?.file?.bytes?.equals(bytes)).toBe(true);
    expect(sent.externalId).toBe(got && place(got));
    if (field === 'document') expect(got?.message['document']).toMatchObject({ file_name: expect.any(String) });
  });

  it('may suggest answers, a number and a link', async () => {
    const suggestions = [
      { type: 'text' as const, title: 'Yes, please' },
      { type: 'phone' as const, title: 'My number' },
      { type: 'url' as const, title: 'The shop', payload: 'https://shop.example/tea' },
    ];
    await desk.sent(joe, 'Shall I?', { suggestions: suggestions.slice(0, 2) });
    const kept = telegram.tap(joe, 'Yes, please');
    expect((await desk.arrived(kept)).text).toBe('Yes, please');
    await desk.sent(joe, 'And now?', { suggestions: suggestions.slice(1, 2) });
    await desk.arrived(telegram.tap(joe, 'My number'));
    expect(String(desk.customer(joe)['phone'])).toContain(joe.phone.slice(1));
    await desk.sent(joe, 'Here', { suggestions: suggestions.slice(2) });
    const buttons = telegram.sent(joe).at(-1)?.message.reply_markup?.inline_keyboard?.flat() ?? [];
    expect(buttons).toMatchObject([{ text: 'The shop', url: 'https://shop.example/tea' }]);
    await desk.sent(joe, 'All kinds', { suggestions });
    expect(
      JSON.stringify(
        telegram
          .sent(joe)
          .slice(3)
          .map(({ markup, message }) => [markup, message.text]),
      ),
    ).toMatch(/(?=.*Yes, please)(?=.*My number)(?=.*shop\.example\/tea)/);
  });

  it('is edited, reacted to and deleted', async () => {
    const sent = await desk.sent(joe, 'Helo');
    const [got] = telegram.sent(joe);
    gateway.editMessage(sent.id, 'Hello <b>');
    await until('it is edited', () => telegram.sent(joe)[0]?.message.text === 'Hello <b>');
    gateway.editMessage(sent.id, 'Hello <b>');
    const asked = telegram.write(joe, 'Thanks');
    const { id } = await desk.arrived(asked);
    gateway.react(id, '❤');
    await until('there is a reaction', () => asked.reaction === '❤');
    gateway.react(id);
    await until('it is taken back', () => asked.reaction === undefined);
    gateway.deleteMessage(sent.id);
    await until('it is deleted', () => got?.deleted === true);
    await desk.quiet();
  });

  it('waits exactly the time that Telegram requires: within the answer, and beyond it', async () => {
    telegram.fail('sendMessage', { kind: 'rate-limit', retryAfterSeconds: 1 });
    const soon = await desk.settled(desk.send(joe, 'Soon'));
    expect(soon).toMatchObject({ status: 'sent', externalId: place(telegram.sent(joe)[0] as TelegramKept) });
    const acks = gateway.countCalls('acknowledge');
    telegram.fail('sendMessage', { kind: 'rate-limit', retryAfterSeconds: 8 });
    const startedAt = performance.now();
    const message = desk.send(joe, 'Later');
    const after = desk.send(joe, 'After it');
    await until('it is promised', () => gateway.message(message.id).waitsForAck);
    // Other chats of the bot go on.
    const bob = telegram.addPerson();
    await desk.arrived(telegram.start(bob));
    await desk.sent(bob, 'At once');
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect(await desk.settled(message)).toMatchObject({ status: 'sent' });
    expect(performance.now() - startedAt).toBeGreaterThan(8_000);
    expect(await desk.settled(after)).toMatchObject({ status: 'sent' });
    expect(gateway.countCalls('acknowledge')).toBeGreaterThan(acks);
    expect(desk.texts(joe)).toEqual(['Soon', 'Later', 'After it']);
  });

  it('fails with the gateway’s word when the customer has blocked the bot', async () => {
    telegram.block(joe);
    await telegram.webhooks.idle();
    const message = await desk.settled(desk.send(joe, 'Hello'));
    expect(message).toMatchObject({ status: 'failed', error: { code: 'access_restricted', external_code: expect.any(String) } });
    expect(message.error?.external_code?.length).toBeLessThanOrEqual(100);
    telegram.block(joe, false);
    await telegram.webhooks.idle();
    await desk.quiet();
    await desk.sent(joe, 'Hello again');
  });

  it.each<Fault>([{ kind: 'drop-after' }, { kind: 'hang' }])(
    'of unknown outcome is not sent again: %j',
    async (fault) => {
      telegram.fail('sendMessage', fault);
      const message = await desk.settled(desk.send(joe, 'Once'), 90_000);
      expect(message).toMatchObject({ status: 'failed', error: { code: 'general', message: UNKNOWN } });
      await until('it was sent', () => desk.texts(joe).length === 1);
      await desk.sent(joe, 'Twice');
      expect(desk.texts(joe)).toEqual(['Once', 'Twice']);
    },
    150_000,
  );

  it('is edited and deleted though the reply is lost or Telegram is unavailable', async () => {
    const sent = await desk.sent(joe, 'Helo');
    telegram.fail('editMessageText', { kind: 'drop-after' });
    telegram.fail('editMessageText', { kind: 'html' });
    gateway.editMessage(sent.id, 'Hello');
    await until('it is edited', () => telegram.sent(joe)[0]?.message.text === 'Hello');
    for (const call of ['deleteMessage', 'deleteMessages'] as const) telegram.fail(call, { kind: 'error-after' });
    gateway.deleteMessage(sent.id);
    await until('it is deleted', () => telegram.sent(joe)[0]?.deleted === true);
    await desk.quiet(120_000);
    expect(telegram.sent(joe)[0]?.edits).toBe(1);
  }, 150_000);

  it('of a file that is gone, or of a kind that is not carried, fails', async () => {
    const gone = await desk.post('message_sent', dataOf(600_005, 'Gone', { type: 'file', items: [{ id: 'no-such-file' }] }));
    expect(gone.json).toMatchObject({ async: false, error: { code: 'general' } });
    const command = await desk.post('message_sent', dataOf(600_006, 'Hello', { type: 'command' }));
    expect(command.json).toMatchObject({ async: false, error: { code: 'general' } });
    expect(telegram.sent(joe)).toEqual([]);
    expect(sentCalls().length).toBeGreaterThan(0);
  });
});

describe('bots of an account', () => {
  it('are separate channels, and the same id in both means two messages', async () => {
    const bot = await addBot();
    bot.lastUpdateId = telegram.bot.lastUpdateId;
    const first = telegram.write(joe, 'To the first');
    const second = telegram.write(joe, 'To the second', { bot: bot.id });
    expect([first.message.message_id, second.message.message_id]).toEqual([1, 1]);
    await until('both are there', () => desk.seen(joe).length === 1 && desk.seen(joe, desk.channel(bot.id)).length === 1);
    expect([desk.seen(joe)[0]?.text, desk.seen(joe, desk.channel(bot.id))[0]?.text]).toEqual(['To the first', 'To the second']);
    await desk.settled(gateway.sendMessage({ channel: desk.channel(bot.id), chat: String(joe.user.id), content: 'From the second' }));
    expect([desk.texts(joe), telegram.sent(joe, bot.id).map(({ message }) => message.text)]).toEqual([[], ['From the second']]);
    expect(bot.webhook?.secret).not.toBe(telegram.bot.webhook?.secret);
    // One bot's secret opens no other bot's door.
    const { status } = await telegram.forge(telegram.bot.webhook?.secret, { bot: bot.id });
    expect([400, 401, 403]).toContain(status);
    await dropBot(bot);
    await until('the webhook is gone', () => bot.webhook === undefined);
    expect(telegram.bot.webhook).toBeDefined();
  });

  it('are not saved if one’s token is rejected, nor reported as rejected', async () => {
    const nobody = `7700000999:${'x'.repeat(35)}`;
    tokens.push(nobody);
    const reply = await desk.saveBots([telegram.bot.token, nobody]);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.json)).not.toContain(nobody);
    const twice = await desk.saveBots([telegram.bot.token, telegram.bot.token]);
    expect(twice.status).toBe(400);
    const malformed = await desk.saveBots([telegram.bot.token, 'not a token']);
    expect(malformed.status).toBe(400);
  });

  it('belong to only one account', async () => {
    await Account.connect(desk.deployment, other, MODULE);
    const { id } = await desk.deployment.getConnection(other);
    const before = telegram.bot.webhook?.url;
    const reply = await desk.saveBots([telegram.bot.token], id);
    expect(reply.status).toBe(400);
    await desk.quiet();
    expect(telegram.bot.webhook?.url).toBe(before);
  });

  it('whose updates another program takes are not taken back by a check', async () => {
    const ours = telegram.bot.webhook;
    telegram.steal('https://elsewhere.example/hook');
    const asked = telegram.countCalls('getWebhookInfo') + telegram.countCalls('getMe');
    await desk.deployment.askOperator('POST', `/connections/${desk.connection}/check`, {});
    expect(telegram.countCalls('getWebhookInfo') + telegram.countCalls('getMe')).toBeGreaterThan(asked);
    expect(telegram.bot.webhook?.url).toBe('https://elsewhere.example/hook');
    telegram.bot.webhook = ours;
  });

  it('whose token is revoked are refused, and Telegram is left alone', async () => {
    await started();
    const old = telegram.bot.token;
    tokens.push(telegram.revokeToken());
    const message = await desk.settled(desk.send(joe, 'Hello'));
    expect(message).toMatchObject({ status: 'failed', error: { code: 'general' } });
    const check = await desk.deployment.askOperator('POST', `/connections/${desk.connection}/check`, {});
    expect(check.json).toMatchObject({ state: expect.not.stringMatching(/^ok$/) });
    expect(JSON.stringify(check.json)).not.toContain(old);
    expect((await desk.saveBots([telegram.bot.token])).status).toBe(200);
    await desk.opened();
    await desk.sent(joe, 'Hello');
  });
});

it('a message is there within a second, and an answer within two', async () => {
  const times: number[] = [];
  for (let n = 0; n < 10; n++) {
    const startedAt = performance.now();
    await desk.arrived(telegram.write(joe, `Message ${n}`));
    times.push(performance.now() - startedAt);
  }
  expect(times.toSorted((a, b) => a - b)[8]).toBeLessThan(1_000);
  const startedAt = performance.now();
  await desk.sent(joe, 'An answer');
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

it('tokens and addresses of files appear in no table, log, reply, or at the gateway', async () => {
  const keys = tokens.map((token) => token.split(':')[1] ?? token);
  const secrets = [...tokens, ...keys, `${telegram.url}/file/bot`, telegram.bot.webhook?.secret ?? ''];
  expect(await desk.findLeaks(secrets)).toEqual([]);
  const pages = ['', '/settings', '/channels', '/inbox', '/journal', '/operations', '/outbox'];
  const shown = await Promise.all(pages.map((page) => desk.deployment.askOperator('GET', `/connections/${desk.connection}${page}`)));
  const all = JSON.stringify([
    ...shown.map(({ bytes }) => bytes.toString()),
    ...[gateway.calls, desk.crm.calls.map(({ input }) => input), desk.crm.notifications],
    (await readReply(await fetch(`${desk.deployment.url}/${MODULE}/config`))).bytes.toString(),
  ]);
  for (const secret of secrets) expect(all).not.toContain(secret);
});
