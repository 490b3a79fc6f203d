import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AsteriskDouble } from '#testing';
import { Account, readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';

/** Names of this machine and of private networks, as an attacker writes them. */
const HOSTS = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '017700000001', '0x7f000001', '0x7f.1', '0177.0.0.1', '127.0.0.1.', '0.0.0.0', '0'],
  ...['localhost', 'LOCALHOST', 'localhost.', 'redis', 'db.internal', '10.0.0.1', '167772161', '172.16.0.1', '192.168.1.1', '0xc0a80101'],
  ...['169.254.169.254', '0xa9fea9fe', '168.63.129.16', '100.64.0.1', '198.18.0.1', '192.0.2.1', '224.0.0.1', '255.255.255.255'],
  ...['::1', '::', '::ffff:7f00:1', 'fe80::1', 'fd00::1', 'ff02::1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1'],
];
const LITERALS = HOSTS.filter((host) => !host.includes(':'));

let deployment: Deployment;
let account: Account;
let pbx: AsteriskDouble;
/** An address that only the operator may reach. */
let inner: Server;
let connections = 0;
let token: string;

const getPort = (server: Server): number => (server.address() as AddressInfo).port;

/** The bearer token of the account page, as its script has it. */
async function openPage(): Promise<string> {
  const page = await deployment.send('/asterisk/account', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `clientId=${account.clientId}`,
  });
  return /"token":"([^"]+)"/.exec(page.bytes.toString())?.[1] ?? '';
}

function save(settings: object): Promise<Reply> {
  return deployment.send('/asterisk/account/api/settings', {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
}

let calls = 0;
/**
 * Calls a new number each time, because a repeat within seconds gets the reply of the first call.
 */
const call = (): Promise<Reply> => account.get('/telephony/make-call', { code: '101', phone: `+7916123${4000 + ++calls}` });

describe('what an account names in production', () => {
  beforeAll(async () => {
    pbx = await AsteriskDouble.start();
    inner = createServer((socket) => {
      connections++;
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ncontent-length: 6\r\n\r\nsecret');
    });
    await once(inner.listen(0, '127.0.0.1'), 'listening');
    const variables = {
      MODULES: 'asterisk',
      MODULE_ASTERISK_SECRET: 'a-secret-of-the-partner-account',
      OPERATOR_TOKEN: 'a-token-of-the-operator-0123456789',
    };
    deployment = await Deployment.start({ accounts: 1, variables, workers: 0 });
    const crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    account = await Account.connect(deployment, crm, 'asterisk');
    token = await openPage();
    // Saved in development mode: stored settings may be older than the ban on inner addresses.
    expect((await save({ ...pbx.settings, extensions: [{ code: '101', userId: 11 }] })).status).toBe(200);
    expect((await call()).status).toBe(200);
    await deployment.stopApi();
    deployment.variables.NODE_ENV = 'production';
    await deployment.startApi();
  }, START_MS);

  afterAll(async () => {
    await deployment?.stop();
    await pbx?.close();
    inner?.close();
  }, START_MS);

  it.each(HOSTS)('a PBX at %s is refused at the save', async (host) => {
    const { status, errors } = readRefusal(await save({ ...pbx.settings, host, port: getPort(inner) }));
    expect([status, Object.keys(errors)]).toEqual([400, ['host']]);
  });

  it.each(LITERALS)('recordings at %s are refused at the save', async (host) => {
    const reply = await save({ host: '', recordingsUrl: `http://${host}:${getPort(inner)}/` });
    expect([reply.status, Object.keys(readRefusal(reply).errors)]).toEqual([400, ['recordingsUrl']]);
  });

  it('none of them was connected to', () => {
    expect(connections).toBe(0);
  });

  it('is not connected to either when it was stored before, and is reported like an address that does not respond', async () => {
    const told = pbx.listActions('Login').length;
    const closed = readRefusal(await call());
    expect(pbx.listActions('Login')).toHaveLength(told);
    const shown = await deployment.send('/asterisk/account/api/settings', { headers: { authorization: `Bearer ${token}` } });
    expect(shown.json).toMatchObject({ warnings: { host: expect.stringContaining('must be a public internet address') } });

    const saved = await save({ ...pbx.settings, host: 'pbx.nowhere.invalid' });
    expect([saved.status, saved.json]).toEqual([
      200,
      expect.objectContaining({ warnings: { host: expect.stringContaining('cannot be resolved at the moment') } }),
    ]);
    expect(readRefusal(await call())).toEqual(closed);
  });

  it('is let through where the operator names it', async () => {
    await deployment.stopApi();
    deployment.variables.PRIVATE_HOSTS = `127.0.0.1:${pbx.settings.port}`;
    await deployment.startApi();
    expect((await save({ ...pbx.settings, extensions: [{ code: '101', userId: 11 }] })).status).toBe(200);
    expect((await call()).status).toBe(200);
    expect((await save({ ...pbx.settings, port: getPort(inner) })).status).toBe(400);
  });

  it('gets no stored secret, and no connection, at a changed address until the secret is entered again', async () => {
    await deployment.stopApi();
    deployment.variables.PRIVATE_HOSTS = '127.0.0.0/8';
    await deployment.startApi();
    expect((await save({ ...pbx.settings, extensions: [{ code: '101', userId: 11 }] })).status).toBe(200);
    const attempt = (secret: unknown): object => ({ ...pbx.settings, secret, port: getPort(inner) });
    const before = connections;
    const [{ id } = { id: '' }] = await deployment.listConnections(account.crm);
    const check = (body: object): Promise<Reply> =>
      deployment.send('/asterisk/account/api/check', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const ways = (body: object): Promise<Reply>[] => [
      ...[save(body), check(body)],
      deployment.askOperator('PUT', `/connections/${id}/settings`, body),
      deployment.askOperator('POST', `/connections/${id}/check`, body),
    ];
    for (const kept of [undefined, '', { set: true }]) {
      for (const reply of await Promise.all(ways(attempt(kept)))) {
        expect([reply.status, readRefusal(reply).errors]).toEqual([400, { secret: 'enter it again, because the address changed' }]);
      }
    }
    expect(connections).toBe(before);
    expect((await check(attempt(pbx.settings.secret))).status).toBe(200);
    expect(connections).toBe(before + 1);
  });
});
