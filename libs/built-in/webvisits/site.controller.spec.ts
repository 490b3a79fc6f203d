import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Connection, HostedModules } from '#connections';
import { CallbackError, type RateLimit } from '#platform';
import type { BeaconService } from './beacon.service.js';
import { SiteController } from './site.controller.js';

const SHOP = '0190a0a0-0000-7000-8000-000000000001';
const SITE = 'https://shop.example';
const BEACON = { type: 'ping', consent: true, visitor: '0'.repeat(32) };

let controller: SiteController;
let admitted: number;
let taken: number;

beforeEach(() => {
  [admitted, taken] = [0, 0];
  const service = {
    admit: (_module: string, id: string, origin: string | undefined): Promise<Connection> => {
      admitted++;
      if (id !== SHOP) throw new CallbackError(404, 'unknown');
      if (origin !== SITE) throw new CallbackError(403, 'another site');
      return Promise.resolve({ id } as Connection);
    },
    take: (): Promise<void> => Promise.resolve(void taken++),
  };
  controller = new SiteController(service as unknown as BeaconService, {} as HostedModules, {} as HttpAdapterHost);
});

/** Returns the status of a beacon. */
async function send(ip: string, connection = SHOP, origin = SITE): Promise<number> {
  const reply = { header: () => reply } as unknown as FastifyReply;
  const request = { ip, headers: { origin }, body: BEACON } as unknown as FastifyRequest<{ Body: unknown }>;
  try {
    await controller.takeBeacon('webvisits', connection, request, reply);
    return 204;
  } catch (error) {
    return (error as CallbackError).status;
  }
}

/** Returns how many addresses and connections the limits have in memory. */
function countEntries(): { addresses: number; connections: number } {
  const { byAddress, byConnection } = controller as unknown as { byAddress: RateLimit; byConnection: RateLimit };
  return { addresses: byAddress.size, connections: byConnection.size };
}

async function count(times: number, ask: (index: number) => Promise<number>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let index = 0; index < times; index++) {
    const status = await ask(index);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

const anyone = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

describe('limits of beacons', () => {
  it('count the address before anything else, whatever connections it names', async () => {
    expect(await count(1_000, (index) => send('203.0.113.7', `0190a0a0-0000-7000-8000-1${String(index).padStart(11, '0')}`))).toEqual({
      404: 120,
      429: 880,
    });
    expect(admitted).toBe(120);
    expect(countEntries()).toEqual({ addresses: 1, connections: 0 });
  });

  it('count no connection before its site is known to be the shop’s, so that strangers cannot use up its limit', async () => {
    expect(await count(7_000, (index) => send(anyone(index), SHOP, 'https://evil.example'))).toEqual({ 403: 7_000 });
    expect(countEntries().connections).toBe(0);
    expect(await send('203.0.113.7')).toBe(204);
    expect(countEntries().connections).toBe(1);
  });

  it('count the shop’s sites together', async () => {
    expect(await count(6_010, (index) => send(anyone(index)))).toEqual({ 204: 6_000, 429: 10 });
    expect(taken).toBe(6_000);
  });

  it('take a bounded memory, whatever addresses and connections are sent', async () => {
    await count(25_000, (index) => send(anyone(index), `random ${index}`));
    expect(countEntries()).toEqual({ addresses: 10_000, connections: 0 });
  });

  it('count a network of version 6 as one address', async () => {
    expect(await count(130, (index) => send(`2001:db8:1:2::${index.toString(16)}`))).toEqual({ 204: 120, 429: 10 });
  });
});
