/* Fields that the requests of both APIs have. */
import { flag, like, list, number, object, oneOf, type Schema, text, whole } from '../../../libs/testing/double/wire.js';
import { GatewayRefusal } from './gateway-refusal.js';

export const line = (maxLength: number) => text(0, maxLength);
/** Not blank. */
export const filled = (maxLength: number): Schema<string> => ({ ...text(1, maxLength), pattern: '\\S' });
export const amount = number(0);
export const id = whole(1, Number.MAX_SAFE_INTEGER);
export const url = (maxLength = 2048) => like(/^https?:\/\/\S+$/, maxLength);
/** RFC 3339 with a zone. Fractions of a second are allowed. */
export const time = like(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/);
export const some = <T>(items: Schema<T>) => list(items, 0, 1_000);
export const uuid = like(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

export const CHANNEL_TYPES = [
  'avito', 'consultant', 'custom', 'drom', 'fbmessenger', 'instagram', 'max', 'mega_market', 'odnoklassniki', 'ozon', 'skype', 'telegram',
  'viber', 'vk', 'whatsapp', 'wildberries', 'yandex_chat', 'yandex_market', 'youla',
] as const; // oxfmt-ignore

/** Types of messages that modules and bots send. */
export const messageType = oneOf('text', 'image', 'file', 'audio', 'product', 'order');
export const money = object({ value: amount, currency: like(/^[A-Z]{3}$/) });
export const product = {
  ...{ name: filled(255), 'article?': line(128), 'url?': url(), 'img?': url(), 'cost?': money, 'unit?': line(16) },
};
// Which of the two names is right is a mode.
const paid = object({ 'name?': line(255), 'payed?': flag, 'paid?': flag });
export const order = object({
  ...{ 'number?': line(255), 'external_id?': id, 'url?': url(), 'date?': time, 'cost?': money, 'discount?': money },
  'status?': object({ 'code?': oneOf('new', 'approval', 'assembling', 'delivery', 'complete', 'cancel'), 'name?': line(255) }),
  'delivery?': object({ 'name?': line(255), 'price?': money, 'address?': line(65_535), 'comment?': line(65_535) }),
  'payments?': some(object({ 'name?': line(255), 'amount?': money, 'status?': paid })),
  'items?': some(
    object({
      ...{ 'name?': line(255), 'url?': url(), 'img?': url(), 'quantity?': object({ value: amount, 'unit?': line(16) }), 'price?': money },
    }),
  ),
});
export const suggestion = object({ type: oneOf('text', 'phone', 'email', 'url'), 'title?': line(255), 'payload?': line(255) });

/** Fields of a message that belong to some types only. */
const FIELDS_OF_TYPES: Readonly<Record<'text' | 'note' | 'items' | 'product' | 'order', readonly string[]>> = {
  text: ['text'],
  note: ['image', 'file', 'audio'],
  items: ['image', 'file', 'audio'],
  product: ['product'],
  order: ['order'],
};

/** Throws GatewayRefusal if a message lacks a field of its type, or has a field of another type. */
export function checkFields(message: { type: string } & Partial<Record<keyof typeof FIELDS_OF_TYPES, unknown>>): void {
  const { type } = message;
  const errors = Object.entries(FIELDS_OF_TYPES).flatMap(([field, types]) => {
    const isThere = message[field as keyof typeof FIELDS_OF_TYPES] !== undefined;
    if (isThere && !types.includes(type)) return [`message.${field} is not for messages of the type ${type}`];
    return !isThere && types.includes(type) && field !== 'note' ? [`message.${field} is required`] : [];
  });
  if (errors.length > 0) throw new GatewayRefusal(errors);
}
