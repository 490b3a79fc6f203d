import { type Language, textFor } from '#platform/plain';
import { type Money, toWireAmount } from '#provider-kit';
import type { ChatOrder, ChatProduct } from './messenger.js';
import { texts } from './port.texts.js';

/** How a card speaks: the customer's language, and the account's time zone. */
export interface CardStyle {
  language: Language;
  timeZone: string;
}

/** Writes a product as a text, with a line for each known property. */
export function writeProduct({ name, article, cost, unit, url }: ChatProduct, style: CardStyle): string {
  return joinLines([name, label('article', article, style), label('price', priceOf(cost, unit, style), style), url]);
}

/** Writes an order as a text. */
export function writeOrder(order: ChatOrder, style: CardStyle): string {
  const { number, date, items, delivery, payments, discount, cost, status, url } = order;
  const title = [
    textFor(texts.card.order, style.language),
    number,
    date && `${textFor(texts.card.of, style.language)} ${formatDate(date, style)}`,
  ];
  const off = discount && discount.minor !== 0 ? formatMoney(discount, style) : undefined;
  return joinLines([
    joinWords(title, ' '),
    ...items.map((item) => writeItem(item, style)),
    delivery &&
      label('delivery', joinWords([delivery.name, formatMoney(delivery.price, style), delivery.address, delivery.comment]), style),
    ...payments.map(({ name, amount, status: { name: state, paid } = {} }) => {
      const isPaid = paid === undefined ? undefined : textFor(texts.card[paid ? 'paid' : 'unpaid'], style.language);
      return label('payment', joinWords([name, formatMoney(amount, style), state ?? isPaid]), style);
    }),
    label('discount', off, style),
    label('total', formatMoney(cost, style), style),
    label('status', status?.name, style),
    url,
  ]);
}

function writeItem({ name, quantity, unit, price, url }: ChatOrder['items'][number], style: CardStyle): string | undefined {
  const count = quantity === undefined ? undefined : joinWords([formatNumber(quantity, style), unit], ' ');
  const sum = joinWords([count, formatMoney(price, style)], ' × ');
  const line = joinWords([name ?? url, sum], ': ');
  return line === undefined ? undefined : `– ${line}`;
}

function priceOf(cost: Money | undefined, unit: string | undefined, style: CardStyle): string | undefined {
  const price = formatMoney(cost, style);
  return price === undefined || unit === undefined ? price : `${price} / ${unit}`;
}

function label(key: keyof typeof texts.card, value: string | undefined, { language }: CardStyle): string | undefined {
  return value === undefined ? undefined : `${textFor(texts.card[key], language)}: ${value}`;
}

function formatMoney(amount: Money | undefined, { language }: CardStyle): string | undefined {
  if (!amount) return undefined;
  const { currency } = amount;
  return new Intl.NumberFormat(language, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' }).format(
    toWireAmount(amount),
  );
}

function formatNumber(value: number, { language }: CardStyle): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
}

function formatDate(date: Date, { language, timeZone }: CardStyle): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone }).format(date);
}

function joinLines(lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line).join('\n');
}

function joinWords(words: readonly (string | undefined)[], by = ', '): string | undefined {
  return words.filter((word) => word).join(by) || undefined;
}
