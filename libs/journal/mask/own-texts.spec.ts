import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isKnownWord } from './known-words.js';
import { maskWords } from './mask-value.js';

const ROOT = `${import.meta.dirname}/../../..`;
/** Files without our sentences: specs, statements of migrations, generated types, and names of places. */
const OTHERS =
  /\.d\.ts$|spec\.ts$|libs\/testing|migrations|\/generat|node_modules|\/dist\/|test-support|known-words|shown-fields|address-difference|example-network|place-names|user-agent|catalogue\/jobs|multipart|measures/;
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)"/g;
const STATEMENT =
  /\b(SELECT|UPDATE|INSERT|DELETE FROM|WHERE|JOIN|RETURNING|FROM|ORDER BY|jsonb|VALUES|CREATE|ALTER|SET|LIKE|IS NULL|AND)\b|=>|[{}<>]|;$|\n|::|charset=|max-age|[:$]\w+ AND/;
const ID = '0f9a8b7c-1111-7222-8333-0f9a8b7c6d5e';
/**
 * The texts that are still masked contain an example of a phone, card, key, order, postal code, address or
 * bot, or a decorator, a place or SQL. In a message such an example may be personal, so these stay masked.
 */
const MOST_MASKED = 209;

/** Lists the texts with at least two words. Placeholders are replaced by an id, a number or nothing. */
function listTexts(): string[] {
  const files = ['libs', 'apps/api/src', 'apps/worker/src'].flatMap((folder) =>
    readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  );
  const texts = files
    .filter((path) => path.endsWith('.ts') && !OTHERS.test(path))
    .flatMap((path) => {
      const source = readFileSync(`${ROOT}/${path}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm, '');
      return [...source.matchAll(LITERAL)].map(([, one, two, three]) =>
        (one ?? two ?? three ?? '')
          .replace(/(?<=\/)\$\{[^{}]*\}/g, ID)
          .replace(/(?<![\p{L}\p{N}.])\$\{(?:[^{}]|\{[^{}]*\})*\}(?![\p{L}\p{N}])/gu, '7')
          .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '')
          .replace(/\\(['"`])/g, '$1')
          .replace(/\\n/g, ' '),
      );
    });
  const translated = files
    .filter((path) => /\/texts\/\w+\.json$/.test(path) && !OTHERS.test(path))
    .flatMap((path) => listLeaves(JSON.parse(readFileSync(`${ROOT}/${path}`, 'utf8'))))
    .map((text) => text.replace(/\{\w+\}/g, '7').replaceAll('\n', ' '));
  return [...new Set([...texts, ...translated])].filter(
    (text) => /\p{L}{2,}.*\s\p{L}/u.test(text) && !STATEMENT.test(text) && text.length <= 1_000,
  );
}

function listLeaves(tree: unknown): string[] {
  return typeof tree === 'string' ? [tree] : Object.values(tree as object).flatMap(listLeaves);
}

describe('our own texts in the journal', () => {
  const texts = listTexts();

  it('stay whole, except a few', () => {
    expect(texts.length).toBeGreaterThan(4_000);
    const masked = texts.filter((text) => maskWords(text) !== text);
    if (masked.length > MOST_MASKED) expect(masked.map((text) => maskWords(text))).toEqual([]);
    else expect(masked.length).toBeGreaterThan(MOST_MASKED - 15);
  });

  it.each([
    ...['Ирина Смирнова', 'Кузнецов', 'Irina Smirnova', 'Lucía Fernández', 'Smith', 'Иванович', 'José', 'María', 'Иван', 'Sergey'],
    ...['ул. Ленина, 5', 'Passeig de Gràcia', 'Тверская', 'Казань', 'Madrid', 'Guadalajara', 'Новосибирск'],
    ...['+7 916 123-45-67', '89161234567', '600 12 34 56', 'irina@example.com', '4111 1111 1111 1111', '4509 123456', '1985-04-12'],
    ...['sk_live_51H8abcdEFGH', 'password=hunter2', 'eyJhbGciOi.J9abc', 'APP_USR-123456789012-abcdef', 'a1b2c3d4e5f6a7b8c9d0e1f2'],
  ])('still mask personal data and secrets within them: %s', (planted) => {
    const words = planted.split(/[\s,]+/).filter((one) => /\p{L}{4,}|\d{2,}/u.test(one));
    for (const text of texts.filter((_, at) => at % 40 === 0)) {
      const shown = maskWords(`${text.slice(0, 300)} ${planted}`).slice(maskWords(text.slice(0, 300)).length - 3);
      for (const word of words) expect(shown).not.toContain(word);
    }
  });

  it.each(NAMES())('have no name among their words: %s', (name) => {
    expect(isKnownWord(name)).toBe(false);
  });
});

/** Frequent first and last names, and cities, in the three languages. */
function NAMES(): string[] {
  return `
    александр алексей анна андрей анастасия дмитрий екатерина елена иван ирина михаил мария наталья николай ольга павел пётр сергей светлана
    татьяна юлия иванов иванова смирнов смирнова кузнецов попов васильев петров петрова соколов михайлов новиков фёдоров морозов волков лебедев
    семёнов егоров павлов козлов степанов николаев орлов макаров никитин захаров антонио хосе хуан мануэль
    antonio jose josé juan manuel francisco javier miguel pedro luis carlos maría carmen lucía isabel pilar garcía fernández gonzález
    rodríguez lópez martínez sánchez pérez gómez martín jiménez ruiz hernández díaz moreno álvarez romero navarro torres domínguez ramos vázquez
    ivan irina olga sergey anna dmitry elena maria natalia james mary robert patricia john jennifer michael linda david william elizabeth
    smith johnson williams jones garcia miller davis wilson anderson thomas taylor moore jackson
    москва петербург казань екатеринбург новосибирск самара минск алматы madrid barcelona valencia sevilla guadalajara monterrey puebla
    moscow petersburg kazan minsk almaty london`
    .trim()
    .split(/\s+/);
}
