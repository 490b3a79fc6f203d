import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, isIP } from 'node:net';
import type { lookup } from 'node:dns';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { request, Agent } from 'undici';
import { EnvironmentError } from '../config/index.js';
import { isPublicAddress } from './public-address.js';
import { ClosedAddressError, Reach } from './reach.js';

const servers: { close(): unknown }[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A look-up that returns the given replies, one after the other. */
function resolving(...answers: readonly string[][]): { lookup: typeof lookup; asked: string[] } {
  const asked: string[] = [];
  const answer = (name: string, _options: object, callback: (error: Error | null, addresses: object[]) => void): void => {
    const addresses = answers[Math.min(asked.push(name), answers.length) - 1] ?? [];
    if (addresses.length === 0) return callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    return callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );
  };
  return { lookup: answer as unknown as typeof lookup, asked };
}

async function webServer(): Promise<{ server: Server; port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((incoming, reply) => {
    seen.push(incoming.url ?? '');
    if (incoming.url === '/away') reply.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
    else reply.end('secret');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  return { server, port, seen };
}

/** Every way we know to name an address that is not of the public internet. */
const CLOSED = [
  ...['127.0.0.1', '127.8.9.10', '2130706433', '017700000001', '0x7f000001', '0x7f.1', '0177.0.0.1', '127.1', '127.0.1', '127.0.0.1.'],
  ...['１２７.０.０.１', '127。0。0。1', 'localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'ⓛocalhost', '%31%32%37.0.0.1'],
  ...[
    '0.0.0.0',
    '0',
    '10.0.0.1',
    '167772161',
    '172.16.0.1',
    '172.31.255.254',
    '192.168.1.1',
    '0xc0a80101',
    '100.64.0.1',
    '100.100.100.200',
  ],
  ...['169.254.169.254', '0xa9fea9fe', '168.63.129.16', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
  ...['::', '::1', '[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1', '[::ffff:10.0.0.1]', '::127.0.0.1', '64:ff9b::7f00:1'],
  ...['64:ff9b::10.0.0.1', '64:ff9b:1::1', '2002:7f00:1::', '2002:0a00:0001::1', '2001:0:7f00:1::', 'fe80::1', 'fe80::1%lo', '::1%1'],
  ...['fec0::1', 'fd00:ec2::254', 'fc00::1', 'ff02::1', '2001:db8::1', '2001:2::1', '3fff::1', '100::1', '5f00::1', '4000::1'],
  ...['redis', 'pbx.local', 'db.internal', 'nas.lan', 'host.home.arpa', '1.168.192.in-addr.arpa', 'www.corp'],
  ...[
    '',
    ' ',
    'a b',
    'user@example.com',
    'example.com/x',
    'example.com:80',
    'example.com#',
    '127.0.0.256',
    '1.2.3.4.5',
    '[::1',
    '\\\\host',
  ],
];

describe('without exceptions', () => {
  it.each(CLOSED)('%j is closed, whatever the system makes of it', async (host) => {
    const { lookup, asked } = resolving(['8.8.8.8']);
    const reach = new Reach([], lookup);
    expect(await reach.check(host, 5038)).toBe('closed');
    const socket = reach.connect(host, 5038);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error).toBeInstanceOf(ClosedAddressError);
    // An answer would reveal which internal names exist.
    expect(asked).toEqual([]);
  });

  it.each(['8.8.8.8', '2606:4700::1111', '[2606:4700::1111]', '::ffff:8.8.8.8', '134744072'])('%s is open', async (host) => {
    expect(await new Reach([]).check(host, 80)).toBe('open');
  });

  it('a name is what its addresses are, all of them', async () => {
    const check = (...addresses: string[]): Promise<string> => new Reach([], resolving(addresses).lookup).check('pbx.example.com', 5038);
    expect(await check('8.8.8.8', '2606:4700::1111')).toBe('open');
    expect(await check('8.8.8.8', '10.0.0.1')).toBe('closed');
    expect(await check('::ffff:192.168.0.1')).toBe('closed');
    expect(await check()).toBe('unresolved');
  });

  it('no address of a private network passes in any form', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const network = fc.constantFrom([10], [127], [192, 168], [169, 254], [172, 20], [100, 64]);
    const address = fc.tuple(network, octet, octet, octet).map(([start, ...rest]) => [...start, ...rest].slice(0, 4));
    fc.assert(
      fc.property(address, ([a = 0, b = 0, c = 0, d = 0]) => {
        const hex = [a * 256 + b, c * 256 + d].map((part) => part.toString(16));
        for (const text of [`${a}.${b}.${c}.${d}`, `::ffff:${hex.join(':')}`, `64:ff9b::${hex.join(':')}`, `2002:${hex.join(':')}::1`])
          expect([text, isPublicAddress(text)]).toEqual([text, false]);
      }),
    );
  });
});

describe('a connection', () => {
  it('goes to the checked address: a name that is initially public and then private is rejected', async () => {
    const { port, seen } = await webServer();
    const { lookup } = resolving(['8.8.8.8'], ['127.0.0.1']);
    const reach = new Reach([], lookup);
    expect(await reach.check('pbx.example.com', port)).toBe('open');
    const [error] = (await once(reach.connect('pbx.example.com', port), 'error')) as [Error];
    expect(error).toBeInstanceOf(ClosedAddressError);
    const agent = new Agent({ connect: reach.connector(1_000) });
    await expect(request(`http://pbx.example.com:${port}/`, { dispatcher: agent })).rejects.toBeInstanceOf(ClosedAddressError);
    expect(seen).toEqual([]);
    await agent.close();
  });

  it.each(['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]', '0x7f.1'])('over HTTP to %s is closed', async (host) => {
    const { port, seen } = await webServer();
    const agent = new Agent({ connect: new Reach([]).connector(1_000) });
    await expect(request(`http://${host}:${port}/`, { dispatcher: agent })).rejects.toBeInstanceOf(ClosedAddressError);
    expect(seen).toEqual([]);
    await agent.close();
  });

  it('follows an exception of the operator, and its port', async () => {
    const { port, seen } = await webServer();
    const agent = new Agent({ connect: new Reach([`127.0.0.1:${port}`]).connector(1_000) });
    expect((await request(`http://127.0.0.1:${port}/here`, { dispatcher: agent })).statusCode).toBe(200);
    expect(seen).toEqual(['/here']);
    await expect(request(`http://127.0.0.1:${port + 1}/`, { dispatcher: agent })).rejects.toBeInstanceOf(ClosedAddressError);
    await agent.close();
    const tcp = createTcpServer((socket) => socket.end());
    await once(tcp.listen(0, '127.0.0.1'), 'listening');
    servers.push(tcp);
    await once(new Reach(['localhost']).connect('localhost', (tcp.address() as AddressInfo).port), 'connect');
  });
});

describe('exceptions', () => {
  const { lookup } = resolving(['10.1.2.3']);
  it.each([
    ['10.1.0.0/16', '10.1.2.3', 80, 'open'],
    ['10.1.0.0/16', '10.2.2.3', 80, 'closed'],
    ['10.1.0.0/16', 'pbx.example.com', 80, 'open'],
    ['10.1.0.0/16', '::ffff:10.1.2.3', 80, 'open'],
    ['fd00::/8', 'fd12::1', 80, 'open'],
    ['fd00::/8', '10.1.2.3', 80, 'closed'],
    ['10.1.2.3:5038', '10.1.2.3', 5038, 'open'],
    ['10.1.2.3:5038', '10.1.2.3', 22, 'closed'],
    ['[fd12::1]:5038', 'fd12::1', 5038, 'open'],
    ['[fd12::1]:5038', 'fd12::1', 22, 'closed'],
    ['::1', '::1', 22, 'open'],
    ['pbx.lan', 'PBX.lan.', 22, 'open'],
    ['pbx.lan:5038', 'pbx.lan', 22, 'closed'],
    ['pbx.example.com:5038', 'pbx.example.com', 5038, 'open'],
    ['pbx.example.com:5038', 'pbx.example.com', 22, 'closed'],
    ['other.example.com', 'pbx.example.com', 22, 'closed'],
  ])('%s: %s port %i is %s', async (exception, host, port, found) => {
    expect(await new Reach([exception], lookup).check(host, port)).toBe(found);
  });

  it('know which hosts they name, without looking any up', () => {
    const reach = new Reach(['10.1.0.0/16', 'pbx.lan:5038', '93.184.216.34']);
    for (const [host, port] of [
      ['10.1.2.3', 80],
      ['::ffff:10.1.2.3', 80],
      ['PBX.lan.', 5038],
      ['93.184.216.34', 80],
    ] as const)
      expect([host, reach.isNamedHost(host, port)]).toEqual([host, true]);
    for (const [host, port] of [
      ['10.2.2.3', 80],
      ['pbx.lan', 80],
      ['example.com', 80],
      ['93.184.216.35', 80],
      ['a b', 80],
    ] as const)
      expect([host, reach.isNamedHost(host, port)]).toEqual([host, false]);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', 'a b', 'http://pbx', 'host:port', '10.0.0.1/24:80', ''])(
    '%j is refused at the start',
    (exception) => {
      expect(() => new Reach([exception])).toThrow(EnvironmentError);
    },
  );
});
