import type { MoySkladAccount, MoySkladUser } from './moysklad-account.js';
import type {
  MoySkladEntry,
  MoySkladEntryType,
  MoySkladGood,
  MoySkladHook,
  MoySkladMovement,
  MoySkladOrder,
  MoySkladPosition,
} from './moysklad-objects.js';
import { toNumber, writeMoment } from './moysklad-units.js';

/** A reference to another object. */
export interface MoySkladMeta {
  meta: { href: string; metadataHref?: string; type: string; mediaType: string };
}

/** The expanded paths, and whether positions contain their stock. */
export interface MoySkladView {
  expand: ReadonlySet<string>;
  withStock?: boolean;
  /** Maximum number of expanded rows. */
  limit?: number;
}
const PLAIN: MoySkladView = { expand: new Set() };

/** Objects in the API's format for a user. Empty fields are omitted. */
export class MoySkladViews {
  constructor(
    readonly base: string,
    private readonly account: MoySkladAccount,
    private readonly user: MoySkladUser,
  ) {}

  meta(type: string, id: string, path = `entity/${type}/${id}`): MoySkladMeta {
    const metadataHref = `${this.base}/entity/${type}/metadata`;
    return { meta: { href: `${this.base}/${path}`, metadataHref, type, mediaType: 'application/json' } };
  }

  good(good: MoySkladGood, { expand, limit = 100 }: MoySkladView = PLAIN): object {
    const { book } = this.account;
    const product = good.product === undefined ? undefined : book.goods.get(good.product);
    const seesPrice = good.buyPrice && good.type !== 'consignment' && !this.user.lacks.has('seeBuyPrice');
    const { components } = good;
    return {
      ...this.meta(good.type, good.id),
      ...{ id: good.id, accountId: this.account.id, updated: writeMoment(good.updated), name: good.name },
      ...(good.code !== undefined && { code: good.code }),
      ...{ externalCode: good.externalCode, archived: good.archived },
      ...(good.article !== undefined && (good.type === 'product' || good.type === 'bundle') && { article: good.article }),
      ...(good.barcodes.length > 0 && { barcodes: good.barcodes }),
      ...(good.buyPrice && seesPrice && { buyPrice: { value: good.buyPrice.value, ...this.currency(good.buyPrice.currency) } }),
      ...(product && { product: expand.has('product') ? this.good(product) : this.meta('product', product.id) }),
      ...(components && { components: this.components(good, expand.has('components') ? components.slice(0, limit) : undefined, expand) }),
    };
  }

  components(good: MoySkladGood, rows: MoySkladGood['components'], expand: ReadonlySet<string>): object {
    const size = good.components?.length ?? 0;
    const { meta } = this.meta('bundlecomponent', good.id, `entity/bundle/${good.id}/components`);
    return {
      meta: { ...meta, size, limit: 1_000, offset: 0 },
      ...(rows && { rows: rows.map((row) => this.component(good, row, expand.has('components.assortment'))) }),
    };
  }

  component(bundle: MoySkladGood, { good: id, quantity }: { good: string; quantity: number }, isExpanded = false): object {
    const good = this.account.book.good(id);
    return {
      ...this.meta('bundlecomponent', id, `entity/bundle/${bundle.id}/components/${id}`),
      ...{ id, accountId: this.account.id, quantity: toNumber(quantity) },
      assortment: isExpanded ? this.good(good) : this.meta(good.type, good.id),
    };
  }

  entry(type: MoySkladEntryType, entry: MoySkladEntry): object {
    const { id, name, code, externalCode, archived, updated, parent, isoCode } = entry;
    const above = parent === undefined ? undefined : this.account.book.entries.store.get(parent);
    if (type === 'currency')
      return {
        ...this.meta(type, id),
        ...{ id, name, fullName: name, code: isoCode === 'RUB' ? '643' : '840', isoCode, archived, system: true },
        ...{ rate: isoCode === 'RUB' ? 1 : 90, multiplicity: 1, indirect: false, default: isoCode === 'RUB', rateUpdateType: 'manual' },
      };
    return {
      ...this.meta(type, id),
      ...{ id, accountId: this.account.id, updated: writeMoment(updated), name },
      ...(code !== undefined && { code }),
      ...{ externalCode, archived },
      ...(type === 'store' && { pathName: above?.name ?? '' }),
      ...(above && { parent: this.meta('store', above.id) }),
    };
  }

