/** The wire types of `/embed/...`, shared with the bundle (`apps/widget`). This file imports nothing. */

/** How something is marked. `bad` is red. */
export type WidgetTone = 'plain' | 'good' | 'warning' | 'bad';

/** An item of the order form. */
export interface EmbedItem {
  offerId?: number;
  article?: string;
  name?: string;
  quantity: number;
}

/** The order in the form, with unsaved changes. */
export interface EmbedOrder {
  /** Id in the CRM. The bundle sends no request for an order that is not saved yet. */
  id: number;
  number?: string;
  currency?: string;
  /** Sum of the items minus the discount, in major units. */
  total?: number;
  /** The delivery address, one line. */
  address?: string;
  items?: EmbedItem[];
  customerId?: number;
  email?: string;
  phone?: string;
}

/** The customer of the card. */
export interface EmbedCustomer {
  id: number;
  externalId?: string;
  phones?: string[];
}

/** The part that all requests have in common. Everything here is a claim of a browser. */
export interface EmbedRequest {
  version: 1;
  /** As the CRM names it, `order/card:delivery.after`. Absent from requests of the registry page. */
  target?: string;
  /** The CRM's locale, `ru-RU`. Default: the language of the account. */
  locale?: string;
  order?: EmbedOrder;
  customer?: EmbedCustomer;
  /** At the targets `customer/card:phone` and `order/card:customer.phone`. */
  phone?: string;
  /** The claimed user of the CRM. */
  user?: { id: number; name?: string };
}

/** Request of `/embed/act`. */
export interface EmbedPress extends EmbedRequest {
  /** From the action of the view: `delivery:<uuid>`. */
  thing: string;
  action: string;
  /** UUID of the press. A repeat with the same key gets the same reply. */
  key: string;
}

/** Request of `/embed/registry`. */
export interface RegistryRequest extends EmbedRequest {
  /** Default: the first tab. */
  tab?: string;
  search?: string;
  /** Values by the filter's id. */
  filter?: Record<string, string>;
  /** `next` of the page before. */
  after?: string;
}

/** The button at a target. */
export interface WidgetBadge {
  /** The state in two or three words. */
  text: string;
  tone: WidgetTone;
}

/** Reply of `/embed/badge`. */
export interface BadgeReply {
  /** Null: nothing is shown at the target. */
  badge: WidgetBadge | null;
}

export interface WidgetAlert {
  tone: WidgetTone;
  text: string;
  /** Recommended action. */
  advice?: string;
}

export interface WidgetRow {
  label: string;
  text: string;
  href?: string;
  /** Whether a button copies `text`. */
  copy?: boolean;
  tone?: WidgetTone;
}

export interface WidgetSection {
  title: string;
  rows: WidgetRow[];
  /** Shown if there are no rows. */
  empty?: string;
}

export interface WidgetAction {
  thing: string;
  action: string;
  label: string;
  /** Question before the action is sent. */
  confirm?: string;
  /** Whether the reply has an address to open. */
  opens?: boolean;
  /** Text that the press copies. Nothing is sent then. */
  copies?: string;
  /** Key of an earlier press whose outcome is not known. The next press repeats it. */
  key?: string;
}

/** Reply of `/embed/view`: the sidebar. */
export interface WidgetView {
  title: string;
  state?: string;
  tone: WidgetTone;
  /** "as of 14:05, 2 hours ago" */
  age?: string;
  alerts: WidgetAlert[];
  sections: WidgetSection[];
  actions: WidgetAction[];
  /** The records that it is about, as in the actions. */
  things?: string[];
  /** Seconds after which an open sidebar is loaded again. Absent: it is not. */
  refreshS?: number;
}

/** Reply of `/embed/act`. */
export interface PressResult {
  text: string;
  tone: WidgetTone;
  /** Address for a new window. */
  open?: string;
  /** The view after the action, if it changed. */
  view?: WidgetView;
}

export interface RegistryTab {
  id: string;
  label: string;
}

export interface RegistryFilter {
  id: string;
  label: string;
  options: { value: string; label: string }[];
}

export interface RegistryColumn {
  id: string;
  label: string;
}

export interface RegistryRow {
  id: string;
  /** Texts by the column's id. */
  cells: Record<string, string>;
  tone: WidgetTone;
  /** Id of the order in the CRM that the row links to. */
  orderId?: number;
}

/** Reply of `/embed/registry`. */
export interface Registry {
  tabs: RegistryTab[];
  tab: string;
  filters: RegistryFilter[];
  columns: RegistryColumn[];
  rows: RegistryRow[];
  /** `after` of the next page. Absent on the last one. */
  next?: string;
  /** Shown if there are no rows. */
  empty: string;
}
