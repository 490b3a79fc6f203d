import type { Holding } from '#platform';

const PARTS = ['pair', 'item', 'order', 'offer', 'product_group', 'product', 'source'];

/** The account's orders and products behind recommendations. */
export const copurchaseHolding: Holding = {
  name: 'recommendations',
  tables: PARTS.map((part) => ({ table: `copurchase_${part}` })),
};
