import type { AccountData } from '#platform';

const PARTS = ['pair', 'item', 'order', 'offer', 'product_group', 'product', 'source'];

/** The account's orders and products behind recommendations. */
export const copurchaseData: AccountData = {
  name: 'recommendations',
  tables: PARTS.map((part) => ({ table: `copurchase_${part}` })),
};
