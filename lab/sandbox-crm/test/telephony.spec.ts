import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createProgram } from '../src/cli/program.js';
import { readEnvironment } from '../src/environment.js';
import { type JsonObject, asObject, asObjects } from '../src/json.js';
import { callStories } from '../src/module/telephony-desk.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

const TELEPHONY = {
  makeCallUrl: '/callbacks/make-call',
  changeUserStatusUrl: 'callbacks/user-status',
  personalAccountUrl: '/callbacks/page',
  inputEventSupported: true,
  additionalCodes: [
    { userId: 1, code: '101' },
    { userId: 2, code: '102' },
  ],
  externalPhones: [
    { siteCode: 'main', externalPhone: '+74950000001' },
    { siteCode: 'es', externalPhone: '+34910000000' },
    { siteCode: 'main', externalPhone: '+74950000002' },
  ],
};

const WAV = Buffer.from('RIFF\x24\x00\x00\x00WAVEfmt and so on', 'latin1');

describe("the CRM's side of telephony", () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-telephony-'));
  let player: Server;
  let recordUrl = '';

  async function callback(name: string, body: JsonObject = {}): Promise<JsonObject> {
    return (await bench.control('POST', `/accounts/default/modules/stand-in/callbacks/${name}`, body)).body;
  }

  const lastSent = (name: string): object => module.received.findLast((one) => one.name === name)?.fields ?? {};
  const event = (fields: JsonObject): ReturnType<SandboxBench['post']> => bench.post('/api/v5/telephony/call/event', { event: fields });
  const upload = (...calls: JsonObject[]): ReturnType<SandboxBench['post']> => bench.post('/api/v5/telephony/calls/upload', { calls });
  const stories = async (): Promise<JsonObject[]> => asObjects((await bench.control('GET', '/accounts/default/calls')).body['calls']);

  beforeAll(async () => {
    await bench.start();
    await module.listen();
    player = createServer((request, response) => {
      const part = request.headers.range === 'bytes=0-3';
      response.writeHead(part ? 206 : 200, {
        'content-type': 'audio/wav',
        ...(part ? { 'content-range': `bytes 0-3/${WAV.length}` } : {}),
      });
      response.end(part ? WAV.subarray(0, 4) : WAV);
    });
    await new Promise<void>((resolve) => player.listen(0, '127.0.0.1', resolve));
    recordUrl = `http://127.0.0.1:${(player.address() as AddressInfo).port}/record.wav`;
  });

  beforeEach(async () => {
    await bench.control('POST', '/reset', {});
    module.registrationPatch = { integrations: { telephony: TELEPHONY } };
    const connected = await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(connected.body).toMatchObject({
      ok: true,
      capabilities: expect.arrayContaining(['telephony: makeCall, changeUserStatus, personalAccount']),
    });
  });

  afterEach(() => module.wrong.clear());

  afterAll(async () => {
    await bench.stop();
    await module.close();
    player.close();
    player.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses a registration with a whole URL where a path belongs', async () => {
    module.registrationPatch = { integrations: { telephony: { ...TELEPHONY, makeCallUrl: 'http://elsewhere/call' } } };
    await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(Object.keys(asObject(module.registered['errors'] as JsonObject))).toEqual([
      'integrationModule.integrations.telephony.makeCallUrl',
    ]);
  });

  it('calls from the first extension and the last number of the store, or from those named', async () => {
    const { clientId } = module;
    expect(await callback('makeCall', { phone: '+79161234567' })).toMatchObject({ ok: true, violations: [] });
    expect(lastSent('make-call')).toEqual({ clientId, phone: '+79161234567', code: '101', userId: '1', externalPhone: '+74950000002' });
    await callback('makeCall', { phone: '8 916', user: '2', site: 'es' });
    expect(lastSent('make-call')).toEqual({ clientId, phone: '8 916', code: '102', userId: '2', externalPhone: '+34910000000' });
    await callback('makeCall', { phone: '8 916', code: '777', externalPhone: '123' });
    expect(lastSent('make-call')).toEqual({ clientId, phone: '8 916', code: '777', externalPhone: '123' });
    expect(await callback('makeCall', { phone: '8 916', user: '9' })).toMatchObject({
      errorMsg: expect.stringContaining('There is no user "9"'),
    });
    expect(await callback('makeCall', { phone: '-' })).toMatchObject({ errorMsg: 'phone must be a telephone number' });
  });

  it('keeps a manager’s status for any reply of the module, and uses it for telephony/manager', async () => {
    module.wrong.set('user-status', { status: 503, body: { success: false, errorMsg: 'Away' } });
    expect(await callback('changeUserStatus', { user: '1', status: 'dinner' })).toMatchObject({ ok: false, refusal: '503 Away' });
    expect(lastSent('user-status')).toEqual({ clientId: module.clientId, code: '101', userId: '1', status: 'dinner' });
    await bench.control('POST', '/accounts/default/orders', { firstName: 'Ann', phone: '+79161234567' });
    const manager = async (): Promise<unknown> => (await bench.get('/api/v5/telephony/manager', { phone: '+79161234567' })).body['manager'];
    expect(await manager()).toBeUndefined();
    await callback('changeUserStatus', { user: '1', status: 'free' });
    expect(await manager()).toMatchObject({ id: '1', code: '101' });
    expect(await callback('changeUserStatus', { user: '1', status: 'asleep' })).toMatchObject({
      errorMsg: expect.stringContaining('status must be'),
    });
    expect(await callback('changeUserStatus', { status: 'free' })).toMatchObject({
      errorMsg: expect.stringContaining('There is no user ""'),
    });
  });

  it('treats a call that was reported before the reply to the press as the pressed call', () => {
    const [account] = bench.sandbox.accounts;
    if (!account) throw new Error('no account');
    const crm = bench.sandbox.context(account);
    crm.insert('callEvents', { callExternalId: 'early', type: 'out', phone: '+79161234567', call: 5 });
    crm.insert('callPresses', { phone: '8 (916) 123-45-67', result: 'ok', call: 6, pressed: 5 });
    expect(callStories(crm)).toMatchObject([{ externalId: 'early', timeline: [{ what: 'press' }, { what: 'event' }] }]);
  });

  it('puts together what was pressed, told and uploaded of a call', async () => {
    await callback('makeCall', { phone: '8 (916) 123-45-67' });
    await event({ type: 'out', phone: '+79161234567', codes: ['101'], callExternalId: 'a' });
    await event({ type: 'in', phone: '+34600000000', codes: ['101', '102'], callExternalId: 'b' });
    await event({ type: 'hangup', phone: '+79161234567', codes: ['101'], callExternalId: 'a', hangupStatus: 'answered' });
    await upload({
      date: '2026-01-01 10:00:00',
      ...{ type: 'out', phone: '+79161234567', userId: 1, code: '101', result: 'answered', duration: 5, externalId: 'a', recordUrl },
    });
    module.wrong.set('make-call', { status: 502, body: { success: false, errorMsg: 'No PBX' } });
    await callback('makeCall', { phone: '+79161234567' });
    await event({ type: 'in', phone: '+79161234567', codes: ['101'], callExternalId: 'c' });
    expect((await stories()).map((one) => [one['externalId'], asObjects(one['timeline']).map((entry) => entry['what'])])).toEqual([
      ['a', ['press', 'event', 'event', 'upload']],
      ['b', ['event']],
      [undefined, ['press']],
      ['c', ['event']],
    ]);
  });

  it('goes by hand: call, calls, user-status, record, phone-account', async () => {
    let code = 0;
    const run = async (...words: string[]): Promise<string> => {
      const lines: string[] = [];
      code = 0;
      const program = createProgram(readEnvironment({}), { print: (text) => lines.push(text), exit: (value) => (code = value) });
      await program.parseAsync(['node', 'sandbox', '--sandbox', bench.url, ...words]);
      return lines.join('\n');
    };
    expect(await run('calls')).toContain('call <phone>');
    // The module is found by its registration.
    expect(await run('call', '+79161234567', '--user', '2')).toContain('telephony makeCall: ok');
    await event({ type: 'out', phone: '+79161234567', codes: ['102'], callExternalId: 'a' });
    await upload({
      date: '2026-01-01 10:00:00',
      ...{ type: 'out', phone: '+79161234567', code: '102', result: 'no answer', externalId: 'a', recordUrl },
    });
    await upload({ date: '2026-01-01 10:00:00', type: 'in', phone: '1', code: '102', result: 'answered', externalId: 'b' });
    expect(await run('calls', 'a')).toMatch(
      /call a, to \+79161234567, no answer, recorded\n.*the call button {2}ok.*\n.*tells: {2}out.*\n.*uploads: {2}out {2}no answer/,
    );
    expect(await run('user-status', 'busy')).toContain('telephony changeUserStatus: ok');
    const file = join(folder, 'record.wav');
    expect(await run('record', 'a', '--out', file)).toContain(`${WAV.length} bytes of audio/wav`);
    expect(readFileSync(file)).toEqual(WAV);
    expect(await run('record', 'a', '--range', '0-3')).toMatch(/HTTP 206[^]* {2}4 bytes/);
    expect(await run('--json', 'record', 'a')).not.toContain('base64');
    await expect(run('record', 'b')).rejects.toThrow('Call b has no record');
    await expect(run('record', 'z')).rejects.toThrow('There is no call "z"');
    module.wrong.set('page', { status: 200, body: Buffer.from('<title>Phones</title>'), type: 'text/html' });
    expect(await run('phone-account')).toContain('Phones, 21 bytes');
    module.wrong.set('page', { status: 200, body: { success: true } });
    expect(await run('phone-account')).toContain('AGAINST THE CONTRACT');
    expect(code).toBe(2);
    module.wrong.set('make-call', { status: 502, body: { success: false, errorMsg: 'No PBX' } });
    expect(await run('call', '+79161234567')).toContain('502 No PBX');
    expect(code).toBe(1);
  });
});
