import type { LocalText } from '../../kit/index.js';

/** What the page says of rules and their trial. */
export const RULES_TEXTS = {
  title: { en: 'Rules', es: 'Reglas', ru: 'Правила' },
  hint: {
    en: 'Contract, sender and shown price by warehouse, shop and legal entity. Without rules every order is as in the settings.',
    es: 'Contrato, remitente y precio mostrado según almacén, tienda y entidad legal. Sin reglas, cada pedido es como en los ajustes.',
    ru: 'Договор, отправитель и цена для покупателя по складу, магазину и юрлицу. Без правил всё как в настройках.',
  },
  save: { en: 'Save the rules', es: 'Guardar las reglas', ru: 'Сохранить правила' },
  trial: { en: 'Try them on an order', es: 'Probarlas con un pedido', ru: 'Проверить на заказе' },
  trialHint: {
    en: 'With the rules as they stand above, saved or not. Nothing is ordered.',
    es: 'Con las reglas tal como están arriba, guardadas o no. No se encarga nada.',
    ru: 'С правилами, как они указаны выше, даже если не сохранены. Ничего не заказывается.',
  },
  try: { en: 'Try', es: 'Probar', ru: 'Проверить' },
  faulty: {
    en: 'Correct the marked fields first.',
    es: 'Corrija primero los campos marcados.',
    ru: 'Сначала исправьте отмеченные поля.',
  },
  whenQuoted: { en: 'When prices are asked for', es: 'Al pedir precios', ru: 'При расчёте стоимости' },
  whenSaved: { en: 'When the delivery is saved', es: 'Al guardar el envío', ru: 'При оформлении доставки' },
  rowFits: { en: 'Row {n} fits.', es: 'Encaja la fila {n}.', ru: 'Подходит строка {n}.' },
  noRow: {
    en: 'No row fits: all is as in the settings.',
    es: 'No encaja ninguna fila: rige lo de los ajustes.',
    ru: 'Ни одна строка не подходит: всё как в настройках.',
  },
  withContract: { en: 'Contract: {name}.', es: 'Contrato: {name}.', ru: 'Договор: {name}.' },
  withSender: { en: 'Sender: {name}.', es: 'Remitente: {name}.', ru: 'Отправитель: {name}.' },
  passedOver: { en: 'Rows passed over', es: 'Filas descartadas', ru: 'Пропущенные строки' },
  noTariffs: {
    en: 'The carrier offers nothing for this order.',
    es: 'El transportista no ofrece nada para este pedido.',
    ru: 'Для этого заказа перевозчик ничего не предлагает.',
  },
  tariff: { en: 'Tariff', es: 'Tarifa', ru: 'Тариф' },
  carrierPrice: { en: 'Carrier’s price', es: 'Precio del transportista', ru: 'Цена перевозчика' },
  shownCost: { en: 'Shown to the buyer', es: 'Ve el comprador', ru: 'Видит покупатель' },
  why: { en: 'Why', es: 'Por qué', ru: 'Почему' },
} satisfies Record<string, LocalText>;
