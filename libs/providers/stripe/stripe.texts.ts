import type { LocalText } from '#platform';

type Texts = Readonly<Record<string, LocalText>>;

/** Stripe does not know the key, or it may not be used any more. */
export const KEY_REFUSED: LocalText = {
  en: 'is not accepted by Stripe: copy the key again, and see that it may read payments',
  es: 'no la acepta Stripe: copie la clave de nuevo y compruebe que permite leer pagos',
  ru: 'не принимается Stripe: скопируйте ключ ещё раз и проверьте, что ему разрешено чтение платежей',
};
/** Of a shop whose buyers pay nothing while those of others do. */
export const TEST_AMONG_LIVE: LocalText = {
  en: 'is a test key, while other shops have live ones: nobody pays really in this shop',
  es: 'es una clave de prueba, mientras que otras tiendas tienen claves reales: en esta tienda nadie paga de verdad',
  ru: 'тестовый ключ, а у других магазинов боевые: в этом магазине никто не платит по-настоящему',
};
/** Of settings without a shop that takes payments. */
export const NO_SHOP: LocalText = {
  en: 'has no active shop yet: nobody can pay',
  es: 'no tiene aún ninguna tienda activa: nadie puede pagar',
  ru: 'пока без действующего магазина: оплатить нельзя',
};

/** For a key that may not make webhook endpoints. */
export const ENDPOINT_BY_HAND: LocalText = {
  en: 'The key may not do this itself. In Stripe, Developers, Webhooks, add an endpoint and enter its signing secret here; or let the key write webhook endpoints',
  es: 'La clave no puede hacerlo por sí sola. En Stripe, Desarrolladores, Webhooks, añada un punto de conexión e introduzca aquí su secreto de firma; o permita a la clave escribir puntos de conexión',
  ru: 'Ключу это не разрешено. В Stripe, Developers, Webhooks добавьте адрес и введите здесь его секрет подписи, либо разрешите ключу запись Webhook Endpoints',
};
/** Of an account that has as many webhook endpoints as Stripe allows. */
export const ENDPOINTS_FULL: LocalText = {
  en: 'This account of Stripe has all the webhook endpoints it may have: delete one that is not needed (Developers, Webhooks)',
  es: 'Esta cuenta de Stripe tiene ya todos los puntos de conexión de webhook posibles: elimine uno que no necesite (Desarrolladores, Webhooks)',
  ru: 'В этом аккаунте Stripe уже заведены все вебхуки, сколько можно: удалите ненужный (Developers, Webhooks)',
};

/** The shop released the hold, or made the invoice impossible to pay. */
export const CANCELLED_BY_SHOP: LocalText = { en: 'Cancelled by the shop', es: 'Anulado por la tienda', ru: 'Отменено магазином' };

const HOLD_EXPIRED: LocalText = {
  en: 'The hold expired before it was confirmed',
  es: 'La retención caducó antes de confirmarse',
  ru: 'Срок удержания истёк до подтверждения',
};

/** Why a PaymentIntent was canceled (`cancellation_reason`). */
export const CANCELLATIONS: Texts = {
  requested_by_customer: {
    en: 'Cancelled at the buyer’s request',
    es: 'Anulado a petición del comprador',
    ru: 'Отменено по просьбе покупателя',
  },
  abandoned: { en: 'The buyer did not finish paying', es: 'El comprador no terminó el pago', ru: 'Покупатель не завершил оплату' },
  duplicate: { en: 'Cancelled as a duplicate', es: 'Anulado por duplicado', ru: 'Отменено как повтор' },
  fraudulent: { en: 'Cancelled as fraudulent', es: 'Anulado por fraude', ru: 'Отменено: подозрение на мошенничество' },
  automatic: HOLD_EXPIRED,
  expired: HOLD_EXPIRED,
};

/** Any other reason, or none. */
export const CANCELLED_AT_STRIPE: LocalText = { en: 'Cancelled at Stripe', es: 'Anulado en Stripe', ru: 'Отменено в Stripe' };

/** What stands before a decline. */
export const DECLINED: LocalText = { en: 'The payment was declined', es: 'El pago fue rechazado', ru: 'Платёж отклонён' };

