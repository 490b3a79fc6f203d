import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import {
  sampleFile,
  sampleJpeg,
  samplePng,
  type TelegramContent,
  TelegramDouble,
  type TelegramPerson,
  type TelegramUpdate,
} from './index.js';

interface Reply {
  status: number;
  // A test reads any expected member.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
  type: string;
}

let double: TelegramDouble;
let joe: TelegramPerson;

async function send(path: string, init: RequestInit = {}): Promise<Reply> {
  const reply = await fetch(`${double.url}${path}`, init);
  const text = await reply.text();
  const type = reply.headers.get('content-type') ?? '';
  return { status: reply.status, type, json: type.includes('json') ? JSON.parse(text) : text };
}
const call = (method: string, body?: object, token = double.bot.token): Promise<Reply> =>
  send(`/bot${token}/${method}`, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
function form(method: string, fields: Record<string, string | [bytes: Uint8Array, name: string, type?: string]>): Promise<Reply> {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([new Uint8Array(value[0])], { type: value[2] ?? '' }), value[1]);
  return send(`/bot${double.bot.token}/${method}`, { method: 'POST', body: data });
}
const ok = (result: unknown) => ({ status: 200, json: { ok: true, result } });
const refused = (description: string, status = 400) => ({
  status,
  json: { ok: false, error_code: status, description: expect.stringContaining(description) },
});
const toJoe = (fields: object) => ({ chat_id: joe.user.id, ...fields });

beforeAll(async () => {
  double = await TelegramDouble.start();
});
beforeEach(() => {
  double.reset();
  double.bot.webhook = undefined;
  double.bot.allowed = undefined;
  joe = double.addPerson({ username: 'joe', language_code: 'pt-br' });
  double.start(joe);
  double.bot.pending = [];
});
afterAll(() => double.close());

