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
