import { formatNoticeTitle } from '#onboarding';
import { escapeHtml, fillIn, type LocalText } from '#platform';
import { texts } from './delivery.texts.js';

/** Characters of an order's number, so that all of the notice has the CRM's 160. */
const ORDER_LENGTH = 20;
const NAME_LENGTH = 25;

/** Returns the subject of a delivery's notice, which withdraws it. */
export function getNoticeSubject(deliveryId: string): string {
  return `delivery ${deliveryId}`;
}

/** The text for administrators when a carrier made a delivery whose save got no reply. */
export function buildUnansweredNotice(moduleName: string, orderNumber: string): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  const order = escapeHtml(orderNumber.slice(0, ORDER_LENGTH));
  return fillIn(texts.unansweredNotice, { title, order });
}