describe('the calls', () => {
  it('are found by token and name, in any form', async () => {
    const { id } = double.bot;
    expect(await call('getMe')).toMatchObject(ok({ id, is_bot: true, username: 'shop1_bot', can_join_groups: true }));
    const { user } = joe;
    const inQuery = await send(`/bot${double.bot.token}/sendMessage?chat_id=${user.id}&text=Hi`, { method: 'POST' });
    expect(inQuery).toMatchObject(ok({ text: 'Hi', chat: { id: user.id, type: 'private' } }));
    const inForm = await send(`/bot${double.bot.token}/sendMessage`, {
      method: 'POST',
      body: new URLSearchParams({ chat_id: String(user.id), text: 'Hi', reply_parameters: '{"message_id":2}' }),
    });
    expect(inForm).toMatchObject(ok({ reply_to_message: { text: 'Hi' } }));
    expect(double.calls.map((one) => one.call)).toEqual(['getMe', 'sendMessage', 'sendMessage']);
    expect(double.calls.at(-1)?.body).toMatchObject({ text: 'Hi', reply_parameters: { message_id: 2 } });
  });

  it('refuse a token that is malformed, wrong or revoked, and what is no method', async () => {
    const old = double.bot.token;
    expect(await call('getMe', {}, 'abc')).toMatchObject(refused('Not Found', 404));
    expect(await call('getMe', {}, `${double.bot.id}:${'x'.repeat(35)}`)).toMatchObject(refused('Unauthorized', 401));
    expect(double.complaints).toEqual([]);
    double.revokeToken();
    expect(await call('getMe', {}, old)).toMatchObject(refused('Unauthorized', 401));
    expect(await call('sendTelegram')).toMatchObject(refused('Not Found', 404));
    expect(await send('/getMe')).toMatchObject(refused('Not Found', 404));
    expect(double.complaints).toEqual(['there is no call /bot…/sendTelegram', 'there is no call /getMe']);
    double.bot.token = old;
  });

  it.each<[string, string, object | (() => object), string]>([
    ['no chat', 'sendMessage', { text: 'Hi' }, 'chat_id is empty'],
    ['no text', 'sendMessage', () => toJoe({}), 'message text is empty'],
    ['white space', 'sendMessage', () => toJoe({ text: ' \n ' }), 'message text is empty'],
    ['a number as text', 'sendMessage', () => toJoe({ text: 5 }), 'parameter "text" must be string'],
    ['an unknown parameter', 'sendMessage', () => toJoe({ text: 'Hi', reply_to: 1 }), 'there is no parameter "reply_to"'],
    [
      'an unknown field inside',
      'sendMessage',
      () => toJoe({ text: 'Hi', link_preview_options: { off: true } }),
      'link_preview_options.off',
    ],
    ['4097 characters', 'sendMessage', () => toJoe({ text: 'x'.repeat(4_097) }), 'message is too long'],
    ['a stranger', 'sendMessage', { chat_id: 1, text: 'Hi' }, 'chat not found'],
    [
      'an answer to nothing',
      'sendMessage',
      () => toJoe({ text: 'Hi', reply_parameters: { message_id: 9 } }),
      'message to be replied not found',
    ],
    ['unescaped HTML', 'sendMessage', () => toJoe({ text: 'A & B', parse_mode: 'HTML' }), "can't parse entities"],
    ['an open tag', 'sendMessage', () => toJoe({ text: '<b>A', parse_mode: 'HTML' }), "Can't find end tag"],
    ['an unknown tag', 'sendMessage', () => toJoe({ text: '<p>A</p>', parse_mode: 'HTML' }), 'Unsupported start tag "p"'],
    ['an unknown entity', 'sendMessage', () => toJoe({ text: '&nbsp;A', parse_mode: 'HTML' }), 'unsupported entity'],
    [
      'two kinds of markup',
      'sendMessage',
      () => toJoe({ text: 'A', parse_mode: 'HTML', entities: [{ type: 'bold', offset: 0, length: 1 }] }),
      'not for one',
    ],
    [
      'a button without an action',
      'sendMessage',
      () => toJoe({ text: 'A', reply_markup: { inline_keyboard: [[{ text: 'B' }]] } }),
      'reply_markup',
    ],
    [
      'long data of a button',
      'sendMessage',
      () => toJoe({ text: 'A', reply_markup: { inline_keyboard: [[{ text: 'B', callback_data: 'ж'.repeat(33) }]] } }),
      'BUTTON_DATA_INVALID',
    ],
    [
      'a link that is none',
      'sendMessage',
      () => toJoe({ text: 'A', reply_markup: { inline_keyboard: [[{ text: 'B', url: 'ftp://x.y' }]] } }),
      'BUTTON_URL_INVALID',
    ],
    ['an album of one', 'sendMediaGroup', () => toJoe({ media: [{ type: 'photo', media: 'x' }] }), 'parameter "media"'],
    [
      'photos with documents',
      'sendMediaGroup',
      () => toJoe({ media: ['photo', 'document'].map((type) => ({ type, media: 'x' })) }),
      'parameter "media',
    ],
    ['a file that there is not', 'sendPhoto', () => toJoe({ photo: 'AgACAgIAAxkB' }), 'wrong file identifier/HTTP URL specified'],
    ['a caption of 1025', 'sendPhoto', () => toJoe({ photo: 'x', caption: 'x'.repeat(1_025) }), 'message caption is too long'],
    ['101 deletions', 'deleteMessages', () => toJoe({ message_ids: Array.from({ length: 101 }, (_, n) => n + 1) }), 'message_ids'],
    ['the deletion of nothing', 'deleteMessage', () => toJoe({ message_id: 99 }), 'message to delete not found'],
    ['the edit of nothing', 'editMessageText', () => toJoe({ message_id: 99, text: 'x' }), 'message to edit not found'],
    ["the edit of another's", 'editMessageText', () => toJoe({ message_id: 1, text: 'x' }), "message can't be edited"],
    [
      'an unknown reaction',
      'setMessageReaction',
      () => toJoe({ message_id: 1, reaction: [{ type: 'emoji', emoji: '😊' }] }),
      'REACTION_INVALID',
    ],
    [
      'two reactions',
      'setMessageReaction',
      () => toJoe({ message_id: 1, reaction: ['👍', '🔥'].map((emoji) => ({ type: 'emoji', emoji })) }),
      'REACTIONS_TOO_MANY',
    ],
    ['an old press', 'answerCallbackQuery', { callback_query_id: '1' }, 'query is too old'],
    ['a file of nobody', 'getFile', { file_id: 'x' }, 'wrong file identifier'],
    ['photos of a stranger', 'getUserProfilePhotos', { user_id: 1 }, 'user not found'],
  ])('refuse %s', async (_what, method, body, description) => {
    expect(await call(method, typeof body === 'function' ? body() : body)).toMatchObject(refused(description));
    expect(double.sent(joe)).toEqual([]);
  });

  it('refuse what is no JSON, and forms that do not come apart', async () => {
    const path = `/bot${double.bot.token}/sendMessage`;
    const post = (type: string, body: string): Promise<Reply> => send(path, { method: 'POST', headers: { 'content-type': type }, body });
    expect(await post('application/json', '{"chat_id":')).toMatchObject(refused("can't parse JSON object"));
    expect(await post('application/json', '[]')).toMatchObject(refused("can't parse JSON object"));
    expect(await post('multipart/form-data; boundary=x', 'y')).toMatchObject(refused("can't parse the multipart form"));
    expect(await post('text/plain', 'Hi')).toMatchObject(refused('content type'));
  });

  it('send texts with markup, links and keyboards', async () => {
    const html = await call(
      'sendMessage',
      toJoe({ text: ' <b>Tea &amp; more</b>\n<a href="https://a.example">here</a> &lt;3', parse_mode: 'HTML' }),
    );
    expect(html.json.result).toMatchObject({
      text: 'Tea & more\nhere <3',
      entities: [
        { type: 'bold', offset: 0, length: 10 },
        { type: 'text_link', offset: 11, length: 4, url: 'https://a.example' },
      ],
    });
    await call(
      'sendMessage',
      toJoe({
        text: 'Choose',
        reply_markup: { keyboard: [[{ text: 'Yes' }, { text: 'My number', request_contact: true }]], one_time_keyboard: true },
      }),
    );
    expect(double.tap(joe, 'My number').message).toMatchObject({ contact: { phone_number: joe.phone, user_id: joe.user.id } });
    expect(() => double.tap(joe, 'Yes')).toThrow('there is no key Yes');
    const inline = await call(
      'sendMessage',
      toJoe({ text: 'Or', reply_markup: { inline_keyboard: [[{ text: 'B', callback_data: 'b' }]] } }),
    );
    const kept = double.find(joe.user.id, inline.json.result.message_id);
    const id = double.press(joe, kept, 'b');
    expect([(await call('answerCallbackQuery', { callback_query_id: id })).json.result, double.bot.unanswered]).toEqual([true, 0]);
    expect(double.bot.pending.at(-1)?.update).toMatchObject({ callback_query: { id, data: 'b', message: { text: 'Or' } } });
  });

  it.each([{ keyboard: [[{ text: 'Yes' }]] }, { remove_keyboard: true }])(
    'does not edit a message with the keyboard %j',
    async (markup) => {
      const { json } = await call('sendMessage', toJoe({ text: 'Shall I?', reply_markup: markup }));
      expect(await call('editMessageText', toJoe({ message_id: json.result.message_id, text: 'x' }))).toMatchObject(
        refused("message can't be edited"),
      );
    },
  );

  it('answer one that is gone if they may, count ids in each chat, and edit, react and delete', async () => {
    const ann = double.addPerson({ first_name: 'Ann' });
    double.start(ann);
    const first = await call('sendMessage', { chat_id: ann.user.id, text: 'Hi' });
    const second = await call(
      'sendMessage',
      toJoe({ text: 'Hi', reply_parameters: { message_id: 99, allow_sending_without_reply: true } }),
    );
    expect([first.json.result.message_id, second.json.result.message_id]).toEqual([2, 2]);
    expect(second.json.result).not.toHaveProperty('reply_to_message');
    const edited = await call('editMessageText', toJoe({ message_id: 2, text: 'Hello' }));
    expect(edited).toMatchObject(ok({ text: 'Hello', edit_date: expect.any(Number) }));
    expect(await call('editMessageText', toJoe({ message_id: 2, text: 'Hello ' }))).toMatchObject(refused('message is not modified'));
    expect(await call('editMessageCaption', toJoe({ message_id: 2, caption: 'x' }))).toMatchObject(refused('there is no caption'));
    await call('setMessageReaction', toJoe({ message_id: 1, reaction: [{ type: 'emoji', emoji: '❤‍🔥' }] }));
    expect(double.find(joe.user.id, 1).reaction).toBe('❤‍🔥');
    await call('setMessageReaction', toJoe({ message_id: 1, reaction: [] }));
    expect(double.find(joe.user.id, 1).reaction).toBeUndefined();
    expect(await call('deleteMessages', toJoe({ message_ids: [1, 77] }))).toMatchObject(ok(true));
    double.advance(48 * 3_600 - 5);
    expect(await call('deleteMessage', toJoe({ message_id: 2 }))).toMatchObject(ok(true));
    expect(double.sent(joe).map(({ deleted, edits }) => [deleted, edits])).toEqual([[true, 1]]);
    double.advance(10);
    expect(await call('deleteMessage', { chat_id: ann.user.id, message_id: 2 })).toMatchObject(refused("message can't be deleted"));
  });

  it('refuse whom they cannot write to', async () => {
    const known = double.addPerson();
    expect(await call('sendMessage', { chat_id: known.user.id, text: 'Hi' })).toMatchObject(refused("can't initiate conversation", 403));
    double.block(joe);
    expect(await call('sendMessage', toJoe({ text: 'Hi' }))).toMatchObject(refused('Forbidden: bot was blocked by the user', 403));
    double.block(joe, false);
    joe.deactivated = true;
    expect(await call('sendMessage', toJoe({ text: 'Hi' }))).toMatchObject(refused('user is deactivated', 403));
    expect(double.bot.pending.map(({ update }) => update['my_chat_member'])).toMatchObject([
      { chat: { id: joe.user.id }, new_chat_member: { status: 'kicked', user: { id: double.bot.id } } },
      { new_chat_member: { status: 'member' } },
    ]);
  });
});

