import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { YooKassaMoney } from './yookassa-wire.js';

/** Makes the refusal of a parameter, or of an act that the state does not allow. */
export function invalid(message: string, parameter?: string): Refusal {
  return new Refusal(400, 'invalid_request', message, parameter === undefined || parameter === '' ? undefined : { parameter });
}

/** Finds an object of the shop. Throws the refusal. */
export function found<T extends { id: string }>(objects: readonly T[], id: string, what: string, parameter: string): T {
  const object = objects.find((one) => one.id === id);
  if (object === undefined) throw new Refusal(404, 'not_found', `${what} is not there, or is another shop's`, { parameter });
  return object;
}

/** Hundredths of the currency. Every currency of YooKassa has two digits. */
export function toMinor({ value }: YooKassaMoney): number {
  return Number(value.replace('.', ''));
}

export function toAmount(minor: number, currency: string): YooKassaMoney {
  const digits = String(minor).padStart(3, '0');
  return { value: `${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}