  order(order: MoySkladOrder, view: MoySkladView = PLAIN): object {
    const { expand, limit = 100 } = view;
    const { entries } = this.account.book;
    const about = (type: MoySkladEntryType, name: string, id: string): object => {
      const entry = entries[type].get(id);
      return entry && expand.has(name) ? this.entry(type, entry) : this.meta(type, id);
    };
    const { meta } = this.meta('customerorderposition', order.id, `entity/customerorder/${order.id}/positions`);
    const rows = order.positions.slice(0, limit);
    return {
      ...this.meta('customerorder', order.id),
      ...{ id: order.id, accountId: this.account.id },
      ...(order.syncId !== undefined && { syncId: order.syncId }),
      ...{ updated: writeMoment(order.updated), name: order.name },
      ...(order.description !== undefined && { description: order.description }),
      ...{ externalCode: order.externalCode, moment: toMinute(order.moment), applicable: order.applicable },
      ...(order.deleted !== undefined && { deleted: writeMoment(order.deleted) }),
      sum: order.positions.reduce((sum, { price, quantity }) => sum + Math.round(price * toNumber(quantity)), 0),
      ...(order.store !== undefined && { store: about('store', 'store', order.store) }),
      agent: about('counterparty', 'agent', order.agent),
      organization: about('organization', 'organization', order.organization),
      created: writeMoment(order.created),
      ...(order.deliveryPlannedMoment !== undefined && { deliveryPlannedMoment: toMinute(order.deliveryPlannedMoment) }),
      positions: {
        meta: { ...meta, size: order.positions.length, limit: expand.has('positions') ? limit : 1_000, offset: 0 },
        ...(expand.has('positions') && {
          rows: rows.map((one) =>
            this.position(order, one, { isExpanded: expand.has('positions.assortment'), withStock: view.withStock ?? false }),
          ),
        }),
      },
    };
  }

  position(order: MoySkladOrder, position: MoySkladPosition, { isExpanded = false, withStock = false } = {}): object {
    const { book } = this.account;
    const good = book.good(position.good);
    return {
      ...this.meta('customerorderposition', position.id, `entity/customerorder/${order.id}/positions/${position.id}`),
      ...{ id: position.id, accountId: this.account.id, quantity: toNumber(position.quantity), price: position.price },
      ...{ discount: position.discount, vat: position.vat, vatEnabled: position.vatEnabled },
      assortment: isExpanded ? this.good(good) : this.meta(good.type, good.id),
      ...{ shipped: toNumber(book.countShipped(order, position)), reserve: toNumber(book.countReserve(order, position)) },
      ...(withStock && { stock: this.stock(order, good) }),
    };
  }

  movement(movement: MoySkladMovement, { expand, limit = 100 }: MoySkladView = PLAIN): object {
    const { type, id, syncId, basis, description, store = '', positions } = movement;
    const path = `entity/${type}/${id}/positions`;
    const rows = positions.slice(0, limit).map(({ id: own, good, quantity, price, discount, vat, vatEnabled }) => ({
      ...this.meta(`${type}position`, own, `${path}/${own}`),
      ...{ id: own, accountId: this.account.id, quantity: toNumber(quantity), price, discount, vat, vatEnabled },
      assortment: this.meta(this.account.book.good(good).type, good),
    }));
    const { meta } = this.meta(`${type}position`, id, path);
    return {
      meta: { ...this.meta(type, id).meta, uuidHref: `https://online.moysklad.ru/app/#${type}/edit?id=${id}` },
      ...{
        id,
        accountId: this.account.id,
        ...(syncId !== undefined && { syncId }),
        updated: writeMoment(movement.updated),
        name: movement.name,
      },
      ...(description !== undefined && { description }),
      ...{ externalCode: movement.externalCode, moment: toMinute(movement.moment), applicable: movement.applicable },
      sum: positions.reduce((sum, { price, quantity }) => sum + Math.round(price * toNumber(quantity)), 0),
      ...{ store: this.meta('store', store), agent: this.meta('counterparty', movement.agent) },
      organization: this.meta('organization', movement.organization),
      created: writeMoment(movement.created),
      ...(basis !== undefined &&
        (type === 'demand' ? { customerOrder: this.meta('customerorder', basis) } : { demand: this.meta('demand', basis) })),
      positions: { meta: { ...meta, size: positions.length, limit: 1_000, offset: 0 }, ...(expand.has('positions') && { rows }) },
    };
  }

  hook(hook: MoySkladHook): object {
    const { family, id, url, enabled, action, entityType, diffType, stockType, reportType, app } = hook;
    return {
      ...this.meta(family, id),
      ...{ id, accountId: this.account.id, url, enabled },
      ...(family === 'webhook' ? { entityType, action, method: 'POST', diffType: diffType ?? 'NONE' } : { stockType, reportType }),
      ...(app !== undefined && { authorApplication: this.meta('application', app) }),
    };
  }

  private currency(id: string): object {
    return { currency: this.meta('currency', id) };
  }

  /** The members that `fields=stock` adds: current figures, also while reports are being recalculated. */
  private stock(order: MoySkladOrder, good: MoySkladGood): object {
    const { book } = this.account;
    const isOfAll = book.modes.positionStock === 'all' || order.store === undefined;
    const rows = book.listFigures(good).filter(({ store }) => isOfAll || store === order.store);
    const sum = (pick: (row: (typeof rows)[number]) => number): number => toNumber(rows.reduce((all, row) => all + pick(row), 0));
    return {
      ...{ cost: good.buyPrice?.value ?? 0, quantity: sum(({ stock }) => stock), reserve: sum(({ reserve }) => reserve) },
      intransit: sum(({ inTransit }) => inTransit),
      available: sum(({ stock, reserve, inTransit }) => stock - reserve + inTransit),
    };
  }
}

/** Dates of documents are kept to the minute. */
function toMinute(at: number): string {
  return writeMoment(Math.floor(at / 60_000) * 60_000);
}
