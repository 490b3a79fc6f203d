/** Kinds of goods that have stock, and the two that have none. */
export const GOODS_TYPES = ['product', 'variant', 'consignment', 'bundle', 'service'] as const;
export type MoySkladGoodsType = (typeof GOODS_TYPES)[number];

export const BARCODES = ['ean13', 'ean8', 'code128', 'gtin', 'upc'] as const;

/** A good of the account. Quantities are whole ten-thousandths. */
export interface MoySkladGood {
  id: string;
  type: MoySkladGoodsType;
  name: string;
  /** Not unique by itself. */
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
  /** Of a bundle. */
  components?: { good: string; quantity: number }[];
  updated: number;
  /** By store; goods never moved there have none. */
  readonly balances: Map<string, { stock: number; inTransit: number }>;
  /** When its physical stock changed last, and when only what is reserved of it did. */
  stockChanged: number;
  reserveChanged: number;
  /** Until when its figures are being recalculated, and what they were before. */
  recalculation?: { until: number; before: readonly MoySkladFigures[] };
}

/** What a store has of a good; `store` null: what orders without one reserve. */
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
  /** Of a store within another. */
  parent?: string;
  /** Of a currency. */
  isoCode?: string;
}
export type MoySkladEntryType = 'store' | 'organization' | 'counterparty' | 'currency';

/** A position of an order. Quantities are whole ten-thousandths, the price hundredths. */
export interface MoySkladPosition {
  id: string;
  good: string;
  quantity: number;
  /** As it was set; what is shipped counts no more. */
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
  /** What was shipped of it, by good. */
  readonly shipped: Map<string, number>;
}

/** A subscription. */
export interface MoySkladHook {
  id: string;
  family: 'webhook' | 'webhookstock';
  url: string;
  enabled: boolean;
  /** The app that made it; none: a user. */
  app?: string;
  action?: 'CREATE' | 'UPDATE' | 'DELETE';
  entityType?: string;
  diffType?: 'NONE' | 'FIELDS';
  stockType?: 'stock';
  reportType?: 'bystore' | 'all';
  /** Days on which a notice was lost since the last that was taken. */
  readonly failedDays: Set<number>;
}
