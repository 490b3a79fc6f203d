import { PAYMENT_LIST } from '../../../libs/integrations/payment/payment-operator.controller.js';
import type { OperationStore } from '#operations';
import { PaymentRetention } from '#payment';
import { connectionId, CONNECTIONS, type GrowthPart, idOf } from './part.js';
import { findMiddle, listStatements, purgeStatements } from './statements.js';

const tables = ['payment'];
/** Dependency of a purge with nothing to do. */
const NO_OPERATIONS = {} as OperationStore;

/** Payments of several years, most of them settled. */
export const paymentsGrowth: GrowthPart = {
  tables,
  async seed(database, rows) {
    await database.query(
      `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, external_id, status, status_at, currency, amount_minor, request,
         order_number, active_at, created_at, updated_at, disputes)
       SELECT uuidv7(moment.at - now()), ${connectionId(`1 + n % ${CONNECTIONS}`)}, 'invoice ' || n,
         CASE WHEN n % 5000 = 3 THEN 'rare' ELSE 'shop ' || n % 20 END, 'automatic', 'token ' || n, 'external ' || n,
         CASE WHEN n % 5000 = 9 THEN 'pending' WHEN n % 20 = 1 THEN 'canceled' ELSE 'succeeded' END, moment.at, 'RUB', 100,
         jsonb_build_object('orderId', (n / ${CONNECTIONS})::text, 'buyer', '{}'::jsonb), n || 'A', moment.at, moment.at, moment.at,
         CASE WHEN n % 5000 = 33 THEN '[{"status":"open"}]' WHEN n % 500 = 34 THEN '[{"status":"won"}]' ELSE '[]' END::jsonb
       FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - make_interval(secs => ($1::int - n) * 10) AS at) moment`,
      [rows],
    );
  },
  async burst(database) {
    await database.query(
      `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, status, status_at, currency, amount_minor, request, active_at, created_at, updated_at)
       SELECT uuidv7(), $1, 'new ' || n, 'new', 'manual', 'new ' || n, 'waitingForCapture', now(), 'RUB', 100, '{}', now(), now(), now()
       FROM generate_series(1, 2000) n`,
      [idOf(2)],
    );
  },
  list: async (database) => [
    ...(await listStatements(
      'payments',
      PAYMENT_LIST,
      {
        all: {},
        'of an order': { order: '17' },
        'of an order number': { order: '500A' },
        'of an invoice': { invoice: 'invoice 1000' },
        succeeded: { status: 'succeeded' },
        pending: { status: 'pending' },
        'to be captured': { status: 'waitingForCapture' },
        'of a shop': { shop: 'shop 3' },
        'of a rare shop': { shop: 'rare' },
        'with an open dispute': { dispute: 'open' },
        'with a lost dispute': { dispute: 'lost' },
        'of an account': { connection: idOf(3) },
      },
      { tables, place: await findMiddle(database, 'payment', ['id']) },
    )),
    ...(await purgeStatements(
      'purge of payments',
      (retention, environment) => new PaymentRetention(retention, environment, NO_OPERATIONS).clean({}, new AbortController().signal),
      tables,
    )),
  ],
};