const NOT_TODAY: LocalText = {
  en: 'the bank refused without giving a reason',
  es: 'el banco lo rechazó sin dar motivo',
  ru: 'банк отказал без объяснения причин',
};
const LIMIT: LocalText = {
  en: 'a limit of the card is exceeded',
  es: 'se superó un límite de la tarjeta',
  ru: 'превышен лимит карты',
};
const LOST: LocalText = {
  en: 'the card is reported lost or stolen',
  es: 'la tarjeta consta como perdida o robada',
  ru: 'карта заявлена как потерянная или украденная',
};
const WRONG_DATA: LocalText = {
  en: 'the card’s data are wrong',
  es: 'los datos de la tarjeta no son correctos',
  ru: 'данные карты указаны неверно',
};
const AUTHENTICATION: LocalText = {
  en: 'the buyer did not confirm it with the bank',
  es: 'el comprador no lo confirmó con el banco',
  ru: 'покупатель не подтвердил его в банке',
};
const NOT_SUPPORTED: LocalText = {
  en: 'the card does not allow such payments',
  es: 'la tarjeta no admite este tipo de pagos',
  ru: 'карта не подходит для таких платежей',
};
const RISK: LocalText = { en: 'it was judged too risky', es: 'se consideró demasiado arriesgado', ru: 'он сочтён слишком рискованным' };
const ISSUER_AWAY: LocalText = {
  en: 'the bank could not be reached',
  es: 'no se pudo contactar con el banco',
  ru: 'банк не ответил',
};

/** Why a card was declined, by `decline_code`, or by the error's `code` where there is none. */
export const DECLINES: Texts = {
  insufficient_funds: {
    en: 'there is not enough money on the card',
    es: 'no hay fondos suficientes en la tarjeta',
    ru: 'на карте недостаточно денег',
  },
  expired_card: { en: 'the card has expired', es: 'la tarjeta ha caducado', ru: 'срок действия карты истёк' },
  lost_card: LOST,
  stolen_card: LOST,
  pickup_card: LOST,
  restricted_card: LOST,
  incorrect_number: WRONG_DATA,
  invalid_number: WRONG_DATA,
  incorrect_cvc: WRONG_DATA,
  invalid_cvc: WRONG_DATA,
  invalid_expiry_month: WRONG_DATA,
  invalid_expiry_year: WRONG_DATA,
  incorrect_zip: WRONG_DATA,
  incorrect_address: WRONG_DATA,
  incorrect_pin: WRONG_DATA,
  invalid_pin: WRONG_DATA,
  invalid_account: NOT_SUPPORTED,
  new_account_information_available: NOT_SUPPORTED,
  card_not_supported: NOT_SUPPORTED,
  currency_not_supported: NOT_SUPPORTED,
  not_permitted: NOT_SUPPORTED,
  service_not_allowed: NOT_SUPPORTED,
  transaction_not_allowed: NOT_SUPPORTED,
  invalid_amount: LIMIT,
  card_velocity_exceeded: LIMIT,
  pin_try_exceeded: LIMIT,
  withdrawal_count_limit_exceeded: LIMIT,
  authentication_required: AUTHENTICATION,
  authentication_not_handled: AUTHENTICATION,
  payment_intent_authentication_failure: AUTHENTICATION,
  payment_method_customer_decline: { en: 'the buyer called it off', es: 'el comprador lo canceló', ru: 'покупатель отказался' },
  fraudulent: RISK,
  merchant_blacklist: RISK,
  highest_risk_level: RISK,
  security_violation: RISK,
  issuer_not_available: ISSUER_AWAY,
  processing_error: ISSUER_AWAY,
  reenter_transaction: ISSUER_AWAY,
  try_again_later: ISSUER_AWAY,
  duplicate_transaction: {
    en: 'the same amount was paid with this card a moment ago',
    es: 'hace un momento se pagó el mismo importe con esta tarjeta',
    ru: 'такая же сумма только что списана с этой карты',
  },
};

/** Any other decline. */
export const DECLINED_BY_BANK = NOT_TODAY;

