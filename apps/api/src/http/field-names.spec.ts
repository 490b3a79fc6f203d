import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { LANGUAGES, sayProblem } from '#platform';
import { nameField, toManagersSentence } from './field-names.js';

interface Schema {
  $ref?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  allOf?: Schema[];
}
interface Document {
  paths: Record<
    string,
    Record<string, { parameters?: { name: string; in: string }[]; requestBody?: { content: Record<string, { schema: Schema }> } }>
  >;
  components: { schemas: Record<string, Schema> };
}

const ROOT = `${import.meta.dirname}/../../../..`;
const API = JSON.parse(readFileSync(`${ROOT}/docs/openapi/callbacks.json`, 'utf8')) as Document;
/** Callbacks of the CRM without a person. The guard reads `clientId`. */
const WITHOUT_PERSON = /^(activity|settings|clientId|systemUrl|lang|language)\b/;
/** Fields of the customer that no message needs. */
const OF_CUSTOMER = /^customer\.(createdAt|type|vip|bad|isContact)$|address\.isMain$/;

function listPaths(schema: Schema | undefined, path: string, seen: readonly Schema[] = []): string[] {
  const own = schema?.$ref ? API.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
  if (!own || seen.includes(own)) return [];
  return [
    ...[...(own.anyOf ?? []), ...(own.allOf ?? [])].flatMap((one) => listPaths(one, path, [...seen, own])),
    ...listPaths(own.items, `${path}[0]`, [...seen, own]),
    ...Object.entries(own.properties ?? {}).flatMap(([field, inner]) => {
      const whole = path === '' ? field : `${path}.${field}`;
      return [whole, ...listPaths(inner, whole, [...seen, own])];
    }),
  ];
}

/** Form fields with a document. They are not part of the fields' paths. */
const DOCUMENTS = /^(calculate|save|delete|print|shipmentSave|shipmentDelete|create|approve|cancel|refund)(\.|$)/;

const PATHS = [
  ...new Set(
    Object.entries(API.paths)
      // Widgets fill in their calls themselves.
      .filter(([path]) => path.includes('/callbacks/') && !path.includes('/embed/'))
      .flatMap(([, verbs]) =>
        Object.values(verbs).flatMap(({ parameters = [], requestBody }) => [
          ...parameters.filter((one) => one.in === 'query').map((one) => one.name),
          ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => listPaths(schema, '')),
        ]),
      )
      .map((path) => path.replace(DOCUMENTS, ''))
      .filter((path) => path !== '' && !WITHOUT_PERSON.test(path) && !OF_CUSTOMER.test(path)),
  ),
];

/** Whether a file belongs to callbacks. Operators read the other messages in English. */
const isOfCallbacks = (path: string): boolean => /\.ts$/.test(path) && !/spec|move-in|operator|page|status-report|-line\.dto/.test(path);

describe('the sentence about a wrong field of a callback', () => {
  it.each([
    [
      { 'customer.phones[0]': 'must be a phone number' },
      'The phone of the customer must be a phone number.',
      'Teléfono del cliente: debe ser un número de teléfono.',
      /^Телефон покупателя: должно быть номером телефона\.$/,
    ],
    [
      { 'packages[0].weight': 'must be greater than 0', 'packages[1].items[2].quantity': 'must be at least 0' },
      'The weight of package 1 must be greater than 0; the quantity of item 3 of package 2 must be at least 0.',
      'Peso del paquete 1: debe ser mayor que 0; cantidad del artículo 3 del paquete 2: debe ser como mínimo 0.',
      /^Вес посылки 1: должно быть больше 0; количество товара 3 посылки 2: должно быть не меньше 0\.$/,
    ],
    [
      { 'delivery.deliveryAddress.index': 'is wrong', deliveryAddress: 'is required (or shipmentAddress)' },
      'The postal code of the delivery address is wrong; the delivery address is required (or pickup address).',
      'Código postal de la dirección de entrega: no es correcto; dirección de entrega: es obligatorio (o dirección de recogida).',
      /^Почтовый индекс адреса доставки: указано неверно; адрес доставки: нужно заполнить \(или адрес отгрузки\)\.$/,
    ],
    [
      { 'items[0]': 'is too large' },
      'The data of item 1 is too large.',
      'Datos del artículo 1: es demasiado grande.',
      /^Данные товара 1: /,
    ],
    [{ 'store.workTime.mo[0].startTime': 'must be a text' }, 'The opening hours of the warehouse must be a text.', /^Horario/, /^Время/],
    [
      { a: 'is wrong', 'new.thing[3]': 'is wrong', constructor: 'is required' },
      'The data of the request is wrong; the data of the request is required.',
      'Datos de la petición: no es correcto; datos de la petición: es obligatorio.',
      /^Данные запроса: указано неверно; данные запроса: нужно заполнить\.$/,
    ],
    [
      { amount: 'is required', currency: 'is required', shopId: 'is required', invoiceUuid: 'is required' },
      'The amount is required; the currency is required; the shop is required (and 1 more).',
      /\(y 1 más\)\.$/,
      /\(и ещё 1\)\.$/,
    ],
  ])('names it for people: %j', (errors: Record<string, string>, ...expected) => {
    LANGUAGES.forEach((language, at) => {
      const said = expected[at];
      expect(toManagersSentence(errors, language)).toEqual(said instanceof RegExp ? expect.stringMatching(said) : said);
    });
    expect(toManagersSentence(errors, undefined)).toBe(toManagersSentence(errors, 'en'));
  });

  it('has a name for each field that a person may have filled in, in each language', () => {
    expect(PATHS.length).toBeGreaterThan(200);
    const unnamed = PATHS.filter((path) => nameField(path, 'en') === nameField('nosuch', 'en'));
    expect(unnamed).toEqual([]);
    for (const language of LANGUAGES)
      expect(PATHS.map((path) => nameField(path, language)).filter((one) => /[[\].{}_]|undefined|[a-z][A-Z]|\s\s/.test(one))).toEqual([]);
    expect(PATHS.map((path) => nameField(path, 'ru')).filter((one) => !/^[А-Яа-яё0-9.\s-]+$/.test(one))).toEqual([]);
  });

  it('is in one language, whatever an integration finds wrong', () => {
    const sources = ['libs/integrations', 'libs/provider-kit'].flatMap((folder) =>
      readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
    );
    const said = sources
      .filter(isOfCallbacks)
      .flatMap((path) =>
        [...readFileSync(`${ROOT}/${path}`, 'utf8').matchAll(/BadInputError\(([^;]*)\);|message: ('[^'\n]*')/g)].flatMap(([thrown]) =>
          [...thrown.matchAll(/['`]((?:must|is|has|cannot) [^'`\n]+)['`]/g)].map(([, one = '']) =>
            one.replace(/\$\{[^}]*\}?/g, '7').replace(/7 7$/, '7 items'),
          ),
        ),
      );
    expect(said.length).toBeGreaterThan(15);
    const generic = sayProblem('must be of a form that no text has', 'ru');
    expect([...new Set(said)].filter((one) => !/[а-яё]/.test(sayProblem(one, 'ru')) || sayProblem(one, 'ru') === generic)).toEqual([]);
  });
});
