import type { LocalText } from '#platform';

/** What people read, in their account's language. */
export const TEXTS = {
  both: {
    en: 'is needed: key and secret belong together',
    es: 'hace falta: clave y secreto van juntos',
    ru: 'нужен: ключ и секрет – пара',
  },
  ring: { en: 'must be 0, or at least 3', es: 'debe ser 0 o al menos 3', ru: 'должно быть 0 или не меньше 3' },
  noKeys: {
    en: 'No calls are made or seen until the key and the secret of Zadarma are entered',
    es: 'No hay llamadas hasta que se indiquen la clave y el secreto de Zadarma',
    ru: 'Пока не указаны ключ и секрет Zadarma, звонков не будет',
  },
  credentialsRefused: {
    en: 'Zadarma refuses the key or the secret: copy both again from Settings, Integrations and API, Keys and API',
    es: 'Zadarma rechaza la clave o el secreto: cópielos de nuevo en Ajustes, Integraciones y API, Claves y API',
    ru: 'Zadarma не принимает ключ или секрет: скопируйте оба заново в кабинете: Настройки, Интеграции и API, Ключи и API',
  },
  noReason: { en: 'it gives no reason', es: 'no da el motivo', ru: 'причина не названа' },
  tooManyCalls: {
    en: 'Zadarma takes no more requests this minute: nothing was done. Try again in a minute.',
    es: 'Zadarma no admite más solicitudes en este minuto: no se hizo nada. Inténtelo de nuevo en un minuto.',
    ru: 'Zadarma в эту минуту больше не принимает запросов: ничего не сделано. Повторите через минуту.',
  },
  foreignLink: {
    en: 'Zadarma names a recording that is somewhere else: it is not opened',
    es: 'Zadarma indica una grabación que está en otro lugar: no se abre',
    ru: 'Zadarma называет запись, которая лежит в другом месте: она не открывается',
  },
  recordNotReady: {
    en: 'The recording is not ready yet: try again in a minute.',
    es: 'La grabación aún no está lista: inténtelo de nuevo en un minuto.',
    ru: 'Запись ещё не готова: повторите через минуту.',
  },
  noPbx: {
    en: 'The account has no cloud PBX: switch it on at Zadarma',
    es: 'La cuenta no tiene centralita virtual: actívela en Zadarma',
    ru: 'В аккаунте нет облачной АТС: включите её в кабинете Zadarma',
  },
  noExtension: {
    en: 'The PBX has no extension of this number',
    es: 'La centralita no tiene una extensión con este número',
    ru: 'На АТС нет такого добавочного номера',
  },
  noNumber: {
    en: 'The account has no such number',
    es: 'La cuenta no tiene este número',
    ru: 'В аккаунте нет такого номера',
  },
  noExtensions: {
    en: 'Without extensions calls are shown to nobody',
    es: 'Sin extensiones las llamadas no se muestran a nadie',
    ru: 'Без добавочных номеров звонки никому не показываются',
  },
  noMoney: {
    en: 'There is not enough money in the account at Zadarma: outgoing calls are not put through',
    es: 'No hay saldo suficiente en la cuenta de Zadarma: las llamadas salientes no se conectan',
    ru: 'На счёте Zadarma не хватает денег: исходящие звонки не проходят',
  },
  limitReached: {
    en: 'Zadarma did not put a call through because of a limit of the account or its lines',
    es: 'Zadarma no conectó una llamada por un límite de la cuenta o de sus líneas',
    ru: 'Zadarma не соединила звонок из-за ограничения аккаунта или числа линий',
  },
  elsewhere: {
    en: 'Notifications of calls go to another program now:',
    es: 'Los avisos de llamadas van ahora a otro programa:',
    ru: 'Уведомления о звонках сейчас получает другая программа:',
  },
  notNotified: {
    en: 'Some notifications of calls are switched off at Zadarma; they are switched on again within an hour',
    es: 'Algunos avisos de llamadas están desactivados en Zadarma; se activan de nuevo en una hora',
    ru: 'Часть уведомлений о звонках в Zadarma выключена; в течение часа они включатся снова',
  },
  noSuchExtension: {
    en: 'An extension of Zadarma is 3 to 5 digits, such as 101',
    es: 'Una extensión de Zadarma tiene de 3 a 5 dígitos, como 101',
    ru: 'Добавочный номер Zadarma – от 3 до 5 цифр, например 101',
  },
  notCallable: {
    en: 'is no number that Zadarma calls: those have 7 to 15 digits, the country’s code among them',
    es: 'no es un número al que llame Zadarma: tienen de 7 a 15 dígitos, con el código del país',
    ru: 'не номер, по которому звонит Zadarma: в таких от 7 до 15 цифр вместе с кодом страны',
  },
  phoneOff: {
    en: 'The phone of extension {code} is off, and its calls are not forwarded: switch it on and call again',
    es: 'El teléfono de la extensión {code} está apagado y sus llamadas no se desvían: enciéndalo y llame de nuevo',
    ru: 'Телефон с добавочным {code} выключен, и его звонки не переадресуются: включите его и позвоните снова',
  },
  noLookup: { en: 'There is no such list.', es: 'No existe esa lista.', ru: 'Такого списка нет.' },
} as const satisfies Readonly<Record<string, LocalText>>;
