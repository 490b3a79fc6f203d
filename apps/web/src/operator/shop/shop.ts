import type { Schemas } from '../api.js';

/** A connection that is not erased yet. */
export type Connection = Schemas['ConnectionDetails'];

/** Whether more is left of a connection than its erasure. */
export function isConnection(shop: Connection | Schemas['ErasedConnectionView']): shop is Connection {
  return 'systemUrl' in shop;
}

/** The host of the shop's CRM, by which people know it. */
export function hostOf({ systemUrl }: Connection): string {
  return new URL(systemUrl).host;
}

/** The views of a shop, and the integration whose modules have it; without one all have. */
const TABS = {
  state: { title: 'State' },
  deliveries: { title: 'Deliveries', of: 'delivery' },
  payments: { title: 'Payments', of: 'payment' },
  calls: { title: 'Calls', of: 'telephony' },
  stock: { title: 'Stock', of: 'store' },
  dialogues: { title: 'Dialogues', of: 'chat' },
  activity: { title: 'Activity' },
  settings: { title: 'Settings' },
  rules: { title: 'Rules', of: 'delivery' },
  journal: { title: 'Journal' },
  changes: { title: 'Changes of state' },
} satisfies Record<string, { title: string; of?: string }>;

export type TabKey = keyof typeof TABS;

/** Lists the views of a shop: those of the integrations of its module, and those that all have. */
export function listTabs(module: Schemas['ModuleView'] | undefined): { key: TabKey; title: string }[] {
  const integrations = module ? [module.integration, ...(module.providers ?? []).map(({ integration }) => integration)] : [];
  return (Object.entries(TABS) as [TabKey, { title: string; of?: string }][])
    .filter(([, { of }]) => of === undefined || integrations.includes(of))
    .map(([key, { title }]) => ({ key, title }));
}

/** Formats an amount of a currency, such as 12.5 of `EUR`; without a currency the number alone. */
export function formatAmount(amount: number | undefined, currency: string | undefined): string {
  if (amount === undefined) return '';
  return new Intl.NumberFormat('en', currency === undefined ? {} : { style: 'currency', currency }).format(amount);
}
