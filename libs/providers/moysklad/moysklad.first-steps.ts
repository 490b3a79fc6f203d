import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { RESERVES, STOCKS, type MoyskladSettings } from './moysklad.settings.js';

/** What an account does first with MoySklad. */
export const firstSteps: readonly FirstStep<MoyskladSettings>[] = [
  {
    title: { en: 'Enter a token', es: 'Introduzca un token', ru: 'Введите токен' },
    text: {
      en: 'In MoySklad add a user for this module, with the rights to see stock, goods and warehouses, to see, create, edit and post customer orders; an administrator’s webhooks make changes arrive sooner. Sign in as that user, issue a token and enter it here.',
      es: 'En MoySklad añada un usuario para este módulo con permiso para ver existencias, productos y almacenes, y para ver, crear, editar y contabilizar pedidos de clientes; con un administrador, los webhooks adelantan los cambios. Entre como ese usuario, emita un token e introdúzcalo aquí.',
      ru: 'В МоёмСкладе добавьте сотрудника для этого модуля с правами видеть остатки, товары и склады, видеть, создавать, править и проводить заказы покупателей; у администратора изменения приходят быстрее, вебхуками. Войдите под ним, выпустите токен и введите его здесь.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ token }) => token !== '',
  },
  {
    title: { en: 'MoySklad accepts it', es: 'MoySklad lo acepta', ru: 'МойСклад его принимает' },
    text: {
      en: 'Press Check: it says whose the token is, and which rights are missing.',
      es: 'Pulse Comprobar: se indica de quién es el token y qué permisos faltan.',
      ru: 'Нажмите «Проверить»: будет сказано, чей это токен и каких прав не хватает.',
    },
    section: SECTIONS.connect.code,
    sign: 'checked',
  },
  {
    title: { en: 'Say which warehouse is which', es: 'Indique qué almacén es cuál', ru: 'Сопоставьте склады' },
    text: {
      en: 'Name for each warehouse of the CRM the one in MoySklad, choose the main one, and the field by which goods are found.',
      es: 'Indique para cada almacén del CRM el de MoySklad, elija el principal y el campo por el que se buscan los productos.',
      ru: 'Для каждого склада CRM укажите склад МоегоСклада, выберите основной и поле, по которому ищутся товары.',
    },
    section: STOCKS.code,
    isDone: ({ stores }) => stores.length > 0,
  },
  {
    title: { en: 'Say who reserves', es: 'Indique quién reserva', ru: 'Укажите, от чьего имени резервировать' },
    text: {
      en: 'MoySklad reserves by customer orders: choose the own company and a counterparty for all of them. Orders that another integration brings over must not reserve too.',
      es: 'MoySklad reserva con pedidos de clientes: elija la empresa propia y una contraparte para todos. Los pedidos que trae otra integración no deben reservar también.',
      ru: 'МойСклад резервирует заказами покупателей: выберите юрлицо и контрагента для всех них. Заказы, которые переносит другая интеграция, резервировать не должны.',
    },
    section: RESERVES.code,
    isDone: ({ organization, agent }) => Boolean(organization && agent),
  },
  {
    title: { en: 'Reserve for an order', es: 'Reserve para un pedido', ru: 'Зарезервируйте товар для заказа' },
    text: {
      en: 'Pack a good for an order in the CRM: an order with its number and a reserve appears in MoySklad.',
      es: 'Reserve un producto para un pedido en el CRM: en MoySklad aparece un pedido con su número y la reserva.',
      ru: 'Скомплектуйте товар в заказе CRM: в МоёмСкладе появится заказ с его номером и резервом.',
    },
    sign: 'used',
  },
];
