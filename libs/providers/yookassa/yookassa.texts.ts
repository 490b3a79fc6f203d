import type { LocalText } from '#platform';

type Texts = Readonly<Record<string, LocalText>>;

/** What the module says itself. */
export const TEXTS = {
  keyRefused: {
    en: 'is not accepted by YooKassa with this shopId: copy both again',
    es: 'no la acepta YooKassa con este shopId: copie de nuevo ambos',
    ru: 'не принимается ЮKassa с этим shopId: скопируйте оба значения ещё раз',
  },
  testAmongLive: {
    en: 'is a test key, while other shops have live ones: nobody pays really in this shop',
    es: 'es una clave de prueba, mientras que otras tiendas tienen claves reales: en esta tienda nadie paga de verdad',
    ru: 'тестовый ключ, а у других магазинов боевые: в этом магазине никто не платит по-настоящему',
  },
  noShop: {
    en: 'has no active shop yet: nobody can pay',
    es: 'no tiene aún ninguna tienda activa: nadie puede pagar',
    ru: 'пока без действующего магазина: оплатить нельзя',
  },
  sbpIsLost: {
    en: 'With two stages buyers are not offered SBP: it cannot hold money',
    es: 'Con dos etapas no se ofrece SBP a los compradores: no puede retener dinero',
    ru: 'С двумя стадиями покупателям не предлагается СБП: деньги там не удерживаются',
  },
  sbpHasNoHold: {
    en: 'SBP cannot hold money: choose one stage, or another way to pay',
    es: 'SBP no puede retener dinero: elija una etapa u otra forma de pago',
    ru: 'СБП не удерживает деньги: выберите одну стадию или другой способ оплаты',
  },
  methodIsOff: {
    en: 'is not switched on in the shop at YooKassa',
    es: 'no está activada en la tienda de YooKassa',
    ru: 'не подключено у магазина в ЮKassa',
  },
  methodNeedsMore: {
    en: 'cannot be chosen here: YooKassa wants more of the buyer than an order has. Leave it empty, then the buyer chooses',
    es: 'no se puede elegir aquí: YooKassa exige más datos del comprador que los del pedido. Déjelo vacío y el comprador elegirá',
    ru: 'здесь выбрать нельзя: ЮKassa требует о покупателе больше, чем есть в заказе. Оставьте пустым – выберет покупатель',
  },
  receiptsAreOn: {
    en: 'The shop has receipts at YooKassa: without one it refuses payments',
    es: 'La tienda tiene recibos en YooKassa: sin ellos rechaza los pagos',
    ru: 'У магазина в ЮKassa включены чеки: без чека платёж не примут',
  },
  receiptsAreOff: {
    en: 'The shop has no receipts at YooKassa: those that are sent are not registered',
    es: 'La tienda no tiene recibos en YooKassa: los enviados no se registran',
    ru: 'У магазина в ЮKassa чеки выключены: отправленные не будут зарегистрированы',
  },
  markingNeeds: {
    en: 'needs the time zone of the register and the planned status too',
    es: 'requiere también la zona horaria de la caja y el estado previsto',
    ru: 'требует также часовую зону кассы и планируемый статус',
  },
  noNotifications: {
    en: 'Without notifications payments arrive minutes late',
    es: 'Sin notificaciones los pagos llegan con minutos de retraso',
    ru: 'Без уведомлений об оплате станет известно на минуты позже',
  },
  wrongSender: {
    en: 'must be IP addresses or networks, such as 185.71.76.0/27; these are not:',
    es: 'deben ser direcciones IP o redes, como 185.71.76.0/27; no lo son:',
    ru: 'должны быть IP-адреса или сети, например 185.71.76.0/27; не подходят:',
  },
  noLookup: { en: 'There is no such list.', es: 'No existe esa lista.', ru: 'Такого списка нет.' },
  shopIsGone: {
    en: 'Without its key nothing can be asked: this shop is not in the settings of YooKassa any more',
    es: 'Sin su clave no se puede consultar nada: esta tienda ya no está en los ajustes de YooKassa',
    ru: 'Без ключа ничего не узнать: этого магазина больше нет в настройках ЮKassa',
  },
  notOfThisShop: {
    en: 'YooKassa does not know the payment with this key; was the shop changed for another one in the settings?',
    es: 'YooKassa no conoce el pago con esta clave; ¿se cambió la tienda por otra en los ajustes?',
    ru: 'ЮKassa не знает этого платежа с таким ключом; не сменили ли в настройках магазин?',
  },
  stillProcessed: {
    en: 'YooKassa is still busy with the call',
    es: 'YooKassa sigue procesando la llamada',
    ru: 'ЮKassa ещё обрабатывает запрос',
  },
  tooManyCalls: {
    en: 'Too many calls of YooKassa at once: nothing was done. Try again in a moment.',
    es: 'Demasiadas llamadas a YooKassa a la vez: no se hizo nada. Inténtelo de nuevo en un momento.',
    ru: 'Слишком много запросов в ЮKassa сразу: ничего не сделано. Повторите чуть позже.',
  },
  endsAtOnce: {
    en: 'YooKassa ends each payment at once; try again later.',
    es: 'YooKassa termina cada pago al instante; inténtelo más tarde.',
    ru: 'ЮKassa сразу завершает каждый платёж; повторите позже.',
  },
  otherCurrency: { en: 'must be the currency of the shop:', es: 'debe ser la moneda de la tienda:', ru: 'должна быть валютой магазина:' },
  amountTooSmall: { en: 'must be at least 1 RUB', es: 'debe ser de al menos 1 RUB', ru: 'должна быть не меньше 1 RUB' },
  amountTooLarge: {
    en: 'is more than the shop’s settings allow:',
    es: 'supera lo que permiten los ajustes de la tienda:',
    ru: 'больше, чем разрешено в настройках магазина:',
  },
  noReceiptEmail: {
    en: 'is needed for the receipt: add it to the order, or an e-mail for receipts to the shop’s settings',
    es: 'es necesario para el recibo: añádalo al pedido, o un correo para recibos en los ajustes de la tienda',
    ru: 'нужен для чека: добавьте его в заказ или укажите e-mail для чеков в настройках магазина',
  },
  alreadyTaken: {
    en: 'The money was taken already: it can be refunded.',
    es: 'El dinero ya se cobró: se puede devolver.',
    ru: 'Деньги уже списаны: их можно вернуть.',
  },
  alreadyCanceled: {
    en: 'The payment is cancelled: nothing is held any more',
    es: 'El pago está anulado: ya no hay nada retenido',
    ru: 'Платёж отменён: удержанных денег больше нет',
  },
  notPaidYet: {
    en: 'The buyer has not paid yet.',
    es: 'El comprador aún no ha pagado.',
    ru: 'Покупатель ещё не заплатил.',
  },
  held: {
    en: 'The money is held: it can be taken or released.',
    es: 'El dinero está retenido: se puede cobrar o liberar.',
    ru: 'Деньги удержаны: их можно списать или отпустить.',
  },
  cancelledByShop: { en: 'Cancelled by the shop', es: 'Anulado por la tienda', ru: 'Отменено магазином' },
  declined: { en: 'The payment was declined', es: 'El pago fue rechazado', ru: 'Платёж отклонён' },
  refundFailed: { en: 'The refund did not come about', es: 'La devolución no se realizó', ru: 'Возврат не состоялся' },
  order: { en: 'Order', es: 'Pedido', ru: 'Заказ' },
  payment: { en: 'Payment', es: 'Pago', ru: 'Оплата' },
  item: { en: 'Item', es: 'Artículo', ru: 'Товар' },
  otherItems: { en: 'Other items', es: 'Otros artículos', ru: 'Прочие товары' },
} as const satisfies Texts;

