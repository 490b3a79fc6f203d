import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { type PostedWebhook, PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { sampleFile, sampleJpeg, samplePng, TelegramDouble, type TelegramPerson } from './index.js';

let double: TelegramDouble;
let joe: TelegramPerson;

const send = (path: string, method = 'GET', body?: unknown): Promise<Reply> => ask(method, `${double.url}${path}`, body);
const call = (method: string, body?: object, token = double.bot.token): Promise<Reply> => send(`/bot${token}/${method}`, 'POST', body);
function form(method: string, fields: Record<string, string | [bytes: Uint8Array, name: string, type?: string]>): Promise<Reply> {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([new Uint8Array(value[0])], { type: value[2] ?? '' }), value[1]);
  return send(`/bot${double.bot.token}/${method}`, 'POST', data);
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
    const inQuery = await send(`/bot${double.bot.token}/sendMessage?chat_id=${user.id}&text=Hi`, 'POST');
    expect(inQuery).toMatchObject(ok({ text: 'Hi', chat: { id: user.id, type: 'private' } }));
    const fields = new URLSearchParams({ chat_id: String(user.id), text: 'Hi', reply_parameters: '{"message_id":2}' });
    const inForm = await send(`/bot${double.bot.token}/sendMessage`, 'POST', fields);
    expect(inForm).toMatchObject(ok({ reply_to_message: { text: 'Hi' } }));
    expect(double.calls.map((one) => one.call)).toEqual(['getMe', 'sendMessage', 'sendMessage']);
    expect(double.calls.at(-1)?.body).toMatchObject({ text: 'Hi', reply_parameters: { message_id: 2 } });
  });

  it('reject a token that is malformed, wrong or revoked, and unknown methods', async () => {
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
    ['a file that there is not', 'sendPhoto', () => toJoe({ photo: 'AgACAgIAAxkB' }), 'wrong file identifier/HTTP URL specified'],
    ['a caption of 1025', 'sendPhoto', () => toJoe({ photo: 'x', caption: 'x'.repeat(1_025) }), 'message caption is too long'],
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

  it('reply to a deleted message if allowed, count ids in each chat, and edit, react and delete', async () => {
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

  it('arrive in a form with short headers', async () => {
    const part = (head: string, value: string): string => `--cut\r\ncontent-disposition:form-data;${head}\r\n\r\n${value}\r\n`;
    const head = 'name="own";filename=a.txt\r\ncontent-type:text/plain';
    const body = `${part('name="chat_id"', String(joe.user.id))}${part('name="document"', 'attach://own')}${part(head, 'Hello')}--cut--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=cut' };
    const sent = await fetch(`${double.url}/bot${double.bot.token}/sendDocument`, { method: 'POST', headers, body });
    expect(await sent.json()).toMatchObject({ result: { document: { file_name: 'a.txt', mime_type: 'text/plain', file_size: 5 } } });
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
    expect(await send(path)).toMatchObject({ status: 200, text: 'an invoice' });
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
    const files = await PostedWebhooks.start();
    files.answer = (reply, { url }) => {
      const [type, bytes] = served[url.pathname] ?? [];
      reply.writeHead(bytes ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(bytes);
    };
    const photo = (path: string): Promise<Reply> => call('sendPhoto', toJoe({ photo: `${files.url.slice(0, -1)}${path}` }));
    const document = (path: string): Promise<Reply> => call('sendDocument', toJoe({ document: `${files.url.slice(0, -1)}${path}` }));
    expect(await photo('/a.jpg')).toMatchObject({ status: 200 });
    expect(await photo('/large.jpg')).toMatchObject(refused('failed to get HTTP URL content'));
    expect(await document('/a.pdf')).toMatchObject(ok({ document: { file_name: 'a.pdf' } }));
    expect(await document('/a.docx')).toMatchObject(refused('wrong file identifier/HTTP URL specified'));
    await files.close();
  });
});

describe('updates', () => {
  let hooks: PostedWebhooks;
  beforeAll(async () => void (hooks = await PostedWebhooks.start()));
  afterAll(() => hooks.close());
  beforeEach(() => {
    hooks.reset();
    double.webhooks.retryMs = 20;
    double.setModes({ webhookUrls: 'any' });
  });
  const secretOf = ({ headers }: PostedWebhook): unknown => headers['x-telegram-bot-api-secret-token'];
  const texts = (): (string | undefined)[] => hooks.received.map(({ json }) => json.message?.text as string | undefined);
  const connect = (more: object = {}): Promise<Reply> =>
    call('setWebhook', { url: `${hooks.url}hook`, secret_token: 'a_secret-1', ...more });

  it.each<[string, object, string]>([
    ['http', { url: 'http://m.example/hook' }, 'An HTTPS URL must be provided'],
    ['another port', { url: 'https://m.example:9443/hook' }, 'ports 80, 88, 443 or 8443'],
    ['this machine', { url: 'https://127.0.0.1/hook' }, 'is reserved'],
    ['what is no address', { url: 'hook' }, 'invalid URL'],
    ['a secret with a dot', { url: 'https://m.example/hook', secret_token: 'a.b' }, 'secret token contains unallowed characters'],
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
    expect([texts(), new Set(hooks.received.map(secretOf))]).toEqual([['Before', 'After'], new Set(['a_secret-1'])]);
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
    expect(hooks.received.map(({ json }) => Object.keys(json as object)[1])).toEqual(['message', 'message_reaction']);
    expect((await call('getWebhookInfo')).json.result.allowed_updates).toEqual(['message', 'message_reaction']);
    await connect({ allowed_updates: [] });
    double.edit(kept, 'Three');
    double.postUpdate('message_reaction', { message_id: 1 });
    await double.webhooks.idle();
    expect(hooks.received.slice(2).map(({ json }) => Object.keys(json as object)[1])).toEqual(['edited_message']);
  });

  it('of one chat wait for each other, and not for another chat', async () => {
    await connect();
    const ann = double.addPerson();
    // The first is refused only after the message of another chat was taken.
    let tell = (): void => undefined;
    const annIsThere = new Promise<void>((resolve) => (tell = resolve));
    hooks.answer = (reply) => {
      const nth = hooks.received.length;
      if (nth === 1) return annIsThere.then(() => reply.writeHead(503).end());
      if (nth === 2) return reply.end(() => tell());
      return reply.writeHead(nth === 3 ? 503 : 200).end();
    };
    double.write(joe, 'joe 1');
    double.write(joe, 'joe 2');
    double.write(ann, 'ann 1');
    await double.webhooks.idle();
    expect(texts()).toEqual(['joe 1', 'ann 1', 'joe 1', 'joe 1', 'joe 2']);
    expect(await call('getWebhookInfo')).toMatchObject(
      ok({ pending_update_count: 0, last_error_message: 'Wrong response from the webhook: 503' }),
    );
  });

  it('that are answered with a method are a mistake', async () => {
    await connect();
    hooks.answer = (reply) => reply.end('{"method":"sendMessage","text":"Hi"}');
    double.write(joe, 'One');
    await double.webhooks.idle();
    expect(double.complaints).toEqual([expect.stringContaining('was answered with a method')]);
  });

  it('can be forged, and stolen', async () => {
    await connect();
    await double.forge('wrong');
    await double.forge(undefined);
    expect(hooks.received.map(secretOf)).toEqual(['wrong', undefined]);
    double.steal();
    expect(await call('getWebhookInfo')).toMatchObject(ok({ url: 'https://elsewhere.example/hook' }));
    await call('setWebhook', { url: `${hooks.url}${double.bot.token}` });
    expect(double.complaints).toEqual(['the address of a webhook has the token in it']);
  });
});

describe('what goes wrong', () => {
  const hi = (): Promise<Reply> => call('sendMessage', toJoe({ text: 'Hi' }));

  it('two equal texts to a chat are found', async () => {
    await hi();
    expect(double.duplicates()).toEqual([]);
    await hi();
    expect(double.duplicates()).toEqual(['Hi']);
  });

  it('429 contains the time to wait, and an earlier call is a mistake', async () => {
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

  it('two messages to a chat at the same time are a mistake, and too many per second are rejected', async () => {
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
