import type { FormView } from '#payment/port';
import type { LocalText } from '#platform';
import { TEST_CARDS } from './test-cards.js';
import type { TestpayPaymentEntity, TestpayState } from './testpay.entity.js';
import { STATUSES } from './testpay.statuses.js';
import { texts } from './testpay.texts.js';

const DECLINES: Readonly<Record<NonNullable<TestpayPaymentEntity['decline']>, LocalText>> = texts.refusals;

const NOTICES: Partial<Record<TestpayState, LocalText>> = texts.notices;

/** Returns the buyer's view of a payment. `settling`: a one-stage payment's hold is about to be captured. */
export function toFormView(payment: TestpayPaymentEntity, settling: boolean): FormView {
  const { state, decline } = payment;
  const notice = NOTICES[state];
  return {
    status: STATUSES[state],
    isTest: true,
    ...(notice && { notice: { tone: 'plain', text: notice } }),
    ...(state === 'open' && decline && { notice: { tone: 'bad', text: DECLINES[decline] } }),
    forms: buildForms(state),
    ...(state === 'open' && {
      samples: TEST_CARDS.map((card) => ({ value: card.number.replace(/(\d{4})(?=\d)/g, '$1 '), text: card.text })),
    }),
    ...((state === 'processing' || (state === 'held' && settling)) && { reloadSeconds: 2 }),
  };
}

function buildForms(state: TestpayState): FormView['forms'] {
  const answer = (value: string): FormView['forms'][number]['fields'] => [
    { name: 'confirm', label: texts.form.confirm, value, hidden: true },
  ];
  if (state === 'open')
    return [
      {
        fields: [{ name: 'card', label: texts.form.card, inputMode: 'numeric', autocomplete: 'off', placeholder: '4242 4242 4242 4242' }],
        submit: texts.form.pay,
      },
    ];
  if (state === 'confirming')
    return [
      { fields: answer('yes'), submit: texts.form.confirm },
      { fields: answer('no'), submit: texts.form.refuse },
    ];
  return [];
}
