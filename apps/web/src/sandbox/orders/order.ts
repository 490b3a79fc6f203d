import type { DeliveryView, OrderView } from '../control-types.js';

/** Returns the customer's name as written on the order. */
export function nameCustomer({ firstName, lastName }: OrderView): string {
  return [firstName, lastName].filter(Boolean).join(' ') || 'No name';
}

/** Returns the order's current delivery, if any. */
export function findDelivery({ deliveries }: OrderView): DeliveryView | undefined {
  return deliveries.findLast(({ deleted }) => !deleted);
}

/** Formats an address in one line. */
export function writeAddress({ delivery }: OrderView): string {
  const { index, countryIso, region, city, text } = delivery.address ?? {};
  return [index, countryIso, region === city ? undefined : region, city, text].filter(Boolean).join(', ');
}
