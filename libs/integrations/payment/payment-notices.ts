import { formatNoticeTitle } from '#onboarding';
import { escapeHtml, fillIn, type LocalText, makeText, textFor } from '#platform';
import { formatAmount } from './payment-rules.js';
import type { Money } from '#provider-kit';
import { type DisputeFacts, type Happening, mayStillBePaid, type PaymentFacts } from './payment-facts.js';
import type { PaymentEntity } from './payment.entity.js';
import { texts } from './payment.texts.js';
import type { ReceiptState } from './port/index.js';

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

/** A trouble with a payment's money: administrators get `text`, the operator `problem`. */
export interface Trouble {
  /** The notice is added once for each. */
  subject: string;
  text: LocalText;
  problem: string;
  amount: Money;
}

/** Lists the troubles of a payment. `noted`: added to its history now. `before`: its facts before that. */
export function listTroubles(
  { id, capture }: Pick<PaymentEntity, 'id' | 'capture'>,
  before: PaymentFacts,
  noted: readonly Happening[],
  now: Date,
): Trouble[] {
  const troubles: Trouble[] = [];
  const late = mayStillBePaid(before, now) ? noted.find(({ moved, amount }) => !moved && amount) : undefined;
  if (late?.amount)
    troubles.push({
      ...{ subject: `late money ${id}`, text: texts.notices.lateMoney, amount: late.amount },
      problem: 'arrived after the cancellation and has to be returned',
    });
  if (noted.some(({ code }) => code === 'missed'))
    troubles.push({
      ...{ subject: `missed ${id}`, text: texts.notices.missed, amount: before.amount },
      problem: 'was not captured before the deadline of the gateway',
    });
  // In one stage, and before a hold, the CRM's invoice was unpaid all the time.
  if (capture === 'manual' && before.status === 'waitingForCapture' && noted.some(({ code }) => code === 'declined'))
    troubles.push({
      ...{ subject: `declined ${id}`, text: texts.notices.declined, amount: before.amount },
      problem: 'its capture was declined',
    });
  return troubles;
}

/** Describes the trouble of a receipt that failed, or that is registered after it had failed. */
export function toReceiptTrouble({ externalId, amount, status }: ReceiptState): Trouble {
  return status === 'failed'
    ? { subject: `receipt ${externalId}`, text: texts.notices.receipt, amount, problem: `receipt ${externalId} was not registered` }
    : {
        ...{ subject: `later receipt ${externalId}`, text: texts.notices.receiptLater, amount },
        problem: `receipt ${externalId} had failed and is registered now`,
      };
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
