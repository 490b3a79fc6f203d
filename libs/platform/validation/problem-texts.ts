import { type Language, type LocalText, textFor, toLanguage } from '../i18n/index.js';

/** Field path (`packages[0].weight`) to a message that reads after it (`must be greater than 0`). */
export interface FieldErrors {
  [path: string]: string;
}

/** What a parser says of a field, in its words; `{}` is any text, such as a limit. */
const TEXTS: readonly LocalText[] = [
  { en: 'is required', es: 'es obligatorio', ru: 'нужно заполнить' },
  { en: 'is not known', es: 'no se conoce', ru: 'не известно' },
  { en: 'is not valid JSON', es: 'no es JSON válido', ru: 'не является правильным JSON' },
  { en: 'is wrong', es: 'no es correcto', ru: 'указано неверно' },
  { en: 'has a wrong type', es: 'es de otro tipo', ru: 'не того типа' },
  { en: 'has a wrong format', es: 'no tiene el formato correcto', ru: 'не того формата' },
  { en: 'is nested too deeply', es: 'tiene demasiados niveles', ru: 'слишком глубоко вложено' },
  { en: 'is too large a number', es: 'es un número demasiado grande', ru: 'слишком большое число' },
  { en: 'must not be empty', es: 'no debe estar vacío', ru: 'не должно быть пустым' },
  { en: 'must be a text', es: 'debe ser un texto', ru: 'должно быть текстом' },
  { en: 'must be a number', es: 'debe ser un número', ru: 'должно быть числом' },
  { en: 'must be a whole number', es: 'debe ser un número entero', ru: 'должно быть целым числом' },
  { en: 'must be true or false', es: 'debe ser «true» o «false»', ru: 'должно быть true или false' },
  { en: 'must be a list', es: 'debe ser una lista', ru: 'должно быть списком' },
  { en: 'must be an object', es: 'debe ser un objeto', ru: 'должно быть объектом' },
  { en: 'must be a single value', es: 'debe ser un solo valor', ru: 'должно быть одним значением' },
  { en: 'must be one of: {}', es: 'debe ser uno de: {}', ru: 'должно быть одним из: {}' },
  { en: 'must not be one of: {}', es: 'no debe ser ninguno de: {}', ru: 'не должно быть одним из: {}' },
  { en: 'must be at least {}', es: 'debe ser como mínimo {}', ru: 'должно быть не меньше {}' },
  { en: 'must be at most {}', es: 'debe ser como máximo {}', ru: 'должно быть не больше {}' },
  { en: 'must be greater than {}', es: 'debe ser mayor que {}', ru: 'должно быть больше {}' },
  { en: 'must be less than {}', es: 'debe ser menor que {}', ru: 'должно быть меньше {}' },
  { en: 'must be divisible by {}', es: 'debe ser divisible por {}', ru: 'должно делиться на {}' },
  { en: 'must have at least {} characters', es: 'debe tener al menos {} caracteres', ru: 'нужно символов не меньше {}' },
  { en: 'must have at most {} characters', es: 'debe tener como máximo {} caracteres', ru: 'нужно символов не больше {}' },
  { en: 'must have at most {} decimal places', es: 'debe tener como máximo {} decimales', ru: 'нужно знаков после запятой не больше {}' },
  { en: 'must have at least {} item', es: 'debe tener al menos {} elemento', ru: 'нужно элементов не меньше {}' },
  { en: 'must have at least {} items', es: 'debe tener al menos {} elementos', ru: 'нужно элементов не меньше {}' },
  { en: 'must have at most {} item', es: 'debe tener como máximo {} elemento', ru: 'нужно элементов не больше {}' },
  { en: 'must have at most {} items', es: 'debe tener como máximo {} elementos', ru: 'нужно элементов не больше {}' },
  { en: 'must have at most {} fields', es: 'debe tener como máximo {} campos', ru: 'нужно полей не больше {}' },
  { en: 'must not hold an item twice', es: 'no debe tener un elemento repetido', ru: 'не должно содержать повторов' },
  { en: 'must be an e-mail address', es: 'debe ser una dirección de correo', ru: 'должно быть адресом электронной почты' },
  { en: 'must be a web address (URL)', es: 'debe ser una dirección web (URL)', ru: 'должно быть веб-адресом (URL)' },
  { en: 'must be a host name', es: 'debe ser un nombre de host', ru: 'должно быть именем хоста' },
  { en: 'must be an IP address', es: 'debe ser una dirección IP', ru: 'должно быть IP-адресом' },
  { en: 'must be a UUID', es: 'debe ser un UUID', ru: 'должно быть UUID' },
  { en: 'must be a date in ISO 8601 format', es: 'debe ser una fecha en formato ISO 8601', ru: 'должно быть датой в формате ISO 8601' },
  { en: 'must be a time such as 09:30', es: 'debe ser una hora como 09:30', ru: 'должно быть временем, например 09:30' },
  {
    en: 'must be a time zone such as Europe/Madrid',
    es: 'debe ser una zona horaria como Europe/Madrid',
    ru: 'должно быть часовым поясом, например Europe/Moscow',
  },
  { en: 'must be a two-letter country code', es: 'debe ser un código de país de dos letras', ru: 'должно быть кодом страны из двух букв' },
  { en: 'must be a currency code such as EUR', es: 'debe ser un código de moneda como EUR', ru: 'должно быть кодом валюты, например RUB' },
  { en: 'must be a language code', es: 'debe ser un código de idioma', ru: 'должно быть кодом языка' },
  { en: 'must be a phone number', es: 'debe ser un número de teléfono', ru: 'должно быть номером телефона' },
  { en: 'must be a colour such as #1a2b3c', es: 'debe ser un color como #1a2b3c', ru: 'должно быть цветом, например #1a2b3c' },
  { en: 'must be a hexadecimal number', es: 'debe ser un número hexadecimal', ru: 'должно быть шестнадцатеричным числом' },
  { en: 'must hold only letters and digits', es: 'debe tener solo letras y cifras', ru: 'должно состоять из букв и цифр' },
  { en: 'must be in base 64', es: 'debe estar en base 64', ru: 'должно быть в base64' },
  { en: 'must be JSON', es: 'debe ser JSON', ru: 'должно быть JSON' },
  { en: 'must be one line', es: 'debe ser una sola línea', ru: 'должно быть одной строкой' },
  { en: 'must be two capital letters', es: 'deben ser dos letras mayúsculas', ru: 'должно быть двумя заглавными буквами' },
  { en: 'is required (or {})', es: 'es obligatorio (o {})', ru: 'нужно заполнить (или {})' },
  { en: 'is named twice', es: 'se repite', ru: 'указано дважды' },
  { en: 'is not active', es: 'no está activo', ru: 'не работает' },
  { en: 'is too large', es: 'es demasiado grande', ru: 'слишком велико' },
  { en: 'must be a date like {}', es: 'debe ser una fecha como {}', ru: 'должно быть датой вида {}' },
  { en: 'must be a time like {}', es: 'debe ser una hora como {}', ru: 'должно быть временем вида {}' },
  { en: 'is no day of the calendar', es: 'no es un día del calendario', ru: 'такого дня нет в календаре' },
  { en: 'cannot be looked up without the name in {}', es: 'no se puede buscar sin el nombre en {}', ru: 'не найти без названия в {}' },
  {
    en: 'must have no digits after the point: {} has no smaller unit',
    es: 'no debe tener cifras decimales: {} no tiene una unidad menor',
    ru: 'не должно быть знаков после запятой: у {} нет меньшей единицы',
  },
  {
    en: 'must have at most {} digits after the point: {} has no smaller unit',
    es: 'debe tener como máximo {} cifras decimales: {} no tiene una unidad menor',
    ru: 'нужно знаков после запятой не больше {}: у {} нет меньшей единицы',
  },
  {
    en: 'must be the id of a product (digits)',
    es: 'debe ser el identificador de un producto (cifras)',
    ru: 'должно быть номером товара (цифры)',
  },
  { en: 'must have an id, xmlId or externalId', es: 'debe tener un id, xmlId o externalId', ru: 'нужен id, xmlId или externalId' },
  { en: 'must be three capital letters', es: 'deben ser tres letras mayúsculas', ru: 'должно быть тремя заглавными буквами' },
  { en: 'must be without spaces', es: 'no debe tener espacios', ru: 'должно быть без пробелов' },
  { en: 'must be at most {} digits', es: 'debe tener como máximo {} cifras y nada más', ru: 'должно состоять из цифр, не больше {}' },
  {
    en: 'must be at most {} Latin letters, digits, dashes and underscores',
    es: 'debe tener como máximo {} letras latinas, cifras, guiones y guiones bajos',
    ru: 'должно состоять из латинских букв, цифр, дефисов и подчёркиваний, не больше {}',
  },
  {
    en: 'must be at most {} capital Latin letters, digits and underscores',
    es: 'debe tener como máximo {} letras latinas mayúsculas, cifras y guiones bajos',
    ru: 'должно состоять из заглавных латинских букв, цифр и подчёркиваний, не больше {}',
  },
];