const LIMIT: LocalText = {
  en: 'Declined: a limit of the way to pay is exceeded',
  es: 'Rechazado: se superó un límite de la forma de pago',
  ru: 'Отклонено: превышен лимит способа оплаты',
};
const WRONG_DATA: LocalText = {
  en: 'Declined: the card’s data are wrong',
  es: 'Rechazado: los datos de la tarjeta no son correctos',
  ru: 'Отклонено: данные карты указаны неверно',
};
const TRY_LATER: LocalText = {
  en: 'Declined: the bank or YooKassa did not answer in time',
  es: 'Rechazado: el banco o YooKassa no respondió a tiempo',
  ru: 'Отклонено: банк или ЮKassa не ответили вовремя',
};

/** Why a payment was canceled (`cancellation_details.reason`). */
export const CANCELLATIONS: Texts = {
  canceled_by_merchant: TEXTS.cancelledByShop,
  expired_on_capture: {
    en: 'The hold expired before it was confirmed',
    es: 'La retención caducó antes de confirmarse',
    ru: 'Срок удержания истёк до подтверждения',
  },
  expired_on_confirmation: {
    en: 'The buyer did not pay in time',
    es: 'El comprador no pagó a tiempo',
    ru: 'Покупатель не оплатил вовремя',
  },
  '3d_secure_failed': {
    en: 'Declined: the buyer did not confirm it with the bank',
    es: 'Rechazado: el comprador no lo confirmó con el banco',
    ru: 'Отклонено: покупатель не подтвердил платёж в банке',
  },
  call_issuer: {
    en: 'Declined by the bank: the buyer should call it',
    es: 'Rechazado por el banco: el comprador debe llamarlo',
    ru: 'Отклонено банком: покупателю стоит ему позвонить',
  },
  card_expired: {
    en: 'Declined: the card has expired',
    es: 'Rechazado: la tarjeta ha caducado',
    ru: 'Отклонено: срок действия карты истёк',
  },
  country_forbidden: {
    en: 'Declined: cards of this country are not taken',
    es: 'Rechazado: no se aceptan tarjetas de este país',
    ru: 'Отклонено: карты этой страны не принимаются',
  },
  fraud_suspected: {
    en: 'Declined: it was judged too risky',
    es: 'Rechazado: se consideró demasiado arriesgado',
    ru: 'Отклонено: платёж сочтён рискованным',
  },
  identification_required: {
    en: 'Declined: the wallet must be identified',
    es: 'Rechazado: el monedero debe identificarse',
    ru: 'Отклонено: кошелёк нужно идентифицировать',
  },
  insufficient_funds: {
    en: 'Declined: there is not enough money',
    es: 'Rechazado: no hay fondos suficientes',
    ru: 'Отклонено: недостаточно денег',
  },
  invalid_card_number: WRONG_DATA,
  invalid_csc: WRONG_DATA,
  issuer_unavailable: TRY_LATER,
  internal_timeout: TRY_LATER,
  payment_method_limit_exceeded: LIMIT,
  payment_method_restricted: {
    en: 'Declined: this way to pay is blocked',
    es: 'Rechazado: esta forma de pago está bloqueada',
    ru: 'Отклонено: операции этим способом запрещены',
  },
  loan_declined: { en: 'The bank declined the loan', es: 'El banco rechazó el crédito', ru: 'Банк отказал в кредите' },
  unsupported_mobile_operator: {
    en: 'Declined: this mobile operator is not supported',
    es: 'Rechazado: no se admite este operador móvil',
    ru: 'Отклонено: оператор связи не поддерживается',
  },
};

