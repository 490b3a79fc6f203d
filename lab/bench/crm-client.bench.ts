/**
 * Requests per second of the CRM client compared with bare undici, in turns, from one process to another.
 * Aim: a ratio of 0.9.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Agent } from 'undici';
import { closeConnections, CrmClient } from '#crm-client';

const PARALLEL = 20;
const ROUNDS = 8;
const ROUND_MS = 1500;

const orders = {
  success: true,
  pagination: { limit: 20, totalCount: 2, currentPage: 1, totalPageCount: 1 },
  orders: [1, 2].map((id) => ({
    id,
    number: `${id}A`,
    createdAt: '2026-01-02 03:04:05',
    status: 'new',
    totalSumm: 100.5,
    customer: { id: 7, firstName: 'Ann', phones: [{ number: '+70000000000' }] },
    items: [{ id: 1, quantity: 2, initialPrice: 50.25, offer: { id: 5, externalId: 'x', name: 'Thing' } }],
  })),
};

if (process.argv[2] === 'server') serve();
else await bench();

function serve(): void {
  const body = Buffer.from(JSON.stringify(orders));
  const ok = Buffer.from('{"success":true}');
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      const answer = incoming.method === 'GET' ? body : ok;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

async function bench(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['server']);
  try {
    await measure(child);
  } finally {
    await closeConnections();
    child.kill();
  }
}

async function measure(child: ChildProcess): Promise<void> {
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(message as number)));
  const origin = `http://127.0.0.1:${port}`;
  const agent = new Agent({ connections: 64 });
  // The limiter is the client's purpose and would be all that is measured.
  const crm = new CrmClient({ baseUrl: origin, apiKey: 'benchmark-key', allowPrivateHosts: true, limiter: false });
  const headers = { 'x-api-key': 'benchmark-key', accept: 'application/json' };
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
  const query = 'limit=20&filter%5Bids%5D%5B%5D=1&filter%5Bids%5D%5B%5D=2';
  const statusUpdate = Array.from({ length: 10 }, (_, index) => ({
    deliveryId: `d${index}`,
    history: [{ code: 'sent', updatedAt: '2026-01-02T03:04:05+03:00', comment: 'On its way' }],
  }));
  const calls = {
    'GET orders, 2 orders': {
      bare: async () => (await agent.request({ origin, path: `/api/v5/orders?${query}`, method: 'GET', headers })).body.json(),
      client: () => crm.orders.list({ limit: 20, filter: { ids: [1, 2] } }),
    },
    'POST tracking, 10 deliveries': {
      bare: async () => {
        const body = `statusUpdate=${encodeURIComponent(JSON.stringify(statusUpdate))}`;
        const path = '/api/v5/delivery/generic/courier/tracking';
        return (await agent.request({ origin, path, method: 'POST', headers: form, body })).body.json();
      },
      client: () => crm.delivery.tracking('courier', { statusUpdate }),
    },
  };
  for (const [name, { bare, client }] of Object.entries(calls)) {
    await round(bare, 500);
    await round(client, 500);
    const rates = { bare: [] as number[], client: [] as number[] };
    for (let turn = 0; turn < ROUNDS; turn++) {
      // The first one alternates, because it may find the machine cooler.
      const order = turn % 2 ? (['client', 'bare'] as const) : (['bare', 'client'] as const);
      for (const who of order) rates[who].push(await round(who === 'bare' ? bare : client, ROUND_MS));
    }
    const [bareRate, clientRate] = [median(rates.bare), median(rates.client)];
    console.log(
      `${name}: bare undici ${Math.round(bareRate)}/s, client ${Math.round(clientRate)}/s, ratio ${(clientRate / bareRate).toFixed(2)} (aim 0.90)`,
    );
  }
  await agent.close();
}

/** Returns the number of calls per second over a time. */
async function round(call: () => Promise<unknown>, ms: number): Promise<number> {
  const begun = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      while (performance.now() - begun < ms) {
        await call();
        done++;
      }
    }),
  );
  return (done * 1000) / (performance.now() - begun);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
