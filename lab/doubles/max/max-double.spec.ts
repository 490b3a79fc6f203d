import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { MaxDouble } from './max-double.js';

let max: MaxDouble;
beforeEach(async () => {
  max = await MaxDouble.start();
});
afterEach(() => max.close());

/** Calls the API. Returns status and JSON. */
async function call(method: string, path: string, json?: object, authorization = max.bot.token): Promise<[number, Record<string, never>]> {
  const body = json === undefined ? {} : { body: JSON.stringify(json), headers: { authorization, 'content-type': 'application/json' } };
  const reply = await fetch(max.url + path, { method, headers: { authorization }, ...body });
  return [reply.status, (await reply.json()) as Record<string, never>];
}
const send = (chat: number, json: object) => call('POST', `/messages?chat_id=${chat}`, json);
const refused = (status: number, code: string) => [status, expect.objectContaining({ code })];

/** Uploads a file. Returns its attachment. */
async function upload(type: string): Promise<object> {
  const [, place] = (await call('POST', `/uploads?type=${type}`)) as unknown as [number, { url: string; token?: string }];
  const form = new FormData();
  form.append('data', new Blob(['bytes']), 'a.bin');
  const reply = await (await fetch(place.url, { method: 'POST', body: form })).text();
  if (place.token !== undefined) return { type, payload: { token: place.token }, reply };
  const { photos, token } = JSON.parse(reply) as { photos?: object; token?: string };
  return { type, payload: photos ? { photos } : { token } };
}

describe('the Bot API of MAX', () => {
  it('takes the token itself, and no scheme', async () => {
    expect((await call('GET', '/me'))[1]).toMatchObject({ user_id: max.bot.user.user_id, is_bot: true });
    for (const token of ['', 'x', `Bearer ${max.bot.token}`])
      expect(await call('GET', '/me', undefined, token)).toEqual(refused(401, 'verify.token'));
  });

  it('posts only to https without a port, and fetches only without an address', async () => {
    for (const url of ['http://shop.example/x', 'https://shop.example:8443/x', 'https://127.0.0.1/x', 'x'])
      expect(await call('POST', '/subscriptions', { url })).toEqual(refused(400, 'proto.payload'));
    expect(await call('POST', '/subscriptions', { url: 'https://shop.example/x', secret: 'a b' })).toEqual(refused(400, 'proto.payload'));
    expect(await call('POST', '/subscriptions', { url: 'https://shop.example/x' })).toEqual([200, { success: true }]);
    expect(await call('GET', '/updates')).toEqual(refused(405, 'method.not.allowed'));
  });

  it('returns the last update without a marker, and all later ones with it', async () => {
    const joe = max.findWhom('joe');
    for (const text of ['one', 'two']) max.write(joe, text);
    const read = async (query: string) => {
      const [, { updates, marker }] = (await call('GET', `/updates${query}`)) as unknown as [
        number,
        { updates: { message: { body: { text: string } } }[]; marker: number },
      ];
      return [updates.map(({ message }) => message.body.text), marker];
    };
    expect([await read(''), await read('?marker=0&limit=1'), await read('?marker=1')]).toEqual([
      [['two'], 2],
      [['one'], 1],
      [['two'], 2],
    ]);
  });

  it('takes one sound or file in a message, and every file by the token of its kind', async () => {
    const { id } = max.start(max.findWhom('joe'));
    const [image, file] = [await upload('image'), await upload('file')];
    const { reply, ...audio } = (await upload('audio')) as { reply: string };
    expect(reply).toContain('<retval>1</retval>');
    for (const attachments of [[image, image], [file], [audio]]) expect((await send(id, { attachments }))[0]).toBe(200);
    for (const attachments of [[file, image], [audio, audio], [{ ...file, type: 'audio' }], [{ type: 'file', payload: { token: 'x' } }]])
      expect(await send(id, { attachments })).toEqual(refused(400, 'proto.payload'));
    expect(await send(id, { text: 'a'.repeat(4_001) })).toEqual(refused(400, 'proto.payload'));
    expect(await send(id, {})).toEqual(refused(400, 'proto.payload'));
    max.setModes({ notReady: 1 });
    const attachments = [await upload('file')];
    expect([await send(id, { attachments }), (await send(id, { attachments }))[0]]).toEqual([refused(400, 'attachment.not.ready'), 200]);
  });

  it('edits and deletes the bot’s own messages, and lists the newest first', async () => {
    const joe = max.findWhom('joe');
    const { mid, chat } = max.write(joe, 'hello');
    for (const text of ['one', 'two']) await send(chat, { text });
    const [own, second] = max.sent();
    expect(await call('PUT', `/messages?message_id=${mid}`, { text: 'x' })).toEqual(refused(403, 'access.denied'));
    expect(await call('PUT', `/messages?message_id=${own?.mid}`, { text: 'new', attachments: null })).toEqual([200, { success: true }]);
    expect(await call('DELETE', `/messages?message_id=${second?.mid}`)).toEqual([200, { success: true }]);
    expect(await call('DELETE', `/messages?message_id=${second?.mid}`)).toEqual(refused(404, 'message.not.found'));
    const [, { messages }] = (await call('GET', `/messages?chat_id=${chat}`)) as unknown as [
      number,
      { messages: { body: { text: string } }[] },
    ];
    expect(messages.map(({ body }) => body.text)).toEqual(['new', 'hello']);
    expect(await call('GET', '/messages')).toEqual(refused(400, 'proto.payload'));
    max.stop(joe);
    expect(await send(chat, { text: 'x' })).toEqual(refused(403, 'chat.denied'));
    expect(await send(404, { text: 'x' })).toEqual(refused(404, 'chat.not.found'));
  });

  it('posts updates with the secret until the reply is 200, and the updates of a chat in order', async () => {
    const posted = await PostedWebhooks.start();
    max.setModes({ webhookUrls: 'any' });
    max.webhooks.retryMs = 5;
    await call('POST', '/subscriptions', { url: posted.url, secret: 'secret-1', update_types: ['message_created'] });
    posted.statuses = [500, 201];
    const joe = max.findWhom('joe');
    max.start(joe);
    for (const text of ['one', 'two']) max.write(joe, text);
    await max.webhooks.idle();
    expect(posted.received.map(({ json, headers }) => [json.message.body.text, headers['x-max-bot-api-secret']])).toEqual(
      ['one', 'one', 'one', 'two'].map((text) => [text, 'secret-1']),
    );
    await posted.close();
  });
});
