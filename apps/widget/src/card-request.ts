import {
  useCurrentUserContext,
  useCustomerCardContext,
  useCustomerCardPhoneContext,
  useOrderCardContext,
  useSettingsContext,
} from '@retailcrm/embed-ui';
import { ref, type Ref } from 'vue';
import type { EmbedOrder, EmbedRequest } from '../../../libs/widgets/widget-view.js';

/** The form around a widget. */
export interface Card {
  /** Whether the form's values have arrived. Before, its fields have defaults. */
  isReady: Readonly<Ref<boolean>>;
  /** Id of the order or customer in the form. Null: it is not saved yet. */
  readonly id: number | null;
  /** Describes the present form, with unsaved changes. */
  describe(): EmbedRequest;
}

/** Reads the form around a target. Only the contexts of the target exist. */
export function useCard(target: string): Card {
  const common = useCommon();
  if (target.startsWith('order/')) return useOrderCard(target, common);
  const customer = useCustomerCardContext();
  const phone = target === 'customer/card:phone' ? useCustomerCardPhoneContext() : undefined;
  return {
    isReady: useReady([common, customer, ...(phone ? [phone] : [])]),
    get id() {
      return customer.id;
    },
    describe: () => ({
      ...common.describe(),
      target,
      ...(customer.id !== null && {
        customer: { id: customer.id, ...(customer.externalId && { externalId: customer.externalId }), phones: customer.phones },
      }),
      ...(phone && { phone: phone.value }),
    }),
  };
}

/** The common part of the requests of widgets and pages. */
export function useCommon(): { initialize(): Promise<unknown>; describe(): EmbedRequest } {
  const settings = useSettingsContext();
  const user = useCurrentUserContext();
  return {
    initialize: () => Promise.all([settings.initialize(), user.initialize()]),
    describe: () => ({
      version: 1,
      locale: settings['system.locale'],
      ...(user.id !== null && { user: { id: user.id, name: [user.firstName, user.lastName].filter(Boolean).join(' ') } }),
    }),
  };
}

function useOrderCard(target: string, common: ReturnType<typeof useCommon>): Card {
  const order = useOrderCardContext();
  return {
    isReady: useReady([common, order]),
    get id() {
      return order.id;
    },
    describe: () => ({
      ...common.describe(),
      target,
      ...(order.id !== null && { order: describeOrder(order.id, order) }),
      ...(target === 'order/card:customer.phone' && order['customer.phone'] && { phone: order['customer.phone'] }),
    }),
  };
}

function describeOrder(id: number, order: ReturnType<typeof useOrderCardContext>): EmbedOrder {
  const prices = order.items.map(({ initialPrice, quantity }) => (initialPrice?.amount ?? 0) * quantity);
  const total = prices.reduce((sum, price) => sum + price, 0) - order['discount.total'];
  return {
    id,
    currency: order.currency,
    total: Number(total.toFixed(2)),
    items: order.items.map(({ offer, product, quantity }) => ({
      ...(offer && { offerId: offer.id, article: offer.article ?? undefined }),
      name: offer?.name ?? product?.name,
      quantity,
    })),
    number: order.number ?? undefined,
    address: order['delivery.address'] ?? undefined,
    customerId: order['customer.id'] ?? undefined,
    email: order['customer.email'] ?? undefined,
    phone: order['customer.phone'] ?? undefined,
  };
}

/** Requests the values of contexts. */
function useReady(contexts: readonly { initialize(): Promise<unknown> }[]): Ref<boolean> {
  const isReady = ref(false);
  void Promise.all(contexts.map((context) => context.initialize())).then(() => (isReady.value = true));
  return isReady;
}
