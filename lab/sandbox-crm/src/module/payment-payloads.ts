import { readFileSync } from 'node:fs';
import { itemPrice, showOrder } from '../groups/order-record.js';
import { type JsonObject, asList, asNumber, asObject, asObjects, asText } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type en from './texts/en.json';

/** Returns the `create` of an invoice (reference: Create) with all lines of the order, for any amount. */
export function createBody(
  crm: AccountContext,
  order: JsonObject,
  invoice: JsonObject,
  shopId: string,
  returnUrl: string | undefined,
): JsonObject {
  const currency = asText(invoice['currency']) ?? crm.currency;
  const amount = asNumber(invoice['amount']) ?? 0;
  const site = asText(crm.find('sites', 'code', asText(order['site']))?.['code']);
  // The sandbox replaces the shop's site, so that a buyer returns to a page.
  const siteUrl = site === undefined ? undefined : `${crm.url}/shop/${site}`;
  return {
    shopId,
    invoiceUuid: invoice['invoiceUuid'],
    invoiceType: 'link',
    amount,
    currency,
    orderNumber: order['number'],
    orderId: order['id'],
    siteUrl,
    returnUrl: returnUrl ?? (siteUrl === undefined ? undefined : `${siteUrl}/thanks?order=${String(order['number'])}`),
    items: listLines(order, readWords(crm.language)),
    customer: asObject(showOrder(crm, order)['customer']),
  };
}

/** Rounds an amount to its currency's digits: 2 for EUR, 0 for JPY, 3 for KWD. */
export function toDigits(amount: number, currency: string): number {
  return Number(amount.toFixed(countDigits(currency)));
}

function countDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The contract's VAT rates for lines of an invoice. */
const VAT_RATES = ['vat0', 'vat10', 'vat110', 'vat20', 'vat120'];

/** Reads the words for lines of an invoice, in the account's language. */
function readWords(language: string): typeof en {
  return JSON.parse(readFileSync(new URL(`./texts/${language}.json`, import.meta.url), 'utf8')) as typeof en;
}

/** Lists items and the delivery. Units with marking codes have their own lines, as the reference requires. */
function listLines(order: JsonObject, words: typeof en): JsonObject[] {
  const lines: JsonObject[] = [];
  for (const item of asObjects(order['items'])) {
    const vat = `vat${asText(item['vatRate']) ?? ''}`;
    const line: JsonObject = {
      name: asText(item['productName']) ?? asText(asObject(item['offer'])['name']) ?? words.item,
      price: itemPrice(item),
      measurementUnit: words.piece,
      vat: VAT_RATES.includes(vat) ? vat : 'none',
      paymentMethod: 'full_prepayment',
      paymentObject: 'commodity',
      ...(asText(asObject(item['offer'])['externalId']) === undefined ? {} : { productCode: asObject(item['offer'])['externalId'] }),
    };
    const marks = asList(item['markingCodes']).map((mark) => asText(mark) ?? asText(asObject(mark)['code']) ?? '');
    for (const mark of marks) lines.push({ ...line, quantity: 1, markingCode: mark });
    const left = (asNumber(item['quantity']) ?? 1) - marks.length;
    if (left > 0) lines.push({ ...line, quantity: left });
  }
  const delivery = asNumber(asObject(order['delivery'])['cost']) ?? 0;
  if (delivery > 0)
    lines.push({
      name: words.delivery,
      price: delivery,
      quantity: 1,
      vat: 'none',
      paymentMethod: 'full_prepayment',
      paymentObject: 'service',
    });
  return lines;
}
