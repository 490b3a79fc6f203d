import type { LocalText } from '#platform';

/* What people of the account read: on its page, and as why a message did not arrive. */

/** Telegram does not know the token any more. */
export const TOKEN_REFUSED: LocalText = {
  en: 'Telegram does not accept the token: copy it again from @BotFather',
  es: 'Telegram no acepta el token: cópielo de nuevo de @BotFather',
  ru: 'Telegram не принимает токен: скопируйте его ещё раз у @BotFather',
};
export const BOT_IS_GONE: LocalText = {
  en: 'This bot is not in the settings any more.',
  es: 'Este bot ya no está en la configuración.',
  ru: 'Этого бота больше нет в настройках.',
};
/** Of a bot whose updates another connection of this deployment has. */
export const BOT_TAKEN: LocalText = {
  en: 'is the token of a bot that is connected already, in another account or module: disconnect it there first',
  es: 'es el token de un bot ya conectado en otra cuenta u otro módulo: desconéctelo allí primero',
  ru: 'токен бота, который уже подключён в другом аккаунте или модуле: сначала отключите его там',
};
export const BOT_TWICE: LocalText = {
  en: 'is the token of a bot that stands above already',
  es: 'es el token de un bot que ya figura más arriba',
  ru: 'токен бота, который уже указан выше',
};
export const CODE_TWICE: LocalText = {
  en: 'is the name of another bot too',
  es: 'es también el nombre de otro bot',
  ru: 'уже занято другим ботом',
};
export const NO_BOT: LocalText = {
  en: 'has no bot yet: customers cannot write',
  es: 'no tiene aún ningún bot: los clientes no pueden escribir',
  ru: 'пока без ботов: клиенты не могут написать',
};
/** Before an address. */
export const OTHERS_HAVE_IT: LocalText = {
  en: 'Another program receives this bot’s messages:',
  es: 'Otro programa recibe los mensajes de este bot:',
  ru: 'Сообщения этого бота получает другая программа:',
};
/** Before Telegram's own words. */
export const NOT_DELIVERED: LocalText = {
  en: 'Telegram could not deliver messages to this module lately:',
  es: 'Telegram no pudo entregar mensajes a este módulo hace poco:',
  ru: 'Telegram недавно не смог передать сообщения модулю:',
};

export const TOO_OFTEN: LocalText = {
  en: 'Telegram asks to write less often. Try again in a moment.',
  es: 'Telegram pide escribir con menos frecuencia. Inténtelo de nuevo en un momento.',
  ru: 'Telegram просит писать реже. Повторите чуть позже.',
};
/** Before Telegram's own words. */
export const REFUSED: LocalText = { en: 'no reason was given', es: 'no se indicó el motivo', ru: 'причина не указана' };
export const BLOCKED: LocalText = {
  en: 'The customer has blocked the bot.',
  es: 'El cliente bloqueó el bot.',
  ru: 'Клиент заблокировал бота.',
};
export const NO_CUSTOMER: LocalText = {
  en: 'In Telegram the customer writes first: there is no chat with this one, or the account was deleted.',
  es: 'En Telegram el cliente escribe primero: no hay chat con este, o su cuenta fue eliminada.',
  ru: 'В Telegram первым пишет клиент: чата с этим клиентом нет или его аккаунт удалён.',
};
export const NOTHING_TO_SEND: LocalText = {
  en: 'The message is empty.',
  es: 'El mensaje está vacío.',
  ru: 'Сообщение пустое.',
};
/** After why a part of a message was refused, where the others could not be taken back. */
export const PARTLY_SENT: LocalText = {
  en: 'A part of the message has arrived.',
  es: 'Una parte del mensaje ha llegado.',
  ru: 'Часть сообщения дошла.',
};
export const TOO_LONG_TO_EDIT: LocalText = {
  en: 'The new text is longer than the message that was sent: send another one.',
  es: 'El texto nuevo es más largo que el mensaje enviado: envíe otro.',
  ru: 'Новый текст длиннее отправленного сообщения: отправьте ещё одно.',
};
export const NO_SUCH_REACTION: LocalText = {
  en: 'Telegram has no such reaction.',
  es: 'Telegram no tiene esa reacción.',
  ru: 'В Telegram нет такой реакции.',
};
export const FILE_TOO_LARGE: LocalText = {
  en: 'Telegram gives bots no files of more than 20 MB.',
  es: 'Telegram no entrega a los bots archivos de más de 20 MB.',
  ru: 'Telegram не отдаёт ботам файлы больше 20 МБ.',
};
export const FILE_GONE: LocalText = {
  en: 'Telegram does not have the file any more.',
  es: 'Telegram ya no tiene el archivo.',
  ru: 'Файла в Telegram больше нет.',
};
export const FILE_UNREAD: LocalText = {
  en: 'The file could not be read to its end.',
  es: 'No se pudo leer el archivo hasta el final.',
  ru: 'Файл не удалось прочитать до конца.',
};

/** What managers read in place of what the CRM's dialogues cannot show. */
export const SHOWN = {
  contact: { en: 'Contact', es: 'Contacto', ru: 'Контакт' },
  location: { en: 'Location', es: 'Ubicación', ru: 'Местоположение' },
  poll: { en: 'Poll', es: 'Encuesta', ru: 'Опрос' },
  dice: { en: 'Dice', es: 'Dado', ru: 'Кубик' },
  game: { en: 'Game', es: 'Juego', ru: 'Игра' },
  story: { en: 'A story of Telegram', es: 'Una historia de Telegram', ru: 'История Telegram' },
  checklist: { en: 'Checklist', es: 'Lista de tareas', ru: 'Список дел' },
  paidMedia: { en: 'Paid media', es: 'Contenido de pago', ru: 'Платные фото или видео' },
  invoice: { en: 'Invoice', es: 'Factura', ru: 'Счёт' },
  gift: { en: 'A gift', es: 'Un regalo', ru: 'Подарок' },
  giveaway: { en: 'A giveaway', es: 'Un sorteo', ru: 'Розыгрыш' },
  rich: { en: 'A formatted article', es: 'Un artículo con formato', ru: 'Статья с оформлением' },
  sticker: { en: 'Sticker', es: 'Sticker', ru: 'Стикер' },
  unknown: {
    en: 'A message of a kind that can be seen in Telegram only',
    es: 'Un mensaje de un tipo que solo se ve en Telegram',
    ru: 'Сообщение, которое видно только в Telegram',
  },
} as const satisfies Readonly<Record<string, LocalText>>;

/** What customers read around products, orders and buttons. */
export const CARD = {
  article: { en: 'Article', es: 'Artículo', ru: 'Артикул' },
  price: { en: 'Price', es: 'Precio', ru: 'Цена' },
  order: { en: 'Order', es: 'Pedido', ru: 'Заказ' },
  of: { en: 'of', es: 'del', ru: 'от' },
  status: { en: 'Status', es: 'Estado', ru: 'Статус' },
  delivery: { en: 'Delivery', es: 'Entrega', ru: 'Доставка' },
  payment: { en: 'Payment', es: 'Pago', ru: 'Оплата' },
  paid: { en: 'paid', es: 'pagado', ru: 'оплачено' },
  unpaid: { en: 'not paid', es: 'sin pagar', ru: 'не оплачено' },
  discount: { en: 'Discount', es: 'Descuento', ru: 'Скидка' },
  total: { en: 'Total', es: 'Total', ru: 'Итого' },
  choose: { en: 'Choose an answer:', es: 'Elija una respuesta:', ru: 'Выберите ответ:' },
} as const satisfies Readonly<Record<string, LocalText>>;