describe('files', () => {
  it('are uploaded, in an album too, and come back by their ids', async () => {
    const { id } = joe.user;
    const photo = await form('sendPhoto', { chat_id: String(id), photo: [sampleJpeg(1_280, 960), 'a.jpg'], caption: 'Look' });
    expect(photo).toMatchObject(ok({ caption: 'Look', photo: [{ width: 90 }, { width: 320 }, { width: 1_280, height: 960 }] }));
    expect(await call('sendPhoto', toJoe({ photo: photo.json.result.photo.at(-1).file_id }))).toMatchObject(
      ok({ photo: expect.any(Array) }),
    );
    expect(await call('sendDocument', toJoe({ document: photo.json.result.photo.at(-1).file_id }))).toMatchObject(
      refused("can't use file"),
    );
    const document = await form('sendDocument', { chat_id: String(id), document: [Buffer.from('x'), 'счёт № 1.txt', 'text/plain'] });
    expect(document).toMatchObject(ok({ document: { file_name: 'счёт № 1.txt', mime_type: 'text/plain', file_size: 1 } }));
    const album = await form('sendMediaGroup', {
      chat_id: String(id),
      media: JSON.stringify([
        { type: 'photo', media: 'attach://one', caption: 'Both' },
        { type: 'photo', media: 'attach://two' },
      ]),
      one: [samplePng(10, 20), '1.png'],
      two: [samplePng(30, 20), '2.png'],
    });
    const [one, two] = album.json.result;
    expect([one.caption, one.media_group_id, two.message_id - one.message_id]).toEqual(['Both', two.media_group_id, 1]);
    expect(await form('editMessageCaption', { chat_id: String(id), message_id: String(one.message_id), caption: 'New' })).toMatchObject(
      ok({ caption: 'New' }),
    );
    expect(
      await form('sendPhoto', { chat_id: String(id), photo: [samplePng(9, 9), '1.png'], more: [Buffer.from('x'), 'x'] }),
    ).toMatchObject(refused('"more" is not used'));
  });

  it.each<[string, string, Uint8Array, string, number]>([
    ['one that is empty', 'document', Buffer.alloc(0), 'file must be non-empty', 400],
    ['a photo that is none', 'photo', Buffer.from('text'), 'IMAGE_PROCESS_FAILED', 400],
    ['a photo too large', 'photo', samplePng(10, 10, 10_485_761), 'is too big for a photo', 400],
    ['a photo too wide', 'photo', sampleJpeg(9_000, 1_001), 'PHOTO_INVALID_DIMENSIONS', 400],
    ['a photo too flat', 'photo', sampleJpeg(2_100, 100), 'PHOTO_INVALID_DIMENSIONS', 400],
    ['more than 50 MB', 'document', Buffer.alloc(50_000_001, 'x'), 'Request Entity Too Large', 413],
    ['more than anything', 'document', Buffer.alloc(70_000_000, 'x'), 'Request Entity Too Large', 413],
  ])('are refused: %s', async (_what, kind, bytes, description, status) => {
    const method = kind === 'photo' ? 'sendPhoto' : 'sendDocument';
    expect(await form(method, { chat_id: String(joe.user.id), [kind]: [bytes, 'file'] })).toMatchObject(refused(description, status));
  });

  it('are voices and music only where they can be', async () => {
    const chat_id = String(joe.user.id);
    const sendSound = async (method: string, kind: string, bytes: Buffer): Promise<string[]> =>
      Object.keys((await form(method, { chat_id, [kind]: [bytes, 'a.bin'] })).json.result as object).filter((key) =>
        ['voice', 'audio', 'document'].includes(key),
      );
    expect([
      await sendSound('sendVoice', 'voice', sampleFile('ogg')),
      await sendSound('sendVoice', 'voice', sampleFile('m4a')),
      await sendSound('sendVoice', 'voice', sampleFile('pdf')),
      await sendSound('sendAudio', 'audio', sampleFile('mp3')),
      await sendSound('sendAudio', 'audio', sampleFile('ogg')),
    ]).toEqual([['voice'], ['voice'], ['document'], ['audio'], ['document']]);
    joe.forbidsVoice = true;
    expect(await form('sendVoice', { chat_id, voice: [sampleFile('ogg'), 'a.ogg'] })).toMatchObject(refused('VOICE_MESSAGES_FORBIDDEN'));
  });

  it('of people are downloaded for an hour, by their own bot, up to 20 MB', async () => {
    const bytes = Buffer.from('an invoice');
    const { message } = double.write(joe, { kind: 'document', bytes, name: 'a.pdf' });
    const { file_id } = message['document'] as { file_id: string };
    const { json } = await call('getFile', { file_id });
    expect(json.result).toEqual({
      file_id,
      file_unique_id: expect.any(String),
      file_size: bytes.length,
      file_path: expect.stringMatching(/^documents\/.*\.pdf$/),
    });
    const path = `/file/bot${double.bot.token}/${json.result.file_path}`;
    expect(await send(path)).toMatchObject({ status: 200, json: 'an invoice' });
    const other = double.addBot();
    expect(await call('getFile', { file_id }, other.token)).toMatchObject(refused('wrong file identifier'));
    expect(await send(path.replace(double.bot.token, other.token))).toMatchObject(refused('Not Found', 404));
    double.advance(3_601);
    expect(await send(path)).toMatchObject(refused('Not Found', 404));
    expect((await call('getFile', { file_id })).json.result.file_path).not.toBe(json.result.file_path);
    const large = double.write(joe, { kind: 'document', size: 25_000_000, name: 'film.mkv', mimeType: 'video/x-matroska' });
    const { file_id: largeId, file_size } = large.message['document'] as { file_id: string; file_size: number };
    expect([file_size, await call('getFile', { file_id: largeId })]).toEqual([
      25_000_000,
      expect.objectContaining(refused('file is too big')),
    ]);
    joe.photos = [double.files.add({ kind: 'photo', bytes: sampleJpeg(640, 640) })];
    expect(await call('getUserProfilePhotos', { user_id: joe.user.id, limit: 1 })).toMatchObject(
      ok({ total_count: 1, photos: [[{}, {}, { width: 640 }]] }),
    );
  });

  it('are fetched by their addresses, if they are small and of the right kind', async () => {
    const served: Record<string, [string, Buffer]> = {
      '/a.jpg': ['image/jpeg', sampleJpeg(100, 100)],
      '/large.jpg': ['image/jpeg', sampleJpeg(100, 100, 5_000_001)],
      '/a.pdf': ['application/pdf', sampleFile('pdf')],
      '/a.docx': ['application/msword', Buffer.from('x')],
    };
    const files = await serve((path, reply) => {
      const [type, bytes] = served[path] ?? [];
      reply.writeHead(bytes ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(bytes);
    });
    const photo = (path: string): Promise<Reply> => call('sendPhoto', toJoe({ photo: `${files.url}${path}` }));
    const document = (path: string): Promise<Reply> => call('sendDocument', toJoe({ document: `${files.url}${path}` }));
    expect(await photo('/a.jpg')).toMatchObject({ status: 200 });
    expect(await photo('/large.jpg')).toMatchObject(refused('failed to get HTTP URL content'));
    expect(await document('/a.pdf')).toMatchObject(ok({ document: { file_name: 'a.pdf' } }));
    expect(await document('/a.docx')).toMatchObject(refused('wrong file identifier/HTTP URL specified'));
    await files.close();
  });
});

describe('what people send', () => {
  const contents: [TelegramContent, object][] = [
    [
      { kind: 'text', text: 'A link', entities: [{ type: 'text_link', offset: 2, length: 4, url: 'https://a.example' }] },
      { text: 'A link', entities: [{ type: 'text_link' }] },
    ],
    [
      { kind: 'photo', caption: 'Look' },
      { caption: 'Look', photo: [{}, {}, { width: 1_280 }] },
    ],
    [{ kind: 'document' }, { document: { file_name: 'invoice.pdf', mime_type: 'application/pdf' } }],
    [{ kind: 'animation' }, { animation: { duration: 2, width: 320 }, document: { file_name: 'giphy.mp4' } }],
    [{ kind: 'video' }, { video: { duration: 5, mime_type: 'video/mp4', width: 640 } }],
    [{ kind: 'video_note' }, { video_note: { length: 240 } }],
    [{ kind: 'voice' }, { voice: { duration: 7, mime_type: 'audio/ogg' } }],
    [{ kind: 'audio' }, { audio: { performer: 'Somebody', title: 'Song', file_name: 'song.mp3' } }],
    [{ kind: 'sticker', of: 'static' }, { sticker: { is_animated: false, is_video: false, emoji: '😎', width: 512 } }],
    [{ kind: 'sticker', of: 'animated' }, { sticker: { is_animated: true, thumbnail: { width: 128 } } }],
    [{ kind: 'sticker', of: 'video' }, { sticker: { is_video: true } }],
    [{ kind: 'contact', self: true }, { contact: { user_id: expect.any(Number) } }],
    [{ kind: 'contact', self: false, phone: '+1' }, { contact: { phone_number: '+1', first_name: 'Somebody' } }],
    [{ kind: 'location' }, { location: { latitude: 55.751244 } }],
    [{ kind: 'venue' }, { venue: { title: 'Café' }, location: {} }],
    [{ kind: 'poll' }, { poll: { question: 'Which colour?', options: [{}, {}] } }],
    [{ kind: 'dice' }, { dice: { value: 4 } }],
    [{ kind: 'story' }, { story: { id: 1 } }],
    [{ kind: 'game' }, { game: { title: 'Chess' } }],
    [{ kind: 'unknown' }, { something_new: {} }],
    [{ kind: 'fields', fields: { write_access_allowed: {} } }, { write_access_allowed: {} }],
  ];
  it.each(contents)('is an update: %j', (content, fields) => {
    const { message } = double.write(joe, content);
    const { update } = double.bot.pending.at(-1) ?? {};
    expect(update).toMatchObject({
      message: { message_id: message.message_id, from: { language_code: 'pt-br' }, chat: { type: 'private' }, ...fields },
    });
  });

  it('answers, comes in albums and groups, and is edited', () => {
    const { message } = double.write(joe, 'First');
    double.write(joe, 'Second', { replyTo: message.message_id, quote: 'Fir' });
    double.writeAlbum(joe, [{ kind: 'photo' }, { kind: 'photo', caption: 'Two' }]);
    const group = double.addToGroup(joe);
    double.write(joe, 'To all', { group });
    const kept = double.write(joe, 'Helo');
    double.edit(kept, 'Hello');
    double.edit(kept);
    double.start(joe, 'summer');
    const updates = double.bot.pending.map(({ update }) => update);
    expect(updates.slice(1)).toMatchObject([
      { message: { text: 'Second', reply_to_message: { text: 'First' }, quote: { text: 'Fir' } } },
      { message: { media_group_id: expect.any(String) } },
      { message: { caption: 'Two', media_group_id: updates[2]?.message?.media_group_id } },
      { my_chat_member: { chat: { type: 'supergroup' }, new_chat_member: { status: 'member' } } },
      { message: { new_chat_members: [{ id: double.bot.id }] } },
      { message: { text: 'To all', chat: { id: group.id } } },
      { message: { text: 'Helo' } },
      { edited_message: { text: 'Hello', edit_date: expect.any(Number) } },
      { edited_message: { text: 'Hello' } },
      { message: { text: '/start summer', entities: [{ type: 'bot_command' }] } },
    ]);
    expect(updates.map((one) => one.update_id - (updates[0]?.update_id ?? 0))).toEqual(updates.map((_, index) => index));
  });
});

describe('updates', () => {
  interface Got {
    update: TelegramUpdate;
    secret: string | undefined;
  }
  let receiver: Awaited<ReturnType<typeof serve>>;
  const got: Got[] = [];
  /** The replies to the next postings. Then 200 without a body. */
  let answers: ((reply: ServerResponse) => void)[] = [];

  beforeAll(async () => {
    receiver = await serve((_path, reply, body, headers) => {
      got.push({ update: JSON.parse(body) as TelegramUpdate, secret: headers['x-telegram-bot-api-secret-token'] as string | undefined });
      (answers.shift() ?? ((one) => one.end()))(reply);
    });
  });
  afterAll(() => receiver.close());
  beforeEach(() => {
    got.length = 0;
    answers = [];
    double.webhooks.retryMs = 20;
    double.setModes({ webhookUrls: 'any' });
  });
  const texts = (): (string | undefined)[] => got.map(({ update }) => update.message?.text);
  const connect = (more: object = {}): Promise<Reply> =>
    call('setWebhook', { url: `${receiver.url}/hook`, secret_token: 'a_secret-1', ...more });

  it.each<[string, object, string]>([
    ['http', { url: 'http://m.example/hook' }, 'An HTTPS URL must be provided'],
    ['another port', { url: 'https://m.example:9443/hook' }, 'ports 80, 88, 443 or 8443'],
    ['this machine', { url: 'https://127.0.0.1/hook' }, 'is reserved'],
    ['what is no address', { url: 'hook' }, 'invalid URL'],
    ['a secret with a dot', { url: 'https://m.example/hook', secret_token: 'a.b' }, 'secret token contains unallowed characters'],
    ['a secret of 257', { url: 'https://m.example/hook', secret_token: 'a'.repeat(257) }, 'secret token'],
    ['an update that there is not', { url: 'https://m.example/hook', allowed_updates: ['messages'] }, 'allowed_updates'],
    ['101 connections', { url: 'https://m.example/hook', max_connections: 101 }, 'max_connections'],
  ])('are not posted to %s', async (_what, body, description) => {
    double.setModes({ webhookUrls: 'https' });
    expect(await call('setWebhook', body)).toMatchObject(refused(description));
    expect(await call('getWebhookInfo')).toMatchObject(ok({ url: '', pending_update_count: 0 }));
  });

  it('wait until there is an address, and carry its secret', async () => {
    double.write(joe, 'Before');
    expect((await call('getUpdates')).json.result).toMatchObject([{ message: { text: 'Before' } }]);
    await connect();
    double.write(joe, 'After');
    await double.webhooks.idle();
    expect([texts(), new Set(got.map(({ secret }) => secret))]).toEqual([['Before', 'After'], new Set(['a_secret-1'])]);
    expect(await call('getUpdates')).toMatchObject(refused('Conflict', 409));
    await call('deleteWebhook');
    double.write(joe, 'Lost');
    await connect({ drop_pending_updates: true });
    await double.webhooks.idle();
    expect(texts()).toEqual(['Before', 'After']);
  });

  it('are of the kinds that were asked for last', async () => {
    await connect({ allowed_updates: ['message', 'message_reaction'] });
    await connect();
    const kept = double.write(joe, 'One');
    double.edit(kept, 'Two');
    double.postUpdate('message_reaction', { message_id: 1 }, { chat: joe.user.id });
    await double.webhooks.idle();
    expect(got.map(({ update }) => Object.keys(update)[1])).toEqual(['message', 'message_reaction']);
    expect((await call('getWebhookInfo')).json.result.allowed_updates).toEqual(['message', 'message_reaction']);
    await connect({ allowed_updates: [] });
    double.edit(kept, 'Three');
    double.postUpdate('message_reaction', { message_id: 1 });
    await double.webhooks.idle();
    expect(got.slice(2).map(({ update }) => Object.keys(update)[1])).toEqual(['edited_message']);
  });

  it('of a chat wait for each other, those of another chat do not', async () => {
    await connect();
    const ann = double.addPerson();
    // The first is refused only after the message of another chat was taken.
    let tell = (): void => undefined;
    const annIsThere = new Promise<void>((resolve) => (tell = resolve));
    answers = [
      (reply) => void annIsThere.then(() => reply.writeHead(503).end()),
      (reply) => reply.end(() => tell()),
      (reply) => reply.writeHead(503).end(),
    ];
    double.write(joe, 'joe 1');
    double.write(joe, 'joe 2');
    double.write(ann, 'ann 1');
    await double.webhooks.idle();
    expect(texts()).toEqual(['joe 1', 'ann 1', 'joe 1', 'joe 1', 'joe 2']);
    expect(await call('getWebhookInfo')).toMatchObject(
      ok({ pending_update_count: 0, last_error_message: 'Wrong response from the webhook: 503' }),
    );
  });

  it('come twice and in reverse when they are held', async () => {
    await connect();
    double.webhooks.mode = 'hold';
    double.write(joe, 'One');
    double.write(joe, 'Two');
    await double.webhooks.flush({ copies: 2, reverse: true });
    expect(texts()).toEqual(['Two', 'One', 'Two', 'One']);
  });

  it('that are answered with a method are a mistake', async () => {
    await connect();
    answers = [(reply) => reply.end('{"method":"sendMessage","text":"Hi"}')];
    double.write(joe, 'One');
    await double.webhooks.idle();
    expect(double.complaints).toEqual([expect.stringContaining('was answered with a method')]);
  });

  it('can be forged, and stolen', async () => {
    await connect();
    await double.forge('wrong');
    await double.forge(undefined);
    expect(got.map(({ secret }) => secret)).toEqual(['wrong', undefined]);
    double.steal();
    expect(await call('getWebhookInfo')).toMatchObject(ok({ url: 'https://elsewhere.example/hook' }));
    await call('setWebhook', { url: `${receiver.url}/${double.bot.token}` });
    expect(double.complaints).toEqual(['the address of a webhook has the token in it']);
  });
});

describe('what goes wrong', () => {
  const hi = (): Promise<Reply> => call('sendMessage', toJoe({ text: 'Hi' }));

  it.each<[Parameters<TelegramDouble['fail']>[1], object]>([
    [{ kind: 'unauthorized' }, refused('Unauthorized', 401)],
    [{ kind: 'blocked' }, refused('bot was blocked by the user', 403)],
    [{ kind: 'deactivated' }, refused('user is deactivated', 403)],
    [{ kind: 'never-started' }, refused("can't initiate", 403)],
    [{ kind: 'no-chat' }, refused('chat not found')],
    [{ kind: 'conflict' }, refused('Conflict', 409)],
    [{ kind: 'refuse', message: 'PHOTO_INVALID_DIMENSIONS' }, refused('Bad Request: PHOTO_INVALID_DIMENSIONS')],
    [{ kind: 'html' }, { status: 502, type: 'text/html' }],
    [{ kind: 'error-before' }, refused('Internal Server Error', 500)],
  ])('%j does nothing', async (fault, reply) => {
    double.fail('sendMessage', fault);
    expect(await hi()).toMatchObject(reply);
    expect(double.sent(joe)).toEqual([]);
    expect(await hi()).toMatchObject({ status: 200 });
  });

  it.each<[Parameters<TelegramDouble['fail']>[1], object]>([
    [
      { kind: 'html-after', status: 504 },
      { status: 504, type: 'text/html' },
    ],
    [{ kind: 'scheduled' }, ok({ message_id: 0, text: 'Hi' })],
  ])('%j has acted', async (fault, reply) => {
    double.fail('sendMessage', fault);
    expect(await hi()).toMatchObject(reply);
    expect(double.sent(joe)).toHaveLength(1);
  });

  it('two equal texts to a chat are found', async () => {
    await hi();
    expect(double.duplicates()).toEqual([]);
    await hi();
    expect(double.duplicates()).toEqual(['Hi']);
  });

  it('429 says how long to wait, and a call that does not is a mistake', async () => {
    double.fail('sendMessage', { kind: 'rate-limit', retryAfterSeconds: 3 });
    expect((await hi()).json).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 3',
      parameters: { retry_after: 3 },
    });
    const ann = double.addPerson();
    double.start(ann);
    expect(await call('sendMessage', { chat_id: ann.user.id, text: 'Hi' })).toMatchObject({ status: 200 });
    expect(double.complaints).toEqual([]);
    expect(await hi()).toMatchObject({ status: 429 });
    expect(double.complaints).toEqual([expect.stringContaining('did not wait')]);
  });

  it('two messages to a chat at once are a mistake, and too many in a second are refused', async () => {
    double.fail('sendMessage', { kind: 'hang' });
    const both = [hi(), hi()];
    await Promise.race(both);
    // One of them never gets a reply.
    for (const one of both) one.catch(() => undefined);
    expect(double.complaints).toEqual([expect.stringContaining('two messages at once')]);
    double.setModes({ messagesPerSecond: 1 });
    expect([(await hi()).status, (await hi()).status]).toEqual([200, 429]);
  });
});

