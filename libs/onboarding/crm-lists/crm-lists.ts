import type { CallOptions, CrmClient } from '#crm-client';
import { CRM_LOOKUPS, type CrmLookup, type LookupItem } from '#provider-kit';
import { type Loose, toList, toLoose, toNumber, toText } from './loose.js';

/** A list in the CRM that the settings page searches. */
export interface CrmList {
  /** Scope that the API key needs. */
  readonly scope: string;
  /** Loads all items, inactive ones last. Lenient: unreadable items are left out. Throws CrmError. */
  load(crm: CrmClient, options: CallOptions): Promise<LookupItem[]>;
}

/** Maximum number of items in a list. The CRM's own lists are far shorter. */
const MOST_ITEMS = 5_000;
const USERS_A_PAGE = 100;
const MOST_USER_PAGES = 10;
/** Maximum length of a shown text. A longer code or id is not valid as a setting. */
const SHOWN_LENGTH = 200;
const CODE_LENGTH = 255;

/** Settings may use the lookups. The other lists are for entries in the CRM. */
export type CrmListName = CrmLookup | 'costItems' | 'paymentStatuses';

/** The CRM's lists by name. */
export const CRM_LISTS: Readonly<Record<CrmListName, CrmList>> = {
  sites: buildReference('sites', (crm, options) => crm.references.sites(options)),
  stores: buildReference('stores', (crm, options) => crm.references.stores(options)),
  legalEntities: buildReference('legalEntities', (crm, options) => crm.references.legalEntities(options), readLegalEntity),
  paymentTypes: buildReference('paymentTypes', (crm, options) => crm.references.paymentTypes(options)),
  /** Only items that refer to orders. */
  costItems: buildReference('costItems', (crm, options) => crm.references.costItems(options), readCostItem),
  paymentStatuses: buildReference('paymentStatuses', (crm, options) => crm.references.paymentStatuses(options)),
  statuses: buildReference('statuses', (crm, options) => crm.references.statuses(options)),
  deliveryTypes: buildReference('deliveryTypes', (crm, options) => crm.references.deliveryTypes(options)),
  users: { scope: 'user_read', load: loadUsers },
};

/** Whether a lookup is a list in the CRM. */
export function isCrmLookup(name: string): name is CrmLookup {
  return (CRM_LOOKUPS as readonly string[]).includes(name);
}

function buildReference(
  field: CrmListName,
  read: (crm: CrmClient, options: CallOptions) => Promise<unknown>,
  readRow: (row: Loose) => LookupItem[] = readCoded,
): CrmList {
  return {
    scope: 'reference_read',
    load: async (crm, options) => {
      const rows = toList(toLoose(await read(crm, options))[field])
        .slice(0, MOST_ITEMS)
        .map(toLoose);
      return [...rows.filter(isActive), ...rows.filter((row) => !isActive(row))].flatMap(readRow);
    },
  };
}

function readCoded({ code, name }: Loose): LookupItem[] {
  const value = toText(code);
  if (value === undefined || value.length > CODE_LENGTH) return [];
  return [{ value, label: (toText(name) ?? value).slice(0, SHOWN_LENGTH) }];
}

/** Callbacks contain a legal entity's name, not its code. */
function readCostItem(row: Loose): LookupItem[] {
  return isTrue(row.appliesToOrders) ? readCoded(row) : [];
}

function readLegalEntity({ code, legalName }: Loose): LookupItem[] {
  const value = toText(legalName)?.trim();
  if (!value || value.length > CODE_LENGTH) return [];
  const hint = toText(code)?.slice(0, SHOWN_LENGTH);
  return [{ value, label: value.slice(0, SHOWN_LENGTH), ...(hint && { hint }) }];
}

async function loadUsers(crm: CrmClient, options: CallOptions): Promise<LookupItem[]> {
  const users: LookupItem[] = [];
  for (let page = 1; page <= MOST_USER_PAGES; page++) {
    const reply: unknown = await crm.users.list({ filter: { active: true }, limit: USERS_A_PAGE, page }, options);
    const { users: rows, pagination } = toLoose(reply);
    users.push(...toList(rows).slice(0, USERS_A_PAGE).map(toLoose).filter(isActive).flatMap(readUser));
    if (page >= (toNumber(toLoose(pagination).totalPageCount) ?? 0)) break;
  }
  return users;
}

function readUser({ id, firstName, lastName, email }: Loose): LookupItem[] {
  const value = toNumber(id);
  if (value === undefined || !Number.isSafeInteger(value)) return [];
  const name = [firstName, lastName].flatMap((part) => toText(part) ?? []).join(' ');
  const hint = toText(email)?.slice(0, SHOWN_LENGTH);
  return [{ value, label: (name || hint || String(value)).slice(0, SHOWN_LENGTH), ...(hint && { hint }) }];
}

function isActive({ active }: Loose): boolean {
  return active === undefined || active === null || isTrue(active);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}
