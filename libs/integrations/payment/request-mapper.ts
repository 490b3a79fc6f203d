import { BadInputError, currencyDigits, exactMoneyFromWire, type Money, money, MoneyError, timesOf } from '#platform';
import type { CreatePaymentDto, InvoiceItemDto, PaymentCustomerDto } from './dto/callback.dto.js';
import { textOf } from './payment-rules.js';
import type { Buyer, CreateRequest, InvoiceItem } from './port/index.js';

/** What the CRM asks to be paid, before it is known how the shop takes money. */
export type InvoiceRequest = Omit<CreateRequest, 'reference' | 'capture' | 'payUrl' | 'doneUrl'>;

/** Reads a parsed `create`. `currencies`: those that can be taken. Throws BadInputError naming fields. */
export function invoiceRequestOf(dto: CreatePaymentDto, currencies: readonly string[]): InvoiceRequest {
  const currency = dto.currency.toUpperCase();
  if (!currencies.includes(currency)) throw new BadInputError({ currency: `must be one of: ${currencies.join(', ')}` });
  const amount = exactAmount(dto.amount, currency, 'amount');
  return {
    invoiceUuid: dto.invoiceUuid,
    shop: dto.shopId,
    amount,
    ...(dto.orderNumber && { orderNumber: dto.orderNumber }),
    ...(dto.orderId && { orderId: dto.orderId }),
    ...(dto.siteUrl && { siteUrl: dto.siteUrl }),
    ...(dto.returnUrl && { returnUrl: dto.returnUrl }),
    items: itemsOf(dto.items ?? [], amount),
    buyer: buyerOf(dto.customer),
  };
}

/** A wire amount in a currency, with no digit that the currency does not have. Throws BadInputError naming `path`. */
export function exactAmount(value: number, currency: string, path: string): Money {
  try {
    return exactMoneyFromWire(value, currency);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    const digits = currencyDigits(currency);
    throw new BadInputError({
      [path]: Number.isSafeInteger(Math.trunc(value * 10 ** digits))
        ? `must have ${digits === 0 ? 'no digits' : `at most ${digits} digits`} after the point: ${currency} has no smaller unit`
        : 'is too large',
    });
  }
}

/**
 * The lines with their totals, which make the amount to the last unit. A line's total is rounded; where the rounded lines miss what the exact sum rounds to, the
 * largest line takes the difference. Throws BadInputError when the items come to another amount.
 */
function itemsOf(dtos: readonly InvoiceItemDto[], amount: Money): InvoiceItem[] {
  if (dtos.length === 0) return [];
  const items = dtos.map((dto, index) => itemOf(dto, amount.currency, `items[${index}]`));
  const rounded = items.reduce((sum, item) => sum + item.total.minor, 0);
  if (rounded === amount.minor) return items;
  if (exactSumOf(items) !== amount.minor)
    throw new BadInputError({
      amount: `differs from the items' total, which is ${textOf(money(rounded, amount.currency))}`,
      items: `come to ${textOf(money(rounded, amount.currency))}, which is not the amount`,
    });
  const largest = items.reduce((most, item) => (item.total.minor > most.total.minor ? item : most));
  largest.total = money(largest.total.minor + amount.minor - rounded, amount.currency);
  return items;
}

function itemOf(dto: InvoiceItemDto, currency: string, path: string): InvoiceItem {
  const price = exactAmount(dto.price, currency, `${path}.price`);
  const quantity = dto.quantity ?? 1;
  return {
    name: dto.name ?? '',
    price,
    quantity,
    total: totalOf(price, quantity, path),
    ...(dto.measurementUnit && { measurementUnit: dto.measurementUnit }),
    ...(dto.vat && { vat: dto.vat }),
    ...(dto.paymentMethod && { paymentMethod: dto.paymentMethod }),
    ...(dto.paymentObject && { paymentObject: dto.paymentObject }),
    ...(dto.productCode && { productCode: dto.productCode }),
    ...(dto.markingCode && { markingCode: dto.markingCode }),
  };
}

function totalOf(price: Money, quantity: number, path: string): Money {
  try {
    return timesOf(price, quantity);
  } catch (error) {
    if (error instanceof MoneyError) throw new BadInputError({ [`${path}.quantity`]: 'is too large' });
    throw error;
  }
}

/** The sum of all prices times quantities in minor units, rounded once: in millionths of a minor unit, which no quantity of the CRM's goes below. */
function exactSumOf(items: readonly InvoiceItem[]): number {
  const millionths = items.reduce(
    (sum, item) => sum + BigInt(item.price.minor) * BigInt(timesOf(money(1_000_000, 'JPY'), item.quantity).minor),
    0n,
  );
  return Number((millionths * 2n + 1_000_000n) / 2_000_000n);
}

function buyerOf(dto: PaymentCustomerDto | undefined): Buyer {
  if (!dto) return {};
  const name = [dto.lastName, dto.firstName, dto.patronymic].filter(Boolean).join(' ');
  const phone = dto.phones?.find((one) => one.number)?.number;
  return { ...(dto.id && { id: dto.id }), ...(name && { name }), ...(dto.email && { email: dto.email }), ...(phone && { phone }) };
}
