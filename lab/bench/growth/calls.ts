import { CALL_LIST } from '../../../libs/integrations/telephony/telephony-operator.controller.js';
import { TelephonyRetention } from '#telephony';
import { connectionId, CONNECTIONS, type GrowthPart, idOf } from './part.js';
import { findMiddle, listStatements, purgeStatements } from './statements.js';

const tables = ['telephony_call'];

/** Calls of several years. */
export const callsGrowth: GrowthPart = {
  tables,
  async seed(database, rows) {
    await database.query(
      `INSERT INTO telephony_call (id, connection_id, external_id, direction, phone, code, started_at, ended_at, created_at, updated_at)
       SELECT gen_random_uuid(), ${connectionId(`1 + n % ${CONNECTIONS}`)}, 'external ' || n, 'in', '+7916' || n / 3,
         CASE WHEN n % 5000 = 3 THEN 'rare' ELSE (100 + n % 40)::text END, moment.at, moment.at, moment.at, moment.at
       FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - make_interval(secs => ($1::int - n) * 10) AS at) moment`,
      [rows],
    );
  },
  async burst(database) {
    await database.query(
      `INSERT INTO telephony_call (id, connection_id, external_id, direction, code, started_at)
       SELECT gen_random_uuid(), $1, 'new ' || n, 'out', 'new', now() FROM generate_series(1, 2000) n`,
      [idOf(2)],
    );
  },
  list: async (database) => [
    ...(await listStatements(
      'calls',
      CALL_LIST,
      {
        all: {},
        'of a phone': { phone: '+7916100' },
        'of a code': { code: '107' },
        'of a rare code': { code: 'rare' },
        'of no code': { code: 'nosuch' },
        'of an account': { connection: idOf(3) },
        'of a code of an account': { code: '107', connection: idOf(3) },
      },
      { tables, place: await findMiddle(database, 'telephony_call', ['started_at', 'id']) },
    )),
    ...(await purgeStatements(
      'purge of calls',
      (retention, environment) => new TelephonyRetention(retention, environment).clean({}, new AbortController().signal),
      tables,
    )),
  ],
};
