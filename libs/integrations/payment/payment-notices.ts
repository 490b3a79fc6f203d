import { formatNoticeTitle } from '#onboarding';
import { escapeHtml, type LocalText } from '#platform';
import { formatAmount } from './payment-rules.js';
import type { Money } from '#provider-kit';
import type { DisputeFacts } from './payment-state.js';

/** Characters of an order's number, so that all of the notice has the CRM's 160. */
const ORDER_LENGTH = 20;
const NAME_LENGTH = 25;

/** What the account's administrators read of a dispute in the CRM. */
export function buildDisputeNotice(moduleName: string, orderNumber: string, { status, amount }: DisputeFacts): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  const order = escapeHtml(orderNumber.slice(0, ORDER_LENGTH));
  const sum = amount ? `${formatAmount(amount)}, ` : '';
  switch (status) {
    case 'inquiry':
      return {
        en: `${title}: the buyer's bank asks about a payment (${sum}order ${order}). Answer it, or give the money back.`,
        es: `${title}: el banco del comprador pregunta por un pago (${sum}pedido ${order}). Responda o devuelva el dinero.`,
        ru: `${title}: банк покупателя запрашивает платёж (${sum}заказ ${order}). Ответьте ему или верните деньги.`,
      };
    case 'open':
      return {
        en: `${title}: the buyer disputes a payment at the bank (${sum}order ${order}). Answer it in your payment service in time.`,
        es: `${title}: el comprador disputa un pago en su banco (${sum}pedido ${order}). Responda a tiempo en su servicio de pago.`,
        ru: `${title}: покупатель оспорил платёж в банке (${sum}заказ ${order}). Ответьте в платёжном сервисе в срок.`,
      };
    case 'won':
      return {
        en: `${title}: the dispute about a payment is over, the money stays with you (${sum}order ${order}).`,
        es: `${title}: la disputa de un pago terminó, el dinero queda con usted (${sum}pedido ${order}).`,
        ru: `${title}: спор о платеже закончен, деньги остаются у вас (${sum}заказ ${order}).`,
      };
    case 'lost':
      return {
        en: `${title}: the dispute about a payment is lost, the money went back to the buyer (${sum}order ${order}).`,
        es: `${title}: la disputa de un pago se perdió, el dinero volvió al comprador (${sum}pedido ${order}).`,
        ru: `${title}: спор о платеже проигран, деньги возвращены покупателю (${sum}заказ ${order}).`,
      };
  }
}

/** What they read when money came for an invoice that was cancelled before. */
export function buildLateMoneyNotice(moduleName: string, orderNumber: string, amount: Money): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  const facts = `${formatAmount(amount)}, `;
  const order = escapeHtml(orderNumber.slice(0, ORDER_LENGTH));
  return {
    en: `${title}: a cancelled invoice was paid all the same (${facts}order ${order}). The money is being given back.`,
    es: `${title}: se pagó una factura ya anulada (${facts}pedido ${order}). El dinero se está devolviendo.`,
    ru: `${title}: оплачен уже отменённый счёт (${facts}заказ ${order}). Деньги возвращаются покупателю.`,
  };
}

/** What they read when a receipt of a payment or refund was not registered. */
export function buildReceiptNotice(moduleName: string, orderNumber: string, amount: Money): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  const facts = `${formatAmount(amount)}, `;
  const order = escapeHtml(orderNumber.slice(0, ORDER_LENGTH));
  return {
    en: `${title}: a receipt was not registered (${facts}order ${order}). Look into your payment service; the payment stands.`,
    es: `${title}: no se registró un recibo fiscal (${facts}pedido ${order}). Mire su servicio de pago; el pago no cambia.`,
    ru: `${title}: чек не зарегистрирован (${facts}заказ ${order}). Проверьте его в платёжном сервисе; оплата в силе.`,
  };
}

/** What they read of a provider's warning. */
export function buildWarningNotice(moduleName: string, { en, es, ru }: LocalText): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  return { en: `${title}: ${escapeHtml(en)}`, es: `${title}: ${escapeHtml(es)}`, ru: `${title}: ${escapeHtml(ru)}` };
}
