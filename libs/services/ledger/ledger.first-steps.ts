import type { FirstStep } from '#provider-kit';
import type { LedgerSettings } from './ledger.settings.js';

/** What an account does first with the stock ledger. */
export const firstSteps: readonly FirstStep<LedgerSettings>[] = [
  {
    title: {
      en: 'List your warehouses',
      es: 'Indique sus almacenes',
      ru: 'Перечислите склады',
    },
    text: {
      en: 'Choose them as they are called in the CRM: a misspelt code is then noticed at once.',
      es: 'Elíjalos como se llaman en el CRM: así un código mal escrito se nota enseguida.',
      ru: 'Выберите их так, как они названы в CRM: опечатка в коде тогда видна сразу.',
    },
    section: 'stock',
    isDone: ({ stores }) => stores.length > 0,
  },
  {
    title: {
      en: 'Load the stock',
      es: 'Cargue las existencias',
      ru: 'Загрузите остатки',
    },
    text: {
      en: 'Give the partner who runs this module a CSV file with the columns xmlId, store and quantity. Later changes go to the CRM by themselves.',
      es: 'Entregue al socio que gestiona este módulo un archivo CSV con las columnas xmlId, store y quantity. Los cambios posteriores van al CRM por sí solos.',
      ru: 'Передайте партнёру, который ведёт модуль, CSV-файл с колонками xmlId, store и quantity. Дальнейшие изменения уходят в CRM сами.',
    },
    sign: 'used',
  },
];
