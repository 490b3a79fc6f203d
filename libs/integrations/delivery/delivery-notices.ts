import { formatNoticeTitle } from '#onboarding';
import { escapeHtml, type LocalText } from '#platform';

/** Characters of an order's number, so that all of the notice has the CRM's 160. */
const ORDER_LENGTH = 20;
const NAME_LENGTH = 25;

/** Returns the subject of a delivery's notice, which withdraws it. */
export function getNoticeSubject(deliveryId: string): string {
  return `delivery ${deliveryId}`;
}

/** The text for administrators when a carrier made a delivery whose save was not answered. */
export function buildUnansweredNotice(moduleName: string, orderNumber: string): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  const order = escapeHtml(orderNumber.slice(0, ORDER_LENGTH));
  return {
    en: `${title}: the carrier has taken order ${order}, although its save failed. Save it again: it is not shipped twice.`,
    es: `${title}: el transportista aceptó el pedido ${order} aunque falló al guardarlo. Guárdelo otra vez: no se duplica.`,
    ru: `${title}: заказ ${order} принят перевозчиком, хотя сохранение не удалось. Сохраните его снова: второго не будет.`,
  };
}
