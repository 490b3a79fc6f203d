import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Connection, ConnectionStore, CrmClients } from '#connections';
import type { Database, Transaction } from '#platform';
import { DirectSender } from './direct-sender.js';
import { OutboxPackers } from './outbox-packer.js';
import type { OutboxDraft, OutboxService } from './outbox.service.js';

const CONNECTIONS = ['a', 'b'];

/** Runs statements, and records the maximum number that run at the same time per connection. */
class Statements {
  readonly most = new Map<string, number>();
  private readonly underWay = new Map<string, number>();

  async run<Result>(connectionId: string, result: Result): Promise<Result> {
    const now = (this.underWay.get(connectionId) ?? 0) + 1;
    this.underWay.set(connectionId, now);
    this.most.set(connectionId, Math.max(now, this.most.get(connectionId) ?? 0));
    await new Promise((resolve) => setImmediate(resolve));
    this.underWay.set(connectionId, (this.underWay.get(connectionId) ?? 0) - 1);
    return result;
  }
}

function makeDrafts(connectionId: string): OutboxDraft[] {
  return Array.from({ length: 50 }, (_, n) => ({ connectionId, kind: 'spec', subject: `s${n}`, payload: {} }));
}

/** Stores all rows as held, and commits immediately. */
const transaction = {
  query: (text: string, [connectionIds]: [string[]]) =>
    Promise.resolve(text.startsWith('INSERT') ? connectionIds.map((id, n) => ({ id: `${id}${n}`, connectionId: id, held: true })) : []),
  afterCommit: (work: () => void) => work(),
} as unknown as Transaction;

describe('rows that are sent from here', () => {
  it.each([
    ['passes', undefined],
    ['fails', new Error('away')],
  ])('take few database connections of each connection, whatever waits: the CRM %s', async (_what, error) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const statements = new Statements();
    const sent: string[] = [];
    const packers = new OutboxPackers();
    packers.add({
      kind: 'spec',
      maxSubjects: 1,
      lingerMs: 0,
      send: (_crm, _connection, [entry]) => (error ? Promise.reject(error) : Promise.resolve(void sent.push(entry?.id ?? ''))),
    });
    const database = {
      query: (_text: string, [id]: string[]) => statements.run(String(id)[0] ?? '', []),
      transaction: async (work: (manager: object) => Promise<void>) => {
        let of = '';
        await work({ query: (_text: string, [first]: unknown[]) => Promise.resolve((of = typeof first === 'string' ? first : of)) });
        await statements.run(of, undefined);
      },
    };
    const connections = {
      findCaller: (id: string) => statements.run(id, { id }),
      parse: ({ id }: { id: string }) => ({ id, active: true, frozen: false, account: {} }) as Connection,
    } as unknown as ConnectionStore;
    const crmClients = { crmForRow: () => ({}) } as unknown as CrmClients;
    const sender = new DirectSender(database as unknown as Database, connections, crmClients, packers, {
      wake: () => undefined,
    } as unknown as OutboxService);
    for (const id of CONNECTIONS) await sender.add(transaction, makeDrafts(id));
    await sender.idle();
    expect(sent).toHaveLength(error ? 0 : 100);
    expect([...statements.most]).toEqual(CONNECTIONS.map((id) => [id, 2]));
    expect(sender.isCrowded('a')).toBe(false);
    expect(warn).toHaveBeenCalledTimes(error ? CONNECTIONS.length : 0);
    warn.mockRestore();
  });
});
