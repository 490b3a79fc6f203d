import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { isConfigured, type ZadarmaSettings } from './zadarma.settings.js';

/** What an account does first with Zadarma. */
export const firstSteps: readonly FirstStep<ZadarmaSettings>[] = [
  {
    title: { en: 'Enter key and secret', es: 'Indique la clave y el secreto', ru: 'Укажите ключ и секрет' },
    text: {
      en: 'At Zadarma: Settings, Integrations and API, Keys and API. The cloud PBX must be switched on.',
      es: 'En Zadarma: Ajustes, Integraciones y API, Claves y API. La centralita virtual debe estar activada.',
      ru: 'В кабинете Zadarma: Настройки, Интеграции и API, Ключи и API. Облачная АТС должна быть включена.',
    },
    section: SECTIONS.connect.code,
    isDone: isConfigured,
  },
  {
    title: { en: 'Zadarma tells of calls', es: 'Zadarma avisa de las llamadas', ru: 'Zadarma сообщает о звонках' },
    text: {
      en: 'The module enters its address at Zadarma by itself when you save. Where another program has that place, this page asks you first.',
      es: 'El módulo indica su dirección en Zadarma al guardar. Si otro programa ocupa ese lugar, esta página le pregunta antes.',
      ru: 'Модуль сам указывает свой адрес в Zadarma при сохранении. Если это место занято другой программой, страница сначала спросит вас.',
    },
    section: SECTIONS.connect.code,
    sign: 'set-up',
  },
  {
    title: { en: 'Give managers their phones', es: 'Asigne teléfonos a los gestores', ru: 'Назначьте телефоны менеджерам' },
    text: {
      en: 'List the extensions, each with its user of the CRM: calls are shown to that user.',
      es: 'Indique las extensiones, cada una con su usuario del CRM: las llamadas se muestran a ese usuario.',
      ru: 'Перечислите добавочные номера и для каждого пользователя CRM: звонки показываются ему.',
    },
    section: 'phones',
    isDone: ({ extensions }) => extensions.some(({ userId }) => userId !== undefined),
  },
  {
    title: { en: 'Make the first call', es: 'Haga la primera llamada', ru: 'Сделайте первый звонок' },
    text: {
      en: 'Call one of your numbers from outside, or click a phone number in the CRM. The call appears in the CRM.',
      es: 'Llame desde fuera a uno de sus números o pulse un teléfono en el CRM. La llamada aparece en el CRM.',
      ru: 'Позвоните снаружи на один из своих номеров или нажмите на номер телефона в CRM. Звонок появится в CRM.',
    },
    sign: 'used',
  },
];
