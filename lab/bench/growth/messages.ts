import type pg from 'pg';
import { INBOX_LIST } from '../../../apps/api/src/operator/inbox.controller.js';
import { OUTBOX_LIST } from '../../../apps/api/src/operator/outbox.controller.js';
import { InboxCleaning } from '#inbox';
import { OutboxCleaning } from '#outbox';
import { FIND_REPLAYED } from '../../../libs/outbox/outbox.service.js';
import { type GrowthPart, idOf } from './part.js';
import { findMiddle, listStatements, purgeStatements } from './statements.js';

/** The operator's lists, and the purges of outbox and inbox. Other parts fill the tables. */
export const messagesGrowth: GrowthPart = {
  tables: [],
  seed: () => Promise.resolve(),
  async burst(database) {
    for (const state of ['failed', 'dropped'])
      await database.query(
        `INSERT INTO outbox (connection_id, kind, subject, payload, state, request) SELECT $1, 'rare', n::text, '{}', $2, 'request ' || n FROM generate_series(1, 500) n`,
        [idOf(4), state],
      );
    await database.query(
      `INSERT INTO inbox_event (connection_id, event_id, kind, payload, state, request) SELECT $1, 'rare ' || n, 'rare', '{}', 'failed', 'request ' || n FROM generate_series(1, 500) n`,
      [idOf(4)],
    );
  },
  list: async (database) => [
    ...(await listStatements(
      'outbox rows',
      OUTBOX_LIST,
      {
        all: {},
        'of an account': { connection: idOf(5) },
        sent: { state: 'sent' },
        failed: { state: 'failed' },
        dropped: { state: 'dropped' },
        'of a kind': { kind: 'delivery.tracking' },
        'of a rare kind': { kind: 'rare' },
        'of no kind': { kind: 'nosuch' },
        'of a subject': { subject: '17' },
        'of a request': { request: 'request 17' },
      },
      { tables: ['outbox'], place: await findMiddle(database, 'outbox', ['id']) },
    )),
    ...(await listStatements(
      'inbox events',
      INBOX_LIST,
      {
        all: {},
        'of an account': { connection: idOf(5) },
        applied: { state: 'applied' },
        failed: { state: 'failed' },
        pending: { state: 'pending' },
        'of a rare kind': { kind: 'rare' },
        'of no kind': { kind: 'nosuch' },
        'of a request': { request: 'request 17' },
      },
      { tables: ['inbox_event'], place: await findMiddle(database, 'inbox_event', ['id']) },
    )),
    { name: 'replay of 500 outbox rows', sql: FIND_REPLAYED, values: [null, idOf(4), []], largestMs: 20, tables: ['outbox'] },
    {
      name: 'replay of an outbox row',
      sql: FIND_REPLAYED,
      values: [[await findFailed(database)], null, []],
      largestMs: 5,
      tables: ['outbox'],
    },
    ...(await purgeStatements('purge of the outbox', (retention) => new OutboxCleaning(retention).clean({}, new AbortController().signal), [
      'outbox',
    ])),
    ...(await purgeStatements('purge of the inbox', (retention) => new InboxCleaning(retention).clean({}, new AbortController().signal), [
      'inbox_event',
    ])),
  ],
};

async function findFailed(database: pg.Client): Promise<string> {
  const { rows } = await database.query<{ id: string }>(`SELECT id FROM outbox WHERE state = 'failed' ORDER BY id LIMIT 1`);
  return rows[0]?.id ?? '';
}
