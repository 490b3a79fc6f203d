import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { AsteriskSettings } from './asterisk.settings.js';

/** What an account does first with Asterisk. */
export const firstSteps: readonly FirstStep<AsteriskSettings>[] = [
  {
    title: {
      en: 'Enter your PBX',
      es: 'Indique su centralita',
      ru: 'Укажите АТС',
    },
    text: {
      en: 'Host, user name and secret of the manager interface (AMI), as in manager.conf.',
      es: 'Servidor, usuario y contraseña de la interfaz de gestión (AMI), como en manager.conf.',
      ru: 'Адрес, имя и пароль интерфейса управления (AMI), как в manager.conf.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ host, username }) => host !== '' && username !== '',
  },
  {
    title: {
      en: 'The PBX lets the module in',
      es: 'La centralita deja entrar al módulo',
      ru: 'АТС пускает модуль',
    },
    text: {
      en: 'Press Check. If it is refused, manager.conf must permit the address of this server.',
      es: 'Pulse Comprobar. Si se rechaza, manager.conf debe permitir la dirección de este servidor.',
      ru: 'Нажмите «Проверить». Если во входе отказано, разрешите адрес этого сервера в manager.conf.',
    },
    section: SECTIONS.connect.code,
    sign: 'checked',
  },
  {
    title: {
      en: 'Give managers their phones',
      es: 'Asigne teléfonos a los gestores',
      ru: 'Назначьте телефоны менеджерам',
    },
    text: {
      en: 'List the extensions, each with its user of the CRM: calls are shown to that user.',
      es: 'Indique las extensiones, cada una con su usuario del CRM: las llamadas se muestran a ese usuario.',
      ru: 'Перечислите внутренние номера и для каждого пользователя CRM: звонки показываются ему.',
    },
    section: 'phones',
    isDone: ({ extensions }) => extensions.some(({ userId }) => userId !== undefined),
  },
  {
    title: {
      en: 'Make the first call',
      es: 'Haga la primera llamada',
      ru: 'Сделайте первый звонок',
    },
    text: {
      en: 'Click a phone number in the CRM, or call the shop from outside. The call appears in the CRM.',
      es: 'Pulse un número de teléfono en el CRM o llame a la tienda desde fuera. La llamada aparece en el CRM.',
      ru: 'Нажмите на номер телефона в CRM или позвоните в магазин снаружи. Звонок появится в CRM.',
    },
    sign: 'used',
  },
];