/** Why a refund did not come about. */
export const REFUND_FAILURES: Texts = {
  insufficient_funds: {
    en: 'There is not enough money in the shop’s account at YooKassa: try again later',
    es: 'No hay fondos suficientes en la cuenta de la tienda en YooKassa: inténtelo más tarde',
    ru: 'У магазина в ЮKassa недостаточно денег: повторите позже',
  },
  rejected_by_timeout: {
    en: 'The buyer’s bank did not answer: try again',
    es: 'El banco del comprador no respondió: inténtelo de nuevo',
    ru: 'Банк покупателя не ответил: повторите возврат',
  },
  rejected_by_payee: {
    en: 'The buyer’s bank refused the refund',
    es: 'El banco del comprador rechazó la devolución',
    ru: 'Банк покупателя отклонил возврат',
  },
  yoo_money_account_closed: {
    en: 'The buyer’s wallet is closed',
    es: 'El monedero del comprador está cerrado',
    ru: 'Кошелёк покупателя закрыт',
  },
  payment_expired: {
    en: 'The payment is too old to be given back this way',
    es: 'El pago es demasiado antiguo para devolverse así',
    ru: 'Платёж слишком старый, так его не вернуть',
  },
};

/** Ways to pay, by YooKassa's code. */
export const METHODS: Texts = {
  bank_card: { en: 'Bank card, Mir Pay', es: 'Tarjeta bancaria, Mir Pay', ru: 'Банковская карта, Mir Pay' },
  sbp: { en: 'SBP (one stage only)', es: 'SBP (solo una etapa)', ru: 'СБП (только одна стадия)' },
  sberbank: { en: 'SberPay', es: 'SberPay', ru: 'SberPay' },
  tinkoff_bank: { en: 'T-Pay', es: 'T-Pay', ru: 'T-Pay' },
  yoo_money: { en: 'YooMoney wallet', es: 'Monedero YooMoney', ru: 'Кошелёк ЮMoney' },
  sber_loan: { en: 'Loan of Sber', es: 'Crédito de Sber', ru: 'Покупки в кредит от СберБанка' },
  sber_bnpl: { en: 'In parts, Sber', es: 'A plazos, Sber', ru: 'Плати частями, Сбер' },
  alfa_pay: { en: 'Alfa Pay', es: 'Alfa Pay', ru: 'Alfa Pay' },
  cash: { en: 'Cash', es: 'Efectivo', ru: 'Наличные' },
};
