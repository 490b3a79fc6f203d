import type { LocalText } from '#platform';

type Texts = Readonly<Record<string, LocalText>>;

/** Mercado Pago does not know the token, or it was renewed in the panel. */
export const TOKEN_REFUSED: LocalText = {
  en: 'is not accepted by Mercado Pago: copy the access token again',
  es: 'no lo acepta Mercado Pago: copie el Access Token de nuevo',
  ru: 'не принимается Mercado Pago: скопируйте Access Token ещё раз',
};
/** The same of a call. */
export const CREDENTIALS_REFUSED: LocalText = {
  en: 'Mercado Pago does not accept the access token of this shop',
  es: 'Mercado Pago no acepta el Access Token de esta tienda',
  ru: 'Mercado Pago не принимает Access Token этого магазина',
};
/** The same of a call in a shop that says so. */
export const LIVE_TOKEN: LocalText = {
  en: 'The shop says that its credentials are test ones, and its access token is of a live account',
  es: 'La tienda dice tener credenciales de prueba y su Access Token es de una cuenta real',
  ru: 'У магазина отмечены тестовые данные, а его Access Token от боевого аккаунта',
};
/** There was no turn for the call in its time. */
export const TOO_MANY_CALLS: LocalText = {
  en: 'There are too many calls to Mercado Pago at once',
  es: 'Hay demasiadas llamadas a Mercado Pago a la vez',
  ru: 'Слишком много запросов к Mercado Pago одновременно',
};
/** The token is good, and its application was made for another product. */
export const NOT_FOR_CHECKOUT: LocalText = {
  en: 'The access token is right, but its application may not do this: make one of the product Checkout Pro at Mercado Pago',
  es: 'El Access Token es correcto, pero su aplicación no puede hacerlo: cree en Mercado Pago una con el producto Checkout Pro',
  ru: 'Access Token верный, но его приложению это не разрешено: создайте в Mercado Pago приложение с продуктом Checkout Pro',
};
/** Of a shop that says its credentials are test ones. */
export const LIVE_ACCOUNT: LocalText = {
  en: 'is wrong: the access token is of a live account, in which money moves',
  es: 'no es correcto: el Access Token es de una cuenta real, en la que se mueve dinero',
  ru: 'неверно: Access Token от боевого аккаунта, в нём движутся деньги',
};
/** Of a shop that does not say so. */
export const SAY_TEST: LocalText = {
  en: 'can be ticked: the access token is of a test account',
  es: 'se puede marcar: el Access Token es de una cuenta de prueba',
  ru: 'можно отметить: Access Token от тестового аккаунта',
};
/** Of a shop whose buyers pay nothing while those of others do. */
export const TEST_AMONG_LIVE: LocalText = {
  en: 'is of a test account, while other shops have live ones: nobody pays really in this shop',
  es: 'es de una cuenta de prueba, mientras que otras tiendas tienen cuentas reales: en esta tienda nadie paga de verdad',
  ru: 'от тестового аккаунта, а у других магазинов боевые: в этом магазине никто не платит по-настоящему',
};
/** Of a shop without the secret of its webhook. */
export const NO_SECRET: LocalText = {
  en: 'is not entered yet: until then payments are noticed with a delay',
  es: 'no está introducida: hasta entonces los pagos se detectan con retraso',
  ru: 'ещё не указан: до тех пор оплаты замечаются с задержкой',
};
/** Of settings without a shop that takes payments. */
export const NO_SHOP: LocalText = {
  en: 'has no active shop yet: nobody can pay',
  es: 'no tiene aún ninguna tienda activa: nadie puede pagar',
  ru: 'пока без действующего магазина: оплатить нельзя',
};
/** A country that is not among those of this module. */
export const COUNTRY_UNKNOWN: LocalText = {
  en: 'is of a country that this module does not know: its currency cannot be checked',
  es: 'es de un país que este módulo no conoce: su moneda no se puede comprobar',
  ru: 'из страны, которой модуль не знает: валюту проверить нельзя',
};

