import type { LocalText } from '../../kit/language.js';
import { FORM_TEXTS } from './form-texts.js';

/** What is said of a list's files, in which what forms say stands too; loaded with them. */
export const CSV_TEXTS = {
  ...FORM_TEXTS,
  exportCsv: { en: 'Save as CSV', es: 'Guardar como CSV', ru: 'Сохранить в CSV' },
  importCsv: { en: 'Load a CSV', es: 'Cargar un CSV', ru: 'Загрузить CSV' },
  importHint: {
    en: 'The first line names the columns, as in the file that "Save as CSV" makes. Nothing changes before you agree.',
    es: 'La primera línea nombra las columnas, como en el archivo de «Guardar como CSV». Nada cambia antes de que lo acepte.',
    ru: 'Первая строка называет столбцы, как в файле от «Сохранить в CSV». До вашего согласия ничего не изменится.',
  },
  leftOut: {
    en: 'Not part of such a file, and left as they are: {names}.',
    es: 'No forman parte del archivo y se dejan como están: {names}.',
    ru: 'В такой файл не входят и остаются как есть: {names}.',
  },
  unknownColumns: {
    en: 'Columns that are not known are passed over: {names}.',
    es: 'Columnas desconocidas, se omiten: {names}.',
    ru: 'Неизвестные столбцы пропущены: {names}.',
  },
  csvEmpty: {
    en: 'The file has no lines. Save this list as CSV, and take that file as a pattern.',
    es: 'El archivo no tiene líneas. Guarde esta lista como CSV y use ese archivo como modelo.',
    ru: 'В файле нет строк. Сохраните этот список в CSV и возьмите тот файл за образец.',
  },
  csvNoColumns: {
    en: 'None of its columns is known. Known are: {names}.',
    es: 'No se conoce ninguna de sus columnas. Se conocen: {names}.',
    ru: 'Ни один столбец не известен. Известны: {names}.',
  },
  csvNoKey: {
    en: 'The column "{name}" is missing: rows are told apart by it.',
    es: 'Falta la columna «{name}»: distingue las filas.',
    ru: 'Нет столбца «{name}»: по нему различаются строки.',
  },
  csvNoText: {
    en: 'This is not a text file. Save the table as CSV first.',
    es: 'No es un archivo de texto. Guarde antes la tabla como CSV.',
    ru: 'Это не текстовый файл. Сначала сохраните таблицу в формате CSV.',
  },
  csvQuote: {
    en: 'This cannot be read as CSV: a quotation mark is out of place, or missing, in line {n}.',
    es: 'No se puede leer como CSV: en la línea {n} sobra o falta una comilla.',
    ru: 'Не удалось прочитать как CSV: в строке {n} лишняя или незакрытая кавычка.',
  },
  csvRepeated: { en: 'stands in line {n} too', es: 'está también en la línea {n}', ru: 'есть и в строке {n}' },
  csvTooMany: { en: 'At most {n} rows fit.', es: 'Caben como máximo {n} filas.', ru: 'Помещается не больше {n} строк.' },
  'change.added': { en: 'New', es: 'Nuevas', ru: 'Новые' },
  'change.changed': { en: 'Changed', es: 'Cambiadas', ru: 'Изменённые' },
  'change.removed': { en: 'Not in the file', es: 'No están en el archivo', ru: 'Нет в файле' },
  'change.unchanged': { en: 'Unchanged', es: 'Sin cambios', ru: 'Без изменений' },
  'change.faulty': { en: 'Faulty lines', es: 'Líneas con errores', ru: 'Строки с ошибками' },
  line: { en: 'line {n}', es: 'línea {n}', ru: 'строка {n}' },
  andMore: { en: '… and {n} more', es: '… y {n} más', ru: '… и ещё {n}' },
  removeMissing: {
    en: 'Remove what is not in the file',
    es: 'Quitar lo que no está en el archivo',
    ru: 'Удалить то, чего нет в файле',
  },
  faultyAreLeft: {
    en: 'Faulty lines are passed over.',
    es: 'Las líneas con errores se omiten.',
    ru: 'Строки с ошибками пропускаются.',
  },
  apply: { en: 'Take over', es: 'Aplicar', ru: 'Применить' },
  applied: {
    en: 'The file is taken over: {n} rows. Save to keep it.',
    es: 'Archivo aplicado: {n} filas. Guarde para conservarlo.',
    ru: 'Файл применён, строк: {n}. Сохраните, чтобы не потерять.',
  },
  nothingToApply: { en: 'The file changes nothing.', es: 'El archivo no cambia nada.', ru: 'Файл ничего не меняет.' },
  'problem.choice': { en: 'is none of the choices: {text}', es: 'no es una de las opciones: {text}', ru: 'нет среди вариантов: {text}' },
} satisfies Record<string, LocalText>;

/** Says a text of files. */
export type SayCsv = (key: keyof typeof CSV_TEXTS, values?: Readonly<Record<string, string | number>>) => string;