/** Why a refund did not come about (`failure_reason`). */
export const REFUND_FAILURES: Texts = {
  charge_for_pending_refund_disputed: {
    en: 'The buyer disputed the payment at the bank before the refund was made',
    es: 'El comprador disputó el pago en el banco antes de la devolución',
    ru: 'Покупатель оспорил платёж в банке до возврата',
  },
  declined: { en: 'The bank refused the refund', es: 'El banco rechazó la devolución', ru: 'Банк отклонил возврат' },
  expired_or_canceled_card: {
    en: 'The card has expired or was closed',
    es: 'La tarjeta ha caducado o se canceló',
    ru: 'Карта просрочена или закрыта',
  },
  insufficient_funds: {
    en: 'There is not enough money in the Stripe account',
    es: 'No hay fondos suficientes en la cuenta de Stripe',
    ru: 'На счёте в Stripe недостаточно денег',
  },
  lost_or_stolen_card: LOST,
  merchant_request: { en: 'Called off by the shop', es: 'Anulada por la tienda', ru: 'Отменён магазином' },
};

/** Any other reason, or none. */
export const REFUND_FAILED: LocalText = {
  en: 'The refund did not come about',
  es: 'La devolución no se realizó',
  ru: 'Возврат не состоялся',
};

/** Why the buyer disputes a payment (`reason`). */
export const DISPUTE_REASONS: Texts = {
  credit_not_processed: {
    en: 'Disputed: a promised refund did not come',
    es: 'Disputado: no llegó la devolución prometida',
    ru: 'Оспорено: обещанный возврат не пришёл',
  },
  duplicate: { en: 'Disputed: paid twice', es: 'Disputado: pagado dos veces', ru: 'Оспорено: оплачено дважды' },
  fraudulent: {
    en: 'Disputed: the card holder did not pay this',
    es: 'Disputado: el titular no hizo este pago',
    ru: 'Оспорено: владелец карты этого не оплачивал',
  },
  product_not_received: {
    en: 'Disputed: the goods did not arrive',
    es: 'Disputado: la mercancía no llegó',
    ru: 'Оспорено: товар не получен',
  },
  product_unacceptable: {
    en: 'Disputed: the goods are not as described',
    es: 'Disputado: la mercancía no es como se describió',
    ru: 'Оспорено: товар не соответствует описанию',
  },
  subscription_canceled: {
    en: 'Disputed: the subscription was cancelled before',
    es: 'Disputado: la suscripción estaba cancelada',
    ru: 'Оспорено: подписка была отменена',
  },
  unrecognized: {
    en: 'Disputed: the buyer does not recognise the payment',
    es: 'Disputado: el comprador no reconoce el pago',
    ru: 'Оспорено: покупатель не узнаёт платёж',
  },
};

/** Any other reason. */
export const DISPUTED: LocalText = {
  en: 'Disputed by the buyer at the bank',
  es: 'Disputado por el comprador en su banco',
  ru: 'Оспорено покупателем в банке',
};

/** The one line of an invoice whose items Stripe cannot take, and the payment's description. */
export const ORDER: LocalText = { en: 'Order', es: 'Pedido', ru: 'Заказ' };
/** The same without an order number. */
export const PAYMENT: LocalText = { en: 'Payment', es: 'Pago', ru: 'Оплата' };
/** A line without a name. */
export const ITEM: LocalText = { en: 'Item', es: 'Artículo', ru: 'Товар' };

