/** Kinds of goods: some have stock, the last two do not. */
export const GOODS_TYPES = ['product', 'variant', 'consignment', 'bundle', 'service'] as const;
export type MoySkladGoodsType = (typeof GOODS_TYPES)[number];

export const BARCODES = ['ean13', 'ean8', 'code128', 'gtin', 'upc'] as const;

/** A good of the account. Quantities are whole ten-thousandths. */
export interface MoySkladGood {
  id: string;
  type: MoySkladGoodsType;
  name: string;
  /** The code, which is not unique. */
  code?: string;
  /** Not unique either. */
  externalCode: string;
  /** Free text of products and bundles. */
  article?: string;
  barcodes: Partial<Record<(typeof BARCODES)[number], string>>[];
  archived: boolean;
  /** In hundredths of the currency, maybe with a fraction; `currency` is its id. */
  buyPrice?: { value: number; currency: string };
  /** Id of a variant's product. */
  product?: string;
  /** For a bundle. */
  components?: { good: string; quantity: number }[];
  updated: number;
  /** By store. Goods that never moved there have no entry. */
  readonly balances: Map<string, { stock: number; inTransit: number }>;
  /** When its physical stock changed last, and when only its reserves did. */
  stockChanged: number;
  reserveChanged: number;
  /** Until when its figures are being recalculated, and the previous figures. */
  recalculation?: { until: number; before: readonly MoySkladFigures[] };
}

/** A store's stock of a good. `store` null: the reserves of orders without a store. */
export interface MoySkladFigures {
  store: string | null;
  stock: number;
  reserve: number;
  inTransit: number;
}

/** A store, an organization, a counterparty or a currency. */
export interface MoySkladEntry {
  id: string;
  name: string;
  code?: string;
  externalCode: string;
  archived: boolean;
  updated: number;
  /** For a store within another. */
  parent?: string;
  /** For a currency. */
  isoCode?: string;
}
export type MoySkladEntryType = 'store' | 'organization' | 'counterparty' | 'currency';

/** A position of an order. Quantities are whole ten-thousandths, the price hundredths. */
export interface MoySkladPosition {
  id: string;
  good: string;
  quantity: number;
  /** The value that was set. Shipped units no longer count. */
  reserve: number;
  price: number;
  discount: number;
  vat: number;
  vatEnabled: boolean;
}

/** An order of a customer. */
export interface MoySkladOrder {
  id: string;
  name: string;
  externalCode: string;
  syncId?: string;
  organization: string;
  agent: string;
  store?: string;
  description?: string;
  /** Posted: only such orders reserve. */
  applicable: boolean;
  moment: number;
  deliveryPlannedMoment?: number;
  created: number;
  updated: number;
  /** In the bin since. */
  deleted?: number;
  positions: MoySkladPosition[];
  /** Its shipped units, by good. */
  readonly shipped: Map<string, number>;
}

/** A document that moves stock: goods sent to a customer, or goods of a customer that came back. */
export interface MoySkladMovement extends Omit<MoySkladOrder, 'shipped' | 'deliveryPlannedMoment'> {
  type: 'demand' | 'salesreturn';
  /** Id of the order that a demand ships, or of the demand that comes back. */
  basis?: string;
}

/** A subscription. */
export interface MoySkladHook {
  id: string;
  family: 'webhook' | 'webhookstock';
  url: string;
  enabled: boolean;
  /** The app that made it. Missing for a user. */
  app?: string;
  action?: 'CREATE' | 'UPDATE' | 'DELETE';
  entityType?: string;
  diffType?: 'NONE' | 'FIELDS';
  stockType?: 'stock';
  reportType?: 'bystore' | 'all';
  /** Days on which a notice was lost since the last that was taken. */
  readonly failedDays: Set<number>;
}
