import assert from 'node:assert/strict';
import { v7 as uuidv7 } from 'uuid';
import { say } from '../project.mjs';
import { makeContext } from './context.mjs';

/** @type {import('./context.mjs').Suite} */
export async function zadarma(load, url) {
  const { ZadarmaProvider } = await load('libs/providers/zadarma/index.js');
  const testing = await load('libs/testing/index.js');
  const { ZADARMA_TEST_KEY: key = 'zadarma-double-key', ZADARMA_TEST_SECRET: secret = 'zadarma-double-secret' } = process.env;
  const provider = new ZadarmaProvider(url);
  const settings = { ...provider.manifest.createDefaultSettings(), key, secret };
  const context = makeContext(testing, settings, new testing.MemoryCache());
  /** @type {any[]} */
  let extensions = [];
  return [
    [
      'the key and the secret are taken',
      async () => {
        const { account, errors, warnings } = await provider.check(settings, context());
        say([account, ...Object.values(warnings ?? {})].join(' | '));
        assert.deepEqual(errors ?? {}, {});
      },
    ],
    [
      'a wrong secret is refused, and named',
      async () => {
        const wrong = { ...settings, secret: 'wrong' };
        assert.deepEqual(Object.keys((await provider.check(wrong, { ...context(), settings: wrong })).errors), ['secret']);
      },
    ],
    [
      'extensions and numbers are listed',
      async () => {
        extensions = await provider.lookUp('extensions', '', context());
        say([...extensions, ...(await provider.lookUp('numbers', '', context()))].map(({ label }) => label).join(' | '));
        assert.ok(extensions.length > 0);
      },
    ],
    [
      'an extension that is none cannot call',
      async () => {
        const request = { reference: uuidv7(), code: '999999', phone: '+442037691880' };
        await assert.rejects(provider.call(request, context()), (/** @type {any} */ error) => error.kind === 'rejected');
      },
    ],
    [
      'calls of the last day are told by the statistics, with their recordings',
      async () => {
        const now = new Date();
        const events = await provider.catchUp(new Date(now.getTime() - 86_400_000), context());
        const calls = events.flatMap((/** @type {any} */ event) => provider.track(event, undefined, now, context())?.call ?? []);
        say(calls.map((/** @type {any} */ call) => `${call.direction} ${call.outcome} ${call.code ?? ''}`).join(' | ') || 'no calls');
        for (const { record } of calls) if (record !== undefined) say((await provider.findRecord(record, context()))?.name ?? 'gone');
      },
    ],
    ['a recording that is none is not found', async () => assert.equal(await provider.findRecord('call/1.1@1.mp3', context()), undefined)],
  ];
}