/** Of a shop that the settings lack. */
export const sayNoShop = (code: string): LocalText => {
  const shown = JSON.stringify(code);
  return {
    en: `The shop ${shown} is not in the settings of Stripe any more: without its key nothing can be asked`,
    es: `La tienda ${shown} ya no está en los ajustes de Stripe: sin su clave no se puede consultar nada`,
    ru: `Магазина ${shown} больше нет в настройках Stripe: без его ключа ничего не узнать`,
  };
};
export const NOT_PAID: LocalText = {
  en: 'The buyer has not paid yet',
  es: 'El comprador aún no ha pagado',
  ru: 'Покупатель ещё не заплатил',
};
/** `sum`: how much, in brackets. */
export const sayTaken = (sum: string): LocalText => ({
  en: `The money was taken already${sum}: it can be refunded`,
  es: `El dinero ya se cobró${sum}: se puede devolver`,
  ru: `Деньги уже списаны${sum}: их можно вернуть`,
});
export const sayCancelled = (why: string): LocalText => ({
  en: `The payment is cancelled: ${why}`,
  es: `El pago está anulado: ${why}`,
  ru: `Платёж отменён: ${why}`,
});
export const NOTHING_HELD: LocalText = {
  en: 'nothing is held any more',
  es: 'ya no hay nada retenido',
  ru: 'больше ничего не удержано',
};
export const ON_ITS_WAY: LocalText = {
  en: 'The payment is on its way at the bank and can be neither taken nor cancelled now',
  es: 'El pago está en curso en el banco y ahora no se puede cobrar ni anular',
  ru: 'Платёж сейчас обрабатывает банк: его нельзя ни списать, ни отменить',
};
export const HELD: LocalText = {
  en: 'The money is held: it can be taken or released',
  es: 'El dinero está retenido: se puede cobrar o liberar',
  ru: 'Деньги удержаны: их можно списать или отпустить',
};
/** Of an amount with more digits than Stripe counts. */
export const sayTooFine = (digits: number, currency: string): LocalText => ({
  en: `must have at most ${digits} digits after the point: Stripe takes no smaller parts of ${currency}`,
  es: `debe tener como máximo ${digits} decimales: Stripe no admite partes menores de ${currency}`,
  ru: `должно быть не больше ${digits} знаков после запятой: меньших долей ${currency} Stripe не принимает`,
});
/** `amount` is what Stripe cannot take; `why` is of `sayTooFine`. */
export const sayNotTaken = (amount: string, why: LocalText): LocalText => ({
  en: `Stripe cannot take ${amount}: the amount ${why.en}`,
  es: `Stripe no puede cobrar ${amount}: el importe ${why.es}`,
  ru: `Stripe не может принять ${amount}: в сумме ${why.ru}`,
});
export const sayOtherCurrency = (has: string, expected: string): LocalText => ({
  en: `Stripe has this payment in ${has}, while the invoice is in ${expected}.`,
  es: `Stripe tiene este pago en ${has}, mientras que la factura es en ${expected}.`,
  ru: `В Stripe этот платёж в ${has}, а счёт в ${expected}.`,
});

/** Of a refusal without words. */
export const REFUSED: LocalText = { en: 'the request was refused', es: 'la petición fue rechazada', ru: 'запрос отклонён' };

const DISPUTED_ALREADY: LocalText = {
  en: 'the buyer disputed the payment at the bank, so that it cannot be refunded',
  es: 'el comprador disputó el pago en el banco, por lo que no se puede devolver',
  ru: 'покупатель оспорил платёж в банке, поэтому вернуть его нельзя',
};
const HOLD_IS_OVER: LocalText = { en: 'the hold has expired', es: 'la retención ha caducado', ru: 'срок удержания истёк' };

/** What Stripe's code means, where its own words would not help. */
export const WORDS: Texts = {
  amount_too_small: {
    en: 'the amount is below the least that Stripe takes in this currency',
    es: 'el importe es inferior al mínimo que Stripe cobra en esta moneda',
    ru: 'сумма меньше той, что Stripe принимает в этой валюте',
  },
  amount_too_large: {
    en: 'the amount is more than Stripe takes, or more than is there',
    es: 'el importe supera lo que Stripe cobra o lo que hay',
    ru: 'сумма больше той, что Stripe принимает, или больше имеющейся',
  },
  balance_insufficient: {
    en: 'there is not enough money in the Stripe account',
    es: 'no hay fondos suficientes en la cuenta de Stripe',
    ru: 'на счёте в Stripe недостаточно денег',
  },
  charge_already_refunded: {
    en: 'all of it is given back already',
    es: 'ya se devolvió todo',
    ru: 'всё уже возвращено',
  },
  charge_disputed: DISPUTED_ALREADY,
  refund_disputed_payment: DISPUTED_ALREADY,
  charge_expired_for_capture: HOLD_IS_OVER,
  capture_charge_authorization_expired: HOLD_IS_OVER,
  charge_already_captured: {
    en: 'the hold was taken already',
    es: 'la retención ya se cobró',
    ru: 'удержанное уже списано',
  },
  resource_missing: {
    en: 'this account of Stripe does not know the payment; were the keys of the shop changed for those of another account?',
    es: 'esta cuenta de Stripe no conoce el pago; ¿se cambiaron las claves de la tienda por las de otra cuenta?',
    ru: 'этот аккаунт Stripe не знает платежа; не сменили ли ключи магазина на ключи другого аккаунта?',
  },
};
