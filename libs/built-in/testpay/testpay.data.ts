import type { AccountData } from '#platform';

/** Payments of the test gateway. */
export const testpayData: AccountData = {
  name: 'testPayments',
  tables: [
    { table: 'testpay_event' },
    { table: 'testpay_refund', where: 'payment_id IN (SELECT id FROM testpay_payment WHERE connection_id = $1)' },
    { table: 'testpay_payment' },
  ],
};
