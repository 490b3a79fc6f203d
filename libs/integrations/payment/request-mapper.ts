import { BadInputError } from '#platform';
import { type Customer, readExactAmount, type Money, toCustomer, toMoney, MoneyError, readMoney, splitByWeight } from '#provider-kit';
import type { CreatePaymentDto, InvoiceItemDto } from './dto/callback.dto.js';
import type { Buyer, CreateRequest, InvoiceItem, PaymentManifest } from './port/index.js';

/** A payment request from the CRM, before the shop's capture mode is known. */
export type InvoiceRequest = Omit<CreateRequest, 'reference' | 'capture' | 'payUrl' | 'doneUrl'>;

/**
 * Reads a parsed `create` whose type and currency are in the manifest. Throws BadInputError with the fields.
 */
export function toInvoiceRequest(
  dto: CreatePaymentDto,
  { currencies, invoiceTypes }: Pick<PaymentManifest<object>, 'currencies' | 'invoiceTypes'>,
): InvoiceRequest {
  const currency = dto.currency.toUpperCase();
  const errors = {
    ...(!currencies.includes(currency) && { currency: `must be one of: ${currencies.join(', ')}` }),
    ...(dto.invoiceType && !invoiceTypes.includes(dto.invoiceType) && { invoiceType: `must be one of: ${invoiceTypes.join(', ')}` }),
  };
  if (Object.keys(errors).length > 0) throw new BadInputError(errors);
  const customer = dto.customer && toCustomer(dto.customer);
  const amount = readExactAmount(dto.amount, currency, 'amount');
  return {
    invoiceUuid: dto.invoiceUuid,
    shop: dto.shopId,
    ...(dto.invoiceType && { invoiceType: dto.invoiceType }),
    amount,
    ...(dto.orderNumber && { orderNumber: dto.orderNumber }),
    ...(dto.orderId && { orderId: dto.orderId }),
    ...(dto.siteUrl && { siteUrl: dto.siteUrl }),
    ...(dto.returnUrl && { returnUrl: dto.returnUrl }),
    items: toItems(dto.items ?? [], amount),
    buyer: customer ? toBuyer(customer) : {},
    ...(customer && { customer }),
  };
}

/**
 * Scales the lines to the amount (prepayments, discounts), with the remainder in the largest line. Drops
 * lines of zero or less, which receipts do not accept.
 */
function toItems(dtos: readonly InvoiceItemDto[], amount: Money): InvoiceItem[] {
  const items = dtos
    .flatMap((dto, index) => splitMarked(toItem(dto, amount.currency, `items[${index}]`)))
    .filter(({ total }) => total.minor > 0);
  const shares = splitByWeight(
    amount.minor,
    items.map(({ total }) => total.minor),
  );
  return items
    .map((item, index) => ({ ...item, sent: item.total, total: toMoney(shares[index] ?? 0, amount.currency) }))
    .filter(({ total }) => total.minor > 0);
}

function toItem(dto: InvoiceItemDto, currency: string, path: string): InvoiceItem {
  const quantity = dto.quantity ?? 1;
  try {
    return {
      name: dto.name ?? '',
      price: readMoney(dto.price, currency),
      quantity,
      total: readMoney(dto.price * quantity, currency),
      ...(dto.measurementUnit && { measurementUnit: dto.measurementUnit }),
      ...(dto.vat && { vat: dto.vat }),
      ...(dto.paymentMethod && { paymentMethod: dto.paymentMethod }),
      ...(dto.paymentObject && { paymentObject: dto.paymentObject }),
      ...(dto.productCode && { productCode: dto.productCode }),
      ...(dto.markingCode && { markingCode: dto.markingCode }),
    };
  } catch (error) {
    if (error instanceof MoneyError) throw new BadInputError({ [path]: 'is too large' });
    throw error;
  }
}

/** A marking code belongs to one piece. The other pieces of its line have codes that the CRM did not send. */
function splitMarked(item: InvoiceItem): InvoiceItem[] {
  const { markingCode, quantity, total, ...rest } = item;
  if (markingCode === undefined || !Number.isInteger(quantity) || quantity <= 1) return [item];
  const [one = 0, others = 0] = splitByWeight(total.minor, [1, quantity - 1]);
  return [
    { ...rest, quantity: 1, total: toMoney(one, total.currency), markingCode },
    { ...rest, quantity: quantity - 1, total: toMoney(others, total.currency), lacksCode: true },
  ];
}

function toBuyer({ id, lastName, firstName, patronymic, email, phones: [phone] }: Customer): Buyer {
  const name = [lastName, firstName, patronymic].filter(Boolean).join(' ');
  return { ...(id !== undefined && { id: String(id) }), ...(name && { name }), ...(email && { email }), ...(phone && { phone }) };
}