/** A shop that is not in the settings any more. */
export function sayNoShop(code: string): LocalText {
  return {
    en: `The shop ${code} is not in the settings of Mercado Pago any more: without its access token nothing can be asked`,
    es: `La tienda ${code} ya no está en los ajustes de Mercado Pago: sin su Access Token no se puede consultar nada`,
    ru: `Магазина ${code} больше нет в настройках Mercado Pago: без его Access Token ничего не спросить`,
  };
}

/** An amount with parts of a currency that has none at Mercado Pago. */
export function sayWholeOnly(currency: string): LocalText {
  return {
    en: `amounts in ${currency} must be whole, without digits after the point`,
    es: `los importes en ${currency} deben ser enteros, sin decimales`,
    ru: `суммы в ${currency} должны быть целыми, без знаков после запятой`,
  };
}

/** An invoice in another currency than the account's. */
export function sayOtherCurrency(account: string): LocalText {
  return {
    en: `this account of Mercado Pago takes only ${account}`,
    es: `esta cuenta de Mercado Pago solo acepta ${account}`,
    ru: `этот аккаунт Mercado Pago принимает только ${account}`,
  };
}

/** A list of the settings page that there is not. */
export function sayNoLookup(name: string): LocalText {
  return {
    en: `Mercado Pago has no list called ${name}`,
    es: `Mercado Pago no tiene la lista ${name}`,
    ru: `У Mercado Pago нет списка ${name}`,
  };
}

/** A payment that Mercado Pago takes for fraud, by its number there. */
export function warnOfFraud(payment: string): LocalText {
  return {
    en: `warning of fraud, payment ${payment}: do not ship its order. See it in Mercado Pago.`,
    es: `alerta de fraude, pago ${payment}: no envíe su pedido. Véala en Mercado Pago.`,
    ru: `подозрение на мошенничество, платёж ${payment}: не отгружайте заказ. Смотрите в Mercado Pago.`,
  };
}

/** A buyer's claim against the shop. */
export function warnOfClaim(claim: string): LocalText {
  return {
    en: `a buyer has made claim ${claim}. Answer it in Mercado Pago in time.`,
    es: `un comprador abrió el reclamo ${claim}. Respóndalo a tiempo en Mercado Pago.`,
    ru: `покупатель открыл претензию ${claim}. Ответьте на неё в Mercado Pago в срок.`,
  };
}

/** A payment that is disputed at the bank. */
export function warnOfChargeback(dispute: string): LocalText {
  return {
    en: `a buyer disputes a payment at the bank, case ${dispute}. Answer it in Mercado Pago in time.`,
    es: `un comprador disputa un pago en su banco, caso ${dispute}. Respóndalo a tiempo en Mercado Pago.`,
    ru: `покупатель оспаривает платёж в банке, дело ${dispute}. Ответьте в Mercado Pago в срок.`,
  };
}

/** The shop made the invoice impossible to pay. */
export const CANCELLED_BY_SHOP: LocalText = { en: 'Cancelled by the shop', es: 'Anulado por la tienda', ru: 'Отменено магазином' };

/** Of a paid order that is of another invoice. */
export const OTHER_INVOICE: LocalText = {
  en: 'Mercado Pago has another reference, amount or currency of this payment than the invoice.',
  es: 'En Mercado Pago este pago tiene otra referencia, otro importe u otra moneda que la factura.',
  ru: 'В Mercado Pago у этого платежа другой номер, другая сумма или валюта, чем в счёте.',
};

/** Why a call does not fit the payment's state. */
export const NOT_PAID: LocalText = {
  en: 'The buyer has not paid yet',
  es: 'El comprador no ha pagado todavía',
  ru: 'Покупатель ещё не заплатил',
};
export const PAID: LocalText = {
  en: 'The money was taken already: it can be refunded',
  es: 'El dinero ya se cobró: se puede devolver',
  ru: 'Деньги уже получены: их можно вернуть',
};
export const EXAMINED: LocalText = {
  en: 'Mercado Pago is examining the payment, for up to two days: it cannot be cancelled now',
  es: 'Mercado Pago está revisando el pago, hasta dos días: ahora no se puede anular',
  ru: 'Mercado Pago проверяет платёж, до двух дней: отменить его сейчас нельзя',
};

