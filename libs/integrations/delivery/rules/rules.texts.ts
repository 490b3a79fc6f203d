import type { LocalText } from '#platform';
import type { RuleConditions } from './rules.dto.js';
import type { PriceChange } from './shown-cost.js';

const CONDITION_NAMES: Readonly<Record<keyof RuleConditions, LocalText>> = {
  store: { en: 'warehouse', es: 'almacén', ru: 'склад' },
  site: { en: 'shop', es: 'tienda', ru: 'магазин' },
  legalEntity: { en: 'legal entity', es: 'entidad legal', ru: 'юрлицо' },
};

/** What the rules say to the account's users. */
export const texts = {
  twice: {
    en: 'is the name of another one too',
    es: 'es también el nombre de otro',
    ru: 'совпадает с другим названием',
  },
  needsCurrency: {
    en: 'is required with a sum',
    es: 'es obligatoria con un importe',
    ru: 'нужна, если указана сумма',
  },
  noPrice: {
    en: 'The carrier named no price.',
    es: 'El transportista no indicó precio.',
    ru: 'Перевозчик не назвал цену.',
  },
  busy: {
    en: 'a delivery is being registered just now: remove a name in a minute',
    es: 'se está registrando un envío: quite el nombre dentro de un minuto',
    ru: 'прямо сейчас оформляется доставка: удалите название через минуту',
  },
  unknown: (name: string): LocalText => ({
    en: `is not in the list: "${name}"`,
    es: `no está en la lista: «${name}»`,
    ru: `нет в списке: «${name}»`,
  }),
  inUse: (name: string, deliveries: number): LocalText => ({
    en: `must keep "${name}": ${deliveries} deliveries under way have it`,
    es: `debe conservar «${name}»: lo usan ${deliveries} envíos en curso`,
    ru: `должны содержать «${name}»: его используют доставки в пути (${deliveries})`,
  }),
  tooManyDigits: (currency: string, digits: number): LocalText => ({
    en: `has more than the ${digits} decimals of ${currency}`,
    es: `tiene más de los ${digits} decimales de ${currency}`,
    ru: `содержит больше знаков после запятой (${digits}), чем есть у ${currency}`,
  }),
  unfulfilled: (condition: keyof RuleConditions, wanted: string, present: string | undefined): LocalText => {
    const { en, es, ru } = CONDITION_NAMES[condition];
    return present === undefined
      ? { en: `the ${en} is not known`, es: `no se conoce: ${es}`, ru: `неизвестно: ${ru}` }
      : {
          en: `the ${en} is "${present}", not "${wanted}"`,
          es: `${es}: «${present}», no «${wanted}»`,
          ru: `${ru}: «${present}», а не «${wanted}»`,
        };
  },
  mixedContracts: (name: string | null): LocalText =>
    name === null
      ? {
          en: 'is under the contract of the settings, another than the first: ship them apart',
          es: 'es del contrato de los ajustes, distinto del primero: envíelos por separado',
          ru: 'оформлена по договору из настроек, а первая по другому: отгрузите их отдельно',
        }
      : {
          en: `is under the contract "${name}", another than the first: ship them apart`,
          es: `es del contrato «${name}», distinto del primero: envíelos por separado`,
          ru: `оформлена по договору «${name}», а первая по другому: отгрузите их отдельно`,
        },
  mixedShipment: {
    en: 'Deliveries of several contracts cannot be shipped together: make a shipment for each contract.',
    es: 'Los envíos de varios contratos no se pueden entregar juntos: cree una entrega por contrato.',
    ru: 'Доставки по разным договорам нельзя отгрузить вместе: создайте отгрузку для каждого договора.',
  },
  changes: {
    none: { en: 'As the carrier prices it.', es: 'El precio del transportista.', ru: 'По цене перевозчика.' },
    changed: { en: 'Changed by the rule.', es: 'Modificado por la regla.', ru: 'Изменено правилом.' },
    free: {
      en: 'Free: the declared value reaches the sum of the rule.',
      es: 'Gratis: el valor declarado alcanza el importe de la regla.',
      ru: 'Бесплатно: объявленная ценность достигает суммы из правила.',
    },
    currency: {
      en: 'As the carrier prices it: the sums of the rule are in another currency.',
      es: 'El precio del transportista: los importes de la regla están en otra moneda.',
      ru: 'По цене перевозчика: суммы правила в другой валюте.',
    },
  } satisfies Record<PriceChange, LocalText>,
};
