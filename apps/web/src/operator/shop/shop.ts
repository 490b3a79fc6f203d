import type { Schemas } from '../api.js';

/** A connection that is not erased yet. */
export type Connection = Schemas['ConnectionDetails'];

/** Whether a connection has not been erased. */
export function isConnection(shop: Connection | Schemas['ErasedConnectionView']): shop is Connection {
  return 'systemUrl' in shop;
}

/** Returns the host of the shop's CRM, which identifies the shop for people. */
export function hostOf({ systemUrl }: Connection): string {
  return new URL(systemUrl).host;
}

/** The tabs of a shop, each with the integrations that have it. Tabs without integrations always exist. */
const TABS = {
  state: { title: 'State' },
  deliveries: { title: 'Deliveries', of: 'delivery' },
  payments: { title: 'Payments', of: 'payment' },
  money: { title: 'Money' },
  calls: { title: 'Calls', of: 'telephony' },
  stock: { title: 'Stock', of: 'store' },
  dialogues: { title: 'Dialogues', of: 'chat' },
  activity: { title: 'Activity' },
  settings: { title: 'Settings' },
  rules: { title: 'Rules', of: 'delivery' },
  journal: { title: 'Journal' },
  changes: { title: 'State changes' },
} satisfies Record<string, { title: string; of?: string }>;

export type TabKey = keyof typeof TABS;

/** Lists a shop's tabs: the tabs of its module's integrations, and the tabs that always exist. */
export function listTabs(module: Schemas['ModuleView'] | undefined): { key: TabKey; title: string }[] {
  const integrations = module ? [module.integration, ...(module.providers ?? []).map(({ integration }) => integration)] : [];
  return (Object.entries(TABS) as [TabKey, { title: string; of?: string }][])
    .filter(([, { of }]) => of === undefined || integrations.includes(of))
    .map(([key, { title }]) => ({ key, title }));
}
