import { formatNoticeTitle } from '#onboarding';
import { escapeHtml, fillIn, type LocalText, makeText, textFor } from '#platform';
import { formatAmount } from './payment-rules.js';
import type { Money } from '#provider-kit';
import type { DisputeFacts } from './payment-facts.js';
import { texts } from './payment.texts.js';

/** Maximum length of an order number, so that the notice fits the CRM's 160 characters. */
const ORDER_LENGTH = 20;
const NAME_LENGTH = 25;

/** Builds the notice about a dispute for the account's administrators in the CRM. */
export function buildDisputeNotice(moduleName: string, orderNumber: string, { status, amount }: DisputeFacts): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  const order = escapeHtml(orderNumber.slice(0, ORDER_LENGTH));
  const sum = amount ? `${formatAmount(amount)}, ` : '';
  switch (status) {
    case 'inquiry':
      return fillIn(texts.notices.inquiry, { title, sum, order });
    case 'open':
      return fillIn(texts.notices.disputed, { title, sum, order });
    case 'won':
      return fillIn(texts.notices.disputeWon, { title, sum, order });
    case 'lost':
      return fillIn(texts.notices.disputeLost, { title, sum, order });
  }
}

/** Builds a notice about a payment's money: `text` has a title, facts and an order. */
export function buildMoneyNotice(text: LocalText, moduleName: string, orderNumber: string, amount: Money): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  return fillIn(text, { title, facts: `${formatAmount(amount)}, `, order: escapeHtml(orderNumber.slice(0, ORDER_LENGTH)) });
}

/** Builds the notice about a provider's warning. */
export function buildWarningNotice(moduleName: string, warning: LocalText): LocalText {
  const title = formatNoticeTitle(moduleName, NAME_LENGTH);
  return makeText((language) => `${title}: ${escapeHtml(textFor(warning, language))}`);
}
