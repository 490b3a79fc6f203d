import { CALL_SEARCH } from '../../../libs/integrations/telephony/call.story-reader.js';
import { DELIVERY_SEARCH } from '../../../libs/integrations/delivery/delivery.story-reader.js';
import { PAYMENT_SEARCH } from '../../../libs/integrations/payment/payment.story-reader.js';
import { type GrowthPart, idOf, type Recurring } from './part.js';

/** Maximum milliseconds of one integration's part of a search. Parts run in parallel. The aim is 50 ms. */
const LARGEST_MS = 20;
const MOST = 10;

/** An operator's search in each integration. Other parts fill the tables. */
export const searchGrowth: GrowthPart = {
  tables: [],
  seed: () => Promise.resolve(),
  burst: () => Promise.resolve(),
  list: () =>
    Promise.resolve(
      Object.entries({
        'an order': '17',
        'an order number': '500A',
        'an id at a service': 'external 5000',
        'an id': idOf(7),
        'nothing known': 'nosuch',
      }).flatMap(([what, text]): Recurring[] => {
        const id = text === idOf(7) ? text : null;
        return [
          {
            name: `deliveries by ${what}`,
            sql: DELIVERY_SEARCH,
            values: [text, id, MOST, []],
            largestMs: LARGEST_MS,
            tables: ['delivery'],
          },
          { name: `payments by ${what}`, sql: PAYMENT_SEARCH, values: [text, id, MOST], largestMs: LARGEST_MS, tables: ['payment'] },
          {
            name: `calls by ${what}`,
            sql: CALL_SEARCH,
            values: [text, id, ['+79161234567'], MOST],
            largestMs: LARGEST_MS,
            tables: ['telephony_call'],
          },
        ];
      }),
    ),
};