export const ON_ITS_WAY: LocalText = {
  en: 'The buyer has a slip or a transfer under way, which Mercado Pago does not cancel now',
  es: 'El comprador tiene un cupón o una transferencia en curso que Mercado Pago no anula ahora',
  ru: 'У покупателя квитанция или перевод в пути, и Mercado Pago их сейчас не отменяет',
};

const OTHER_ACCOUNT: LocalText = {
  en: 'this account does not know the payment; was the access token of the shop changed for one of another account?',
  es: 'esta cuenta no conoce el pago; ¿se cambió el Access Token de la tienda por el de otra cuenta?',
  ru: 'этот аккаунт не знает платежа; не заменён ли Access Token магазина на токен другого аккаунта?',
};
const ALL_REFUNDED: LocalText = {
  en: 'all of it is given back already',
  es: 'ya se ha devuelto todo',
  ru: 'всё уже возвращено',
};

/** What Mercado Pago's code means, where its own English words would not help. */
export const WORDS: Texts = {
  order_not_found: OTHER_ACCOUNT,
  invalid_path_param: OTHER_ACCOUNT,
  invalid_order_owner: OTHER_ACCOUNT,
  transaction_not_found: OTHER_ACCOUNT,
  order_already_refunded: ALL_REFUNDED,
  refund_amount_exceeds: {
    en: 'this is more than is left to give back',
    es: 'supera lo que queda por devolver',
    ru: 'это больше, чем осталось вернуть',
  },
  unsupported_partially_refunds: {
    en: 'this payment can only be given back as a whole',
    es: 'este pago solo se puede devolver por completo',
    ru: 'этот платёж можно вернуть только целиком',
  },
  cannot_refund_order: {
    en: 'the payment cannot be refunded as it is now; it may be disputed, or more than 180 days old',
    es: 'el pago no se puede devolver en su estado actual; puede estar en disputa o tener más de 180 días',
    ru: 'в этом состоянии платёж не вернуть: он мог быть оспорен или ему больше 180 дней',
  },
  cannot_cancel_order: {
    en: 'the payment cannot be cancelled as it is now',
    es: 'el pago no se puede anular en su estado actual',
    ru: 'в этом состоянии платёж не отменить',
  },
  invalid_email_for_sandbox: {
    en: 'a test account takes only test buyers',
    es: 'una cuenta de prueba solo admite compradores de prueba',
    ru: 'тестовый аккаунт принимает только тестовых покупателей',
  },
  unprocessable_content: {
    en: 'the payment was made a moment ago, try again in a minute',
    es: 'el pago se acaba de hacer, inténtelo de nuevo en un minuto',
    ru: 'платёж только что совершён, повторите через минуту',
  },
};

/** A refund that Mercado Pago could not make; it says no reason. */
export const REFUND_FAILED: LocalText = {
  en: 'The refund did not come about',
  es: 'La devolución no se realizó',
  ru: 'Возврат не состоялся',
};

/** A chargeback; its reason is shown only in Mercado Pago's panel. */
export const DISPUTED: LocalText = {
  en: 'Disputed by the buyer at the bank: answer in Mercado Pago’s panel',
  es: 'Disputado por el comprador en su banco: responda en el panel de Mercado Pago',
  ru: 'Оспорено покупателем в банке: ответьте в панели Mercado Pago',
};

/** The order's description, and its one line where items do not make the amount. */
export const ORDER: LocalText = { en: 'Order', es: 'Pedido', ru: 'Заказ' };
/** The same without an order number. */
export const PAYMENT: LocalText = { en: 'Payment', es: 'Pago', ru: 'Оплата' };