const PATTERNS = TEXTS.map((text) => ({
  text,
  pattern: new RegExp(`^${text.en.replace(/[.*+?^$()|[\]\\#]/g, '\\$&').replaceAll('{}', '(.+)')}$`, 's'),
}));
/** What a decorator of one field says of it, by its English. */
const OF_FIELDS = new Map<string, LocalText>();
/** How a decorator begins what it says in English alone: the field's hint says the rest. */
const OF_ONE_FIELD = /^must /;
const UNKNOWN: LocalText = { en: '', es: 'no tiene el formato correcto', ru: 'не того формата' };
const INTRODUCTION: LocalText = { en: 'Wrong input', es: 'Datos incorrectos', ru: 'Неверные данные' };
const MORE: LocalText = { en: ' (and {} more)', es: ' (y {} más)', ru: ' (и ещё {})' };
const NAMED_IN_SENTENCE = 3;

/**
 * Returns the message of a field's decorator, which is then said in the account's language:
 * `@Matches(CODE, { message: defineProblem({ en: 'must begin with sk_', es: ..., ru: ... }) })`.
 */
export function defineProblem(text: LocalText): string {
  OF_FIELDS.set(text.en, text);
  return text.en;
}

/** Says in the account's language what a parser found; what is in its language already stays. */
export function sayProblem(message: string, accountLanguage: string | null | undefined): string {
  const language = toLanguage(accountLanguage);
  if (language === 'en') return message;
  const own = OF_FIELDS.get(message);
  if (own) return own[language];
  for (const { text, pattern } of PATTERNS) {
    const match = pattern.exec(message);
    if (match) return match.slice(1).reduce((said, part) => said.replace('{}', () => part), text[language]);
  }
  return OF_ONE_FIELD.test(message) ? UNKNOWN[language] : message;
}

/** Says all of them. */
export function sayProblems(errors: FieldErrors, accountLanguage: string | null | undefined): FieldErrors {
  return Object.fromEntries(Object.entries(errors).map(([path, message]) => [path, sayProblem(message, accountLanguage)]));
}

/** Joins them to a sentence. */
export function toSentence(errors: FieldErrors, language: Language = 'en'): string {
  const all = Object.entries(errors).map(([path, message]) => `${path} ${message}`);
  const rest = all.length - NAMED_IN_SENTENCE;
  const more = rest > 0 ? textFor(MORE, language).replace('{}', String(rest)) : '';
  return `${textFor(INTRODUCTION, language)}: ${all.slice(0, NAMED_IN_SENTENCE).join('; ')}${more}`;
}
