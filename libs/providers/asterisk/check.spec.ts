import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { getParser, Reach } from '#platform';
import type { CheckReport } from '#provider-kit';
import { accountSettings, AsteriskDouble, providerContext } from '#testing';
import { testProvider } from '../../testing/conformance/index.js';
import { AsteriskProvider } from './asterisk.provider.js';
import { type AsteriskContext, AsteriskSettings } from './asterisk.settings.js';

const provider = new AsteriskProvider();
let pbx: AsteriskDouble;

beforeAll(async () => {
  pbx = await AsteriskDouble.start();
});
afterAll(() => pbx.close());
afterEach(() => {
  pbx.endpoints = ['101', '102', '103', 'trunk'];
  delete pbx.faults.forbidden;
  delete pbx.faults.mute;
});

function makeContext(settings: Partial<AsteriskSettings> = {}, changes: Partial<AsteriskContext> = {}): AsteriskContext {
  const values = { ...pbx.settings, extensions: [{ code: '101' }, { code: '102' }], ...settings };
  return providerContext(getParser(AsteriskSettings).parse(values), { account: accountSettings({ language: 'en' }), ...changes });
}

const check = (settings: Partial<AsteriskSettings> = {}, changes: Partial<AsteriskContext> = {}): Promise<CheckReport> => {
  const context = makeContext(settings, changes);
  return provider.check(context.settings, context);
};

describe('Asterisk', () => {
  testProvider<AsteriskSettings>(
    (method) => method === 'check',
    () => ({
      provider,
      context: makeContext(),
      samples: {
        refused: [
          { name: 'a wrong secret', settings: makeContext({ secret: 'not-the-secret' }).settings, fields: ['secret'] },
          { name: 'another user', settings: makeContext({ username: 'somebody' }).settings, fields: ['secret'] },
        ],
        whileAway: async (work) => {
          await pbx.goAway();
          try {
            return await work();
          } finally {
            await pbx.comeBack();
          }
        },
      },
    }),
  );
});

describe('check', () => {
  it('reports the version of Asterisk, and leaves no session behind', async () => {
    expect(await check()).toEqual({ account: 'Asterisk 22.1.0, 127.0.0.1', warnings: {} });
    while (pbx.sessionsNow > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('warns, without stopping the save, while no PBX is entered', async () => {
    expect(await check({ host: '', secret: '' })).toEqual({ warnings: { host: expect.any(String) } });
  });

  it('warns of phones that the PBX does not have, where their name is', async () => {
    const extensions = [
      { code: '101' },
      { code: '999' },
      { code: '102', channel: 'PJSIP/nobody' },
      { code: '103', channel: 'PJSIP/5550000@trunk' },
      { code: '104', channel: 'PJSIP/trunk/sip:104@192.0.2.1' },
      { code: '105', channel: 'Local/105@from-internal' },
      { code: '106', channel: 'SIP/106' },
    ];
    expect(Object.keys((await check({ extensions })).warnings ?? {})).toEqual(['extensions[1].code', 'extensions[2].channel']);
    expect((await check({ extensions: [{ code: '999' }], technology: 'SIP' })).warnings).toEqual({});
  });

  it('warns of no phone if the PBX does not list them', async () => {
    const extensions = [{ code: '999' }];
    pbx.endpoints = undefined;
    expect((await check({ extensions })).warnings).toEqual({});
    pbx.endpoints = ['101'];
    pbx.faults.forbidden = ['PJSIPShowEndpoints', 'CoreSettings'];
    expect(await check({ extensions })).toEqual({ account: 'Asterisk, 127.0.0.1', warnings: {} });
  });

  it('warns of an address of recordings where no web server answers', async () => {
    const server = createServer((_request, reply) => reply.writeHead(403).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const recordingsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls`;
    expect((await check({ recordingsUrl })).warnings).toEqual({});
    await new Promise((resolve) => server.close(resolve));
    expect((await check({ recordingsUrl })).warnings).toEqual({ recordingsUrl: 'No web server answers at this address' });
  });

  it('distinguishes a PBX that sends nothing, or may not be reached, from wrong settings', async () => {
    pbx.faults.mute = true;
    const signal = AbortSignal.timeout(200);
    const silent = await check({}, { signal }).catch((error: Error) => error);
    const refused = await check({}, { reach: new Reach([]) }).catch((error: Error) => error);
    expect([silent, refused]).toEqual([expect.objectContaining({ kind: 'unavailable' }), expect.objectContaining({ kind: 'unavailable' })]);
  });
});