describe('by hand', () => {
  async function control(path: string, body?: object): Promise<Reply> {
    return send(`/control${path}`, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }

  it('people write, edit, press and block', async () => {
    const { json: ann } = await control('/people', { first_name: 'Ann', username: 'ann' });
    const { json: first } = await control('/start', { person: ann.id, payload: 'summer' });
    expect(first.message).toMatchObject({ text: '/start summer', from: { username: 'ann' } });
    const { json: photo } = await control('/messages', {
      person: ann.id,
      content: { kind: 'photo', base64: sampleJpeg(50, 60).toString('base64') },
    });
    expect(photo).toMatchObject({ by: 'person', message: { photo: [{ width: 50, height: 60 }] } });
    expect((await control('/albums', { person: ann.id, parts: [{ kind: 'photo' }, { kind: 'photo' }] })).json.items).toHaveLength(2);
    await control('/messages', { person: ann.id, text: 'Helo', replyTo: 1 });
    expect((await control('/edit', { chat: ann.id, message: 5, text: 'Hello' })).json).toMatchObject({
      edits: 1,
      message: { text: 'Hello' },
    });
    await call('sendMessage', {
      chat_id: ann.id,
      text: 'Choose',
      reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] },
    });
    expect((await control('/press', { person: ann.id, message: 6, data: 'a' })).json).toEqual({ id: expect.any(String) });
    await control('/delete', { chat: ann.id, message: 5 });
    const { json: state } = await control('/block', { person: ann.id });
    expect(state.bots).toMatchObject([{ chats: 2, unansweredPresses: 1, webhook: { pending_update_count: 8 } }]);
    const { json: messages } = await control(`/messages?chat=${ann.id}&by=bot`);
    expect(messages).toMatchObject({ count: 1, items: [{ message: { text: 'Choose' } }] });
    const { json: byName } = await control('/messages', { person: 'bob', text: 'Hi' });
    expect(byName.message).toMatchObject({ from: { username: 'bob', first_name: 'Bob' } });
    expect((await control('/messages', { person: 'bob', text: 'Hi' })).json.message.chat.id).toBe(byName.message.chat.id);
  });

  it('bots are added and lose their tokens, and time passes', async () => {
    const { json: bot } = await control('/bots', { username: 'other_bot' });
    expect(await call('getMe', undefined, bot.token)).toMatchObject(ok({ id: bot.id, username: 'other_bot' }));
    const { json: revoked } = await control('/revoke', { bot: bot.id });
    expect([(await call('getMe', undefined, bot.token)).status, (await call('getMe', undefined, revoked.token)).status]).toEqual([
      401, 200,
    ]);
    await control('/time', { seconds: 48 * 3_600 });
    expect(await call('deleteMessage', toJoe({ message_id: 1 }))).toMatchObject(refused("can't be deleted"));
    await control('/modes', { messagesPerSecond: null, webhooks: 'hold' });
    expect((await control('')).json.modes).toMatchObject({ webhooks: 'hold', webhookUrls: 'https' });
  });
});

/** An HTTP server for a test. */
async function serve(
  answer: (path: string, reply: ServerResponse, body: string, headers: NodeJS.Dict<string | string[]>) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, reply) => {
    void readText(request).then((body) => answer(request.url ?? '', reply, body, request.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
