import { afterEach, describe, expect, it } from '@jest/globals';
import { type ConnectionEntity, ConnectionSecrets, type ConnectionStore } from '#connections';
import { Reach, SecretBox } from '#platform';
import type { ChannelStore } from '../channel-store.js';
import { GatewayClient } from './gateway-client.js';
import { GatewayClients, GatewayClosedError } from './gateway-clients.js';

const ID = '0190a0a0-0000-7000-8000-000000000001';
const secrets = new ConnectionSecrets(new SecretBox(Buffer.alloc(32, 7).toString('base64')));

describe('clients of the message gateway', () => {
  let clients: GatewayClients;

  function openWith(endpointUrl: string | undefined, tokens: object | undefined, exceptions: string[] = []): Promise<GatewayClient> {
    const row: Partial<ConnectionEntity> = {
      id: ID,
      registrationReply: endpointUrl === undefined ? {} : { mgTransport: { endpointUrl } },
      chatTokensSealed: tokens === undefined ? null : secrets.seal(ID, 'chatTokens', JSON.stringify(tokens)),
    };
    const connections = { findRow: () => Promise.resolve(row) } as unknown as ConnectionStore;
    clients = new GatewayClients(connections, secrets, new Reach(exceptions), {} as ChannelStore);
    return clients.open(ID);
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
    else await expect(opened).rejects.toThrow('must begin with https://');
  });
});
