import type { DeliveryView, OrderView } from '../control-types.js';

/** The customer's name as written on the order. */
export function nameCustomer({ firstName, lastName }: OrderView): string {
  return [firstName, lastName].filter(Boolean).join(' ') || 'No name';
}

/** The delivery that an order has now, if any. */
export function findDelivery({ deliveries }: OrderView): DeliveryView | undefined {
  return deliveries.findLast(({ deleted }) => !deleted);
}

/** An address in one line. */
export function writeAddress({ delivery }: OrderView): string {
  const { index, countryIso, region, city, text } = delivery.address ?? {};
  return [index, countryIso, region === city ? undefined : region, city, text].filter(Boolean).join(', ');
}
