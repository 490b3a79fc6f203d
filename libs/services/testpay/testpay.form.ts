import type { FormView } from '#payment/port';
import type { LocalText } from '#platform';
import { TEST_CARDS } from './test-cards.js';
import type { TestpayPaymentEntity, TestpayState } from './testpay.entity.js';
import { STATUSES } from './testpay.statuses.js';

const LABELS = {
  card: { en: 'Card number', es: 'Número de tarjeta', ru: 'Номер карты' },
  pay: { en: 'Pay', es: 'Pagar', ru: 'Оплатить' },
  confirm: { en: 'Confirm the payment', es: 'Confirmar el pago', ru: 'Подтвердить платёж' },
  refuse: { en: 'Refuse', es: 'Rechazar', ru: 'Отказаться' },
} satisfies Record<string, LocalText>;

const REFUSALS: Readonly<Record<NonNullable<TestpayPaymentEntity['refusal']>, LocalText>> = {
  declined: {
    en: 'The card was declined. Try another one.',
    es: 'La tarjeta fue rechazada. Pruebe con otra.',
    ru: 'Карта отклонена. Попробуйте другую.',
  },
  unknown: {
    en: 'This is none of the test cards listed below; real cards are not taken here.',
    es: 'No es ninguna de las tarjetas de prueba indicadas abajo; aquí no se aceptan tarjetas reales.',
    ru: 'Это не одна из тестовых карт, перечисленных ниже; настоящие карты здесь не принимаются.',
  },
  unconfirmed: {
    en: 'The payment was not confirmed. Try again or take another card.',
    es: 'El pago no fue confirmado. Inténtelo de nuevo o use otra tarjeta.',
    ru: 'Платёж не подтверждён. Попробуйте снова или возьмите другую карту.',
  },
};

const NOTICES: Partial<Record<TestpayState, LocalText>> = {
  confirming: {
    en: 'Your bank asks: is it you who pays?',
    es: 'Su banco pregunta: ¿es usted quien paga?',
    ru: 'Ваш банк спрашивает: это вы платите?',
  },
};

/** The buyer's view of a payment; `settling`: a one-stage payment's hold is about to be captured. */
export function toFormView(payment: TestpayPaymentEntity, settling: boolean): FormView {
  const { state, refusal } = payment;
  const notice = NOTICES[state];
  return {
    status: STATUSES[state],
    isTest: true,
    ...(notice && { notice: { tone: 'plain', text: notice } }),
    ...(state === 'open' && refusal && { notice: { tone: 'bad', text: REFUSALS[refusal] } }),
    forms: buildForms(state),
    ...(state === 'open' && {
      samples: TEST_CARDS.map((card) => ({ value: card.number.replace(/(\d{4})(?=\d)/g, '$1 '), text: card.text })),
    }),
    ...((state === 'processing' || (state === 'held' && settling)) && { reloadSeconds: 2 }),
  };
}

function buildForms(state: TestpayState): FormView['forms'] {
  const answer = (value: string): FormView['forms'][number]['fields'] => [{ name: 'confirm', label: LABELS.confirm, value, hidden: true }];
  if (state === 'open')
    return [
      {
        fields: [{ name: 'card', label: LABELS.card, inputMode: 'numeric', autocomplete: 'off', placeholder: '4242 4242 4242 4242' }],
        submit: LABELS.pay,
      },
    ];
  if (state === 'confirming')
    return [
      { fields: answer('yes'), submit: LABELS.confirm },
      { fields: answer('no'), submit: LABELS.refuse },
    ];
  return [];
}
