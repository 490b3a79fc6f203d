import { afterEach, describe, expect, it } from '@jest/globals';
import { type ConnectionEntity, ConnectionSecrets, type ConnectionStore } from '#connections';
import { memoryRateLimiter } from '#crm-client';
import type { Journal, JournalEntry } from '#journal';
import { Reach, SecretBox } from '#platform';
import { MessageGateway } from '#testing';
import type { ChannelStore } from '../channel-store.js';
import { GatewayClient } from './gateway-client.js';
import { GatewayClients, GatewayClosedError } from './gateway-clients.js';

const ID = '0190a0a0-0000-7000-8000-000000000001';
const secrets = new ConnectionSecrets(new SecretBox(Buffer.alloc(32, 7).toString('base64')));

describe('clients of the message gateway', () => {
  let clients: GatewayClients;
  const rows: JournalEntry[] = [];
  const journal = { isOn: true, record: (row: JournalEntry) => void rows.push(row) } as unknown as Journal;

  function openWith(endpointUrl: string | undefined, tokens: object | undefined, exceptions: string[] = []): Promise<GatewayClient> {
    const row: Partial<ConnectionEntity> = {
      ...{ id: ID, moduleCode: 'acme' },
      registrationReply: endpointUrl === undefined ? {} : { mgTransport: { endpointUrl } },
      chatTokensSealed: tokens === undefined ? null : secrets.seal(ID, 'chatTokens', JSON.stringify(tokens)),
    };
    const connections = { findRow: () => Promise.resolve(row) } as unknown as ConnectionStore;
    clients = new GatewayClients(connections, secrets, new Reach(exceptions), {} as ChannelStore, journal, memoryRateLimiter());
    return clients.open(ID, { request: 'r-1', subjects: ['dialogue:1'] });
  }

  afterEach(() => clients.onApplicationShutdown());

  it('need the endpoint and the token of the registration', async () => {
    const tokens = { mgTransport: 'token' };
    expect(await openWith('https://mg.example', tokens)).toBeInstanceOf(GatewayClient);
    await expect(openWith(undefined, tokens)).rejects.toThrow(GatewayClosedError);
    await expect(openWith('https://mg.example', undefined)).rejects.toThrow(GatewayClosedError);
    await expect(openWith('https://mg.example', { mgBot: 'token' })).rejects.toThrow(GatewayClosedError);
  });

  it.each([
    ['http://mg.example', [], false],
    ['http://93.184.216.34', [], false],
    ['ftp://mg.example', ['mg.example'], false],
    ['nonsense', [], false],
    ['http://mg.example', ['mg.example'], true],
    ['http://mg.example:8080', ['mg.example:8080'], true],
    ['http://mg.example:8081', ['mg.example:8080'], false],
    ['http://127.0.0.1:4300', ['127.0.0.0/8'], true],
  ])('send the token to %s, of %j that the operator named: %s', async (endpointUrl, exceptions, isOpen) => {
    const opened = openWith(endpointUrl, { mgTransport: 'token' }, exceptions);
    if (isOpen) expect(await opened).toBeInstanceOf(GatewayClient);
    else await expect(opened).rejects.toThrow('must start with https://');
  });

  it('have each call in the journal, with its purpose and outcome', async () => {
    const gateway = await MessageGateway.start();
    try {
      for (const token of [gateway.transport.tokens.at(-1) ?? '', 'wrong']) {
        const client = await openWith(gateway.url, { mgTransport: token }, ['127.0.0.0/8']);
        await client.listActiveChannels(AbortSignal.timeout(10_000)).catch(() => undefined);
        await client.findFile('no-such', AbortSignal.timeout(10_000)).catch(() => undefined);
        await clients.onApplicationShutdown();
      }
      const about = { kind: 'crm', connectionId: ID, module: 'acme', request: 'r-1', subjects: ['dialogue:1'], verb: 'GET' };
      expect(rows).toMatchObject([
        { ...about, name: 'gateway.channels', status: 200, outcome: 'ok', address: expect.stringContaining('/channels?active=true') },
        { ...about, name: 'gateway.files', status: 404, outcome: 'rejected', error: expect.any(String) },
        { ...about, name: 'gateway.channels', status: 401, outcome: 'auth' },
        { ...about, name: 'gateway.files', status: 401, outcome: 'auth' },
      ]);
    } finally {
      await gateway.close();
    }
  });
});
