import { OPERATION_LIST } from '../../../apps/api/src/operator/operations.controller.js';
import { OperationsCleaning, OperationsService } from '#operations';
import { connectionId, CONNECTIONS, type GrowthPart, idOf } from './part.js';
import { findMiddle, listStatements, purgeStatements } from './statements.js';

const tables = ['operation'];

/** Calls with an effect: finished ones of several years, few rejected or unknown. One account has a fifth. */
export const operationsGrowth: GrowthPart = {
  tables,
  async seed(database, rows) {
    await database.query(
      `INSERT INTO operation (id, connection_id, kind, key, subject, state, input, result, request, created_at, updated_at)
       SELECT uuidv7(moment.at - now()), ${connectionId(`CASE WHEN n % 5 = 0 THEN 1 ELSE 1 + n % ${CONNECTIONS} END`)},
         CASE WHEN n % 10000 = 3 THEN 'shipment.delete' WHEN n % 20 = 2 THEN 'shipment.save' ELSE 'delivery.save' END,
         CASE WHEN n % 2 = 0 THEN 'key ' || n END, (n % 5000)::text, CASE WHEN n % 1000 = 9 THEN 'refused' ELSE 'done' END,
         CASE WHEN n % 2 = 0 THEN '{"request":{}}' ELSE '{}' END::jsonb, '{}', 'request ' || n / 3, moment.at, moment.at
       FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - make_interval(secs => ($1::int - n) * 10) AS at) moment`,
      [rows],
    );
  },
  async burst(database) {
    await database.query(
      `INSERT INTO operation (id, connection_id, kind, subject, state) SELECT uuidv7(), $1, 'delivery.edit', n::text, 'unknown' FROM generate_series(1, 2000) n`,
      [idOf(2)],
    );
  },
  list: async (database) => [
    ...(await listStatements(
      'operations',
      OPERATION_LIST,
      {
        all: {},
        'of a large account': { connection: idOf(1) },
        'of an account': { connection: idOf(3) },
        done: { state: 'done' },
        refused: { state: 'refused' },
        unknown: { state: 'unknown' },
        'of a common kind': { kind: 'delivery.save' },
        'of a rare kind': { kind: 'shipment.delete' },
        'of a kind that an account has not': { kind: 'shipment.save', connection: idOf(1) },
        'of a subject': { subject: '17' },
        'of a request': { request: 'request 1000' },
      },
      { tables, place: await findMiddle(database, 'operation', ['id']) },
    )),
    ...(await purgeStatements(
      'purge of operations',
      (retention, environment) =>
        new OperationsCleaning(
          retention,
          environment,
          new OperationsService(...([{}, {}, {}] as never as [never, never, never]), environment, {} as never, {} as never),
        ).clean({}, new AbortController().signal),
      tables,
    )),
  ],
};
