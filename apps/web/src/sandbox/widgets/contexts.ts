import { askAccount } from '../control.js';
import type { CustomerView, Fields, OrderItemView, OrderView, ReferenceLists } from '../control-types.js';
import { writeAddress } from '../orders/order.js';
import { asFields, asText } from '../registration.js';

/** The forms and settings of the CRM that widgets see, by context and field. */
export type Contexts = Readonly<
  Partial<
    Record<
      'order/card' | 'order/card:settings' | 'customer/card' | 'customer/card:phone' | 'user/current' | 'settings',
      Record<string, unknown>
    >
  >
>;

/** The CRM's locales, the default first. */
const LOCALES = ['en-GB', 'es-ES', 'ru-RU'];

/** Addresses of the screens by the CRM's name of a route, as Symfony describes them. */
const ROUTING = {
  ...{ base_url: '/#', host: '', locale: '', port: '', prefix: '', scheme: 'http' },
  routes: {
    crm_orders_edit: {
      ...{ defaults: [], hosttokens: [], methods: [], requirements: { id: '\\d+' }, schemes: [] },
      tokens: [
        ['variable', '/', '\\d+', 'id', true],
        ['text', '/orders'],
      ],
    },
  },
};

/** Reads the contexts of every widget and page: the account's language and its first user. */
export async function readCommonContexts(): Promise<Contexts> {
  const [{ settings }, { users }] = await Promise.all([
    askAccount<{ settings: Fields }>('/settings'),
    askAccount<ReferenceLists>('/references'),
  ]);
  const language = asText(asFields(settings.system_language).value).toLowerCase();
  const { id, email, firstName, lastName } = users[0] ?? {};
  return {
    settings: {
      'system.locale': LOCALES.find((locale) => locale.startsWith(`${language}-`)) ?? LOCALES[0],
      'system.routing': ROUTING,
    },
    'user/current': { id: id ?? null, email: email ?? '', firstName: firstName ?? null, lastName: lastName ?? null, isManager: true },
  };
}

/** The context of an order's card. */
export function describeOrder(order: OrderView): Contexts {
  const { customer } = order;
  return {
    'order/card': {
      ...{ id: order.id, number: order.number, site: order.site, currency: order.currency, status: order.status },
      'customer.id': customer?.id ?? null,
      'customer.externalId': customer?.externalId ?? null,
      'customer.firstName': order.firstName ?? null,
      'customer.lastName': order.lastName ?? null,
      'customer.email': order.email ?? null,
      'customer.phone': order.phone ?? null,
      'delivery.address': writeAddress(order) || null,
      items: order.items.map((item, index) => describeItem(item, index, order.currency)),
    },
  };
}

/** The contexts of a customer's card and of one of the phones in it. */
export function describeCustomer({ id, externalId, email, phones = [] }: CustomerView, index = 0): Contexts {
  const numbers = phones.map(({ number }) => number);
  return {
    'customer/card': { id, externalId: externalId ?? null, email: email ?? '', phones: numbers },
    'customer/card:phone': { value: numbers[index] ?? '', index },
  };
}

function describeItem({ id, productName, initialPrice, quantity, offer }: OrderItemView, index: number, currency: string): object {
  return {
    ...{ id, index, type: 'PRODUCT', quantity, product: null, priceType: null, purchasePrice: null, status: null },
    initialPrice: { amount: initialPrice, currency },
    offer: offer.id === undefined ? null : { id: offer.id, name: offer.displayName ?? productName, article: null },
    ...{ properties: [], discounts: [], discountTotal: 0, bonusesChargeTotal: 0, bonusesCreditTotal: 0 },
    ...{ vatRate: 'none', vatSum: 0, comment: '' },
  };
}
