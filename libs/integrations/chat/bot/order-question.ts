/**
 * Phrases of a customer who asks where their order is. Each names the order, parcel or delivery together with
 * a word of asking, so that a text which only mentions an order does not count. Other questions get no
 * answer: a manager reads them anyway, and a wrong suggestion costs more than a missing one.
 */
const QUESTIONS: readonly RegExp[] = [
  /\bwhere(?:'s|’s|\s+is|\s+are)\s+(?:my|our|the)\s+(?:order|orders|parcel|package|delivery|shipment)\b/,
  /\bwhen\s+(?:will|does|is)\s+(?:my|our|the)\s+(?:order|parcel|package|delivery|shipment)\b.{0,30}\b(?:arrive|come|delivered|here|arriving|coming|get)\b/,
  /\b(?:status|state)\s+of\s+(?:my|our|the)\s+(?:order|parcel|package|delivery|shipment)\b/,
  /\btrack(?:ing)?\s+(?:my|our)\s+(?:order|parcel|package|delivery|shipment)\b/,
  /\bhas\s+(?:my|our|the)\s+(?:order|parcel|package)\s+(?:been\s+)?(?:shipped|sent|dispatched)\b/,
  /d[oó]nde\s+est[aá]n?\s+(?:mi|el|mis|nuestro)\s+(?:pedido|paquete|env[ií]o|compra|pedidos)(?![a-záéíóúñ])/,
  /cu[aá]ndo\s+(?:llega|llegar[aá]|recibir[eé]|me\s+llega|me\s+llegar[aá])\s+(?:mi|el)\s+(?:pedido|paquete|env[ií]o|compra)(?![a-záéíóúñ])/,
  /(?:estado|seguimiento)\s+(?:de|del)\s+(?:mi\s+)?(?:pedido|paquete|env[ií]o)(?![a-záéíóúñ])/,
  /где\s+(?:сейчас\s+|находится\s+)?(?:мой|моя|наш|наша|мои)\s+(?:заказ|посылка|доставка|заказы)(?![а-яё])/,
  /где\s+(?:заказ|посылка)(?![а-яё])/,
  /когда\s+(?:прид[её]т|приедет|привезут|доставят|получу|будет|мне\s+привезут)\s+(?:(?:мой|моя|мою|наш)\s+)?(?:заказ|посылка|посылку|доставка)(?![а-яё])/,
  /(?:статус|состояние)\s+(?:моего\s+)?заказа(?![а-яё])/,
  /(?:отследить|трек[- ]?номер)\s+(?:мой\s+|моего\s+)?(?:заказ|посылку|заказа|посылки)(?![а-яё])/,
];
/** A customer who asks writes little. A longer text has more in it than this question. */
const LONGEST = 300;
/** An order's number begins with a digit, such as `214C`, or follows the sign for numbers. */
const NUMBER =
  /(?:[#№]\s*|\b(?:order|pedido)\s+(?:number\s+|n[uú]mero\s+|n[ºo°]\.?\s*)?|заказ[а-яё]*\s+(?:номер\s+)?)([0-9][0-9A-Za-z-]{0,19})(?![\w])/iu;
/** The argument of a manager's command. */
const ARGUMENT = /^[#№]?\s*([\p{L}\p{N}][\p{L}\p{N}_/-]{0,49})$/u;

/** Whether a customer's text asks where their order is, in English, Spanish or Russian. */
export function asksForOrder(text: string): boolean {
  if (text.length > LONGEST) return false;
  const plain = text.normalize('NFC').toLowerCase();
  return QUESTIONS.some((question) => question.test(plain));
}

/** Returns the number of the order that a customer's text mentions. */
export function findOrderNumber(text: string): string | undefined {
  return NUMBER.exec(text.normalize('NFC'))?.[1];
}

/** Reads a manager's line, such as `/delivery 214C`. `order` is missing if there is no readable number. */
export function readCommand(line: string): { name: string; order?: string } | undefined {
  const [, name, rest = ''] = /^\/([a-z0-9_]{1,32})(?:\s+(.*))?$/su.exec(line.trim()) ?? [];
  const order = ARGUMENT.exec(rest.trim())?.[1];
  return name === undefined ? undefined : { name, ...(order !== undefined && { order }) };
}
