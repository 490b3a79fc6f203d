import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { SetupError, say } from '../project.mjs';
import { makeContext, run } from './context.mjs';

/** @type {import('./context.mjs').Suite} */
export async function telegram(load, url) {
  const { TelegramProvider } = await load('libs/providers/telegram/index.js');
  const testing = await load('libs/testing/index.js');
  const { TELEGRAM_TEST_TOKEN: token = '', TELEGRAM_TEST_CHAT: chat = '' } = process.env;
  if (token === '' || chat === '') throw new SetupError('Set TELEGRAM_TEST_TOKEN and TELEGRAM_TEST_CHAT first.');
  const provider = new TelegramProvider(url);
  const settings = { bots: [{ code: 'live', token }] };
  const context = makeContext(testing, settings, new testing.MemoryCache());
  const place = { account: token.split(':')[0], chat };
  const build = (/** @type {object} */ changes) => ({ ...place, reference: uuidv7(), kind: 'text', media: [], ...changes });
  /** @type {string[]} */
  let ids = [];
  return [
    [
      'the token is taken',
      async () => {
        const { account, errors } = await provider.check(settings, context());
        assert.deepEqual(errors, {});
        say(account);
      },
    ],
    ['the bot is an account', async () => assert.equal((await provider.listAccounts(context()))[0].id, place.account)],
    [
      'a text arrives as it is, a long one in parts',
      async () => {
        ({ ids } = await provider.sendMessage(build({ text: `live-${run} <b>&amp; *x* _y_` }), context()));
        assert.equal(ids.length, 1);
        assert.equal((await provider.sendMessage(build({ text: 'long '.repeat(1_000), quote: ids }), context())).ids.length, 2);
      },
    ],
    [
      'a file arrives',
      async () => {
        const bytes = Buffer.from(`live-${run}`);
        const open = async () => Readable.from([bytes]);
        const media = [{ name: 'live.txt', type: 'text/plain', size: bytes.length, open }];
        assert.equal((await provider.sendMessage(build({ kind: 'file', text: 'a file', media }), context())).ids.length, 1);
      },
    ],
    [
      'a text is edited, twice',
      async () => {
        for (let n = 0; n < 2; n++) await provider.editMessage({ ...place, ids, text: 'edited' }, context());
      },
    ],
    [
      'a reaction is set and taken back',
      async () => {
        await provider.reactToMessage({ ...place, id: ids[0], emoji: '👍' }, context());
        await provider.reactToMessage({ ...place, id: ids[0] }, context());
      },
    ],
    [
      'a message is deleted, twice',
      async () => {
        for (let n = 0; n < 2; n++) await provider.deleteMessage({ ...place, ids }, context());
      },
    ],
    [
      'nobody is written to who has not written',
      async () => {
        const call = provider.sendMessage(build({ chat: '1', text: 'hello' }), context());
        await assert.rejects(call, (/** @type {any} */ error) => error.code === 'customer_not_exists');
      },
    ],
  ];
}
