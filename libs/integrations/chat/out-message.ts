import { MoneyError, readMoney } from '#provider-kit';
import type { Money } from '#provider-kit';
import type { FilledTemplate } from './gateway/gateway-template.js';
import type { GatewayMoneyDto, GatewayOrderDto, GatewayProductDto, MessageSentDto } from './gateway/gateway-webhook.dto.js';
import type { ChatOrder, ChatProduct, OutMessage, SuggestionType } from './port/index.js';

const KINDS: readonly string[] = ['text', 'image', 'file', 'audio', 'product', 'order'] satisfies OutMessage['kind'][];
const SUGGESTIONS: readonly string[] = ['text', 'phone', 'email', 'url'] satisfies SuggestionType[];
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#34': '"', '#x27': "'" };

/** The stored part of a manager's message until it is sent. The dialogue has its destination. */
export interface StoredMessage {
  kind: OutMessage['kind'];
  text?: string;
  /** Ids of its files at the gateway. */
  files: string[];
  /** External id of the message that it replies to. */
  quote?: string;
  product?: ChatProduct;
  /** `date` is RFC 3339. */
  order?: Omit<ChatOrder, 'date'> & { date?: string };
  suggestions?: { type: SuggestionType; title: string; payload?: string }[];
  template?: FilledTemplate;
}

/**
 * Maps a gateway's message to its stored part. `template`: the message's, with its values. Returns undefined
 * for an unsupported kind.
 */
export function toStoredMessage(data: MessageSentDto, template?: FilledTemplate): StoredMessage | undefined {
  const { type, content, items = [], product, order, quote_external_id: quote, attachments } = data;
  if (!KINDS.includes(type) || (type === 'product' && !product) || (type === 'order' && !order)) return undefined;
  const text = content || items.flatMap(({ caption }) => caption || []).join('\n');
  // The template has the files, buttons and quotes that the messenger shows.
  if (template) return { kind: type as OutMessage['kind'], ...(text && { text }), files: [], template };
  const suggestions = (attachments?.suggestions ?? []).flatMap(({ type: of, title, payload }) =>
    SUGGESTIONS.includes(of) && title ? [{ type: of as SuggestionType, title, ...(payload && { payload }) }] : [],
  );
  return {
    kind: type as OutMessage['kind'],
    ...(text && { text }),
    files: items.map(({ id }) => id),
    ...(quote && { quote }),
    ...(product && { product: toProduct(product) }),
    ...(order && { order: toOrder(order) }),
    ...(suggestions.length > 0 && { suggestions }),
  };
}

/** Replaces HTML entities with their characters. */
export function unescapeText(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39|#34|#x27);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

function toProduct({ id, name, article, url, img, cost, unit }: GatewayProductDto): ChatProduct {
  const price = toMoney(cost);
  return {
    ...(id !== undefined && { id: String(id) }),
    name,
    ...(article && { article }),
    ...(url && { url }),
    ...(img && { image: img }),
    ...(price && { cost: price }),
    ...(unit && { unit }),
  };
}

function toOrder(order: GatewayOrderDto): NonNullable<StoredMessage['order']> {
  const { number, external_id: externalId, url, date, cost, discount, status, delivery, payments = [], items = [] } = order;
  const [sum, off, fee] = [cost, discount, delivery?.price].map(toMoney);
  return {
    ...(number && { number }),
    ...(externalId !== undefined && { externalId: String(externalId) }),
    ...(url && { url }),
    ...(date && !Number.isNaN(Date.parse(date)) && { date }),
    ...(sum && { cost: sum }),
    ...(off && { discount: off }),
    ...(status && { status: { ...(status.code && { code: status.code }), ...(status.name && { name: status.name }) } }),
    ...(delivery && {
      delivery: {
        ...(delivery.name && { name: delivery.name }),
        ...(fee && { price: fee }),
        ...(delivery.address && { address: delivery.address }),
        ...(delivery.comment && { comment: delivery.comment }),
      },
    }),
    payments: payments.map((payment) => {
      const amount = toMoney(payment.amount);
      const paid = payment.status?.payed ?? payment.status?.paid;
      return {
        ...(payment.name && { name: payment.name }),
        ...(amount && { amount }),
        ...(payment.status && {
          status: { ...(payment.status.name && { name: payment.status.name }), ...(paid !== undefined && { paid }) },
        }),
      };
    }),
    items: items.map(({ name, url: address, img, quantity, price }) => {
      const each = toMoney(price);
      return {
        ...(name && { name }),
        ...(address && { url: address }),
        ...(img && { image: img }),
        ...(quantity && { quantity: quantity.value, ...(quantity.unit && { unit: quantity.unit }) }),
        ...(each && { price: each }),
      };
    }),
  };
}

/** An amount without a currency is dropped. */
function toMoney(money: GatewayMoneyDto | undefined): Money | undefined {
  if (!money?.currency) return undefined;
  try {
    return readMoney(money.value, money.currency);
  } catch (error) {
    if (error instanceof MoneyError) return undefined;
    throw error;
  }
}
