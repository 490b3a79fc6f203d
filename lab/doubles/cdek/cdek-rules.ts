import { Refusal } from '../../../libs/testing/double/refusal.js';
import { countCash } from './cdek-meaning.js';
import { type CdekCity, findCity, findEnd, findPoint, HEAVIEST, priceService, TARIFFS } from './cdek-network.js';
import type { CdekIntakeBody, CdekMoney, CdekOrderBody, CdekReverseBody } from './cdek-wire.js';

/** A problem in CDEK's words. */
export interface CdekProblem {
  code: string;
  message: string;
}
export const problem = (code: string, message: string): CdekProblem => ({ code, message });

/** Makes a refusal, 400 unless another status is given. */
export function refuse(problems: readonly CdekProblem[] | CdekProblem, status = 400): Refusal {
  const all = [problems].flat();
  return new Refusal(status, all[0]?.code ?? '', all[0]?.message ?? '', all);
}

/** Terms of the client's contract, which are modes of the double. */
export interface CdekTerms {
  contract: 'shop' | 'delivery';
  contractCurrency: string;
  collectsAbroad: boolean;
  oldVat: 'refused' | 'taken';
  reverse: 'available' | 'refused';
  paymentLimits: Readonly<Record<string, number>>;
}

const UNION = ['RU', 'BY', 'KZ', 'AM', 'KG'];
const VAT = [0, 5, 7, 10, 16, 22];
const OLD_VAT = [12, 20];
const MOST_PIECES = 999;
const MOST_LINES = 126;
const MOST_OWED = 50_000_000;
const MOST_KEY = 20;
/** Grams of an order with a parcel that the courier takes back. */
const MOST_REVERSE = 30_000;
/** Grams from which sides are required. */
const MEASURED_FROM = 100;
const KEY = /^[A-Za-zА-Яа-я0-9!@"#№$;%^:&?*()_\-+=<>,.{}[\]/ ]+$/;

type Ends = Partial<Pick<CdekOrderBody, 'shipment_point' | 'from_location' | 'delivery_point' | 'to_location'>>;

/** Rejects orders with errors that CDEK finds before it accepts them. */
export function checkEnds({ shipment_point, from_location, delivery_point, to_location }: Ends): void {
  const rules: readonly (readonly [isBroken: boolean, code: string, message: string])[] = [
    [!shipment_point && !from_location, 'v2_order_location_from_and_shipment_point_empty', 'Адрес отправителя и ПВЗ отправителя пустые'],
    [!delivery_point && !to_location, 'v2_order_location_to_and_delivery_point_empty', 'Адрес получателя и ПВЗ получателя пустые'],
    [!!shipment_point && !!from_location, 'v2_shipment_address_multivalued', 'Одновременно переданы ПВЗ отправителя и адрес отправителя'],
    [!!delivery_point && !!to_location, 'v2_delivery_address_multivalued', 'Одновременно переданы ПВЗ получателя и адрес получателя'],
  ];
  const problems = rules.flatMap(([isBroken, code, message]) => (isBroken ? [problem(code, message)] : []));
  if (problems.length > 0) throw refuse(problems);
}

/** Lists problems found by the validation. Most rules are in CDEK's descriptions, not in its schemas. */
export function listProblems(body: CdekOrderBody, terms: CdekTerms): CdekProblem[] {
  const tariff = TARIFFS.find(({ tariff_code }) => tariff_code === body.tariff_code);
  if (tariff === undefined) return [problem('error_validate_tariff', `Тариф ${body.tariff_code} недоступен`)];
  const type = body.type ?? 1;
  const toLocker = tariff.delivery_mode >= 6;
  const from = findEnd(body.from_location, body.shipment_point);
  const to = findEnd(body.to_location, body.delivery_point);
  return [
    ...(type === 1 && terms.contract === 'delivery' ? [problem('ve_as_forbidden', 'Тип заказа недоступен по договору')] : []),
    ...(tariff.types.includes(type) ? [] : [problem('ve_calc_as_order_type', `Тариф ${tariff.tariff_code} не для заказов типа ${type}`)]),
    ...listPlaceProblems(body, tariff.delivery_mode),
    ...listPartyProblems(body, type),
    ...listSizeProblems(body, toLocker),
    ...(body.has_reverse_order ? listReverseProblems(body, terms) : []),
    ...(type === 1 ? listLineProblems(body) : listDeliveryTypeProblems(body)),
    ...(from && to && needsCustoms(from, to)
      ? [problem('error_validate_international_fields', 'Не переданы date_invoice, shipper_name, shipper_address')]
      : []),
    ...(to ? listMoneyProblems(body, to, terms) : []),
    ...(body.services ?? []).flatMap(({ code, parameter }) =>
      priceService(code, parameter, tariff) === undefined || (type === 1 && code === 'INSURANCE')
        ? [problem('v2_unable_add_service', `Услуга ${code} недоступна`)]
        : [],
    ),
  ];
}

/** Lists why an order cannot have a parcel that the courier takes back. */
export function listReverseProblems(body: CdekReverseBody | CdekOrderBody, { reverse }: CdekTerms): CdekProblem[] {
  const tariff = TARIFFS.find(({ tariff_code }) => tariff_code === body.tariff_code);
  if (reverse === 'refused') return [problem('v2_reverse_unavailable', 'Реверс недоступен по договору')];
  if (![1, 3].includes(tariff?.delivery_mode ?? 0))
    return [problem('v2_reverse_unavailable', 'Реверс возможен только при доставке до двери')];
  const grams = 'packages' in body ? body.packages.reduce((sum, { weight }) => sum + weight, 0) : 0;
  return grams > MOST_REVERSE ? [problem('v2_reverse_unavailable', 'Реверс возможен до 30 кг')] : [];
}

function needsCustoms(from: CdekCity, to: CdekCity): boolean {
  return from.country_code !== to.country_code && ![from, to].every(({ country_code }) => UNION.includes(country_code));
}

function listPlaceProblems(body: CdekOrderBody, mode: number): CdekProblem[] {
  const problems: CdekProblem[] = [];
  const [fromDoor, toEnd] = [[1, 2, 6].includes(mode), [1, 3].includes(mode) ? 'door' : mode >= 6 ? 'POSTAMAT' : 'PVZ'];
  const shipment = findPoint(body.shipment_point);
  const delivery = findPoint(body.delivery_point);
  if (fromDoor ? !body.from_location?.address || !findCity(body.from_location) : shipment?.is_reception !== true)
    problems.push(
      fromDoor
        ? problem('v2_sender_location_not_recognized', 'Не удалось определить город отправителя')
        : problem('shipment_location_is_not_recognized', 'Передан некорректный код ПВЗ отправителя'),
    );
  if (toEnd === 'door' ? !body.to_location?.address || !findCity(body.to_location) : delivery?.type !== toEnd)
    problems.push(
      toEnd === 'door'
        ? problem('v2_recipient_location_not_recognized', 'Не удалось определить город получателя')
        : problem('delivery_location_is_not_recognized', 'Передан некорректный код ПВЗ получателя'),
    );
  return problems;
}

function listPartyProblems({ recipient, sender }: CdekOrderBody, type: number): CdekProblem[] {
  const problems: CdekProblem[] = [];
  if (recipient.contragent_type === 'LEGAL_ENTITY' && !recipient.company)
    problems.push(problem('error_validate_recipient_company', 'Не передано название компании получателя'));
  if (recipient.name.includes('/') || /^\d+$/.test(recipient.name))
    problems.push(problem('error_validate_recipient_name', 'Некорректное ФИО получателя'));
  if (type === 2 && sender === undefined) problems.push(problem('error_validate_sender_empty', 'Не передан отправитель'));
  return problems;
}

function listSizeProblems({ packages }: CdekOrderBody, toLocker: boolean): CdekProblem[] {
  const problems: CdekProblem[] = [];
  if (packages.some(({ weight }) => weight > HEAVIEST))
    problems.push(problem('error_validate_package_weight', 'Вес места больше допустимого'));
  if (new Set(packages.map(({ number }) => number)).size < packages.length)
    problems.push(problem('error_validate_package_number_not_unique', 'Номера упаковок не уникальны'));
  if (toLocker && packages.length > 1) problems.push(problem('error_validate_postamat_package_count', 'Для постамата только одно место'));
  for (const { weight, length, width, height } of packages) {
    const sides = [length, width, height].filter((side) => side !== undefined);
    if (sides.includes(0)) problems.push(problem('error_validate_package_one_of_size_is_zero', 'Одна из сторон места равна нулю'));
    const known = sides.length;
    if (known < 3 && (known > 0 || toLocker || weight >= MEASURED_FROM))
      problems.push(problem('error_validate_package_size_empty', 'Не переданы габариты места'));
  }
  return problems;
}

/** A shop's order lists its contents. */
function listLineProblems({ packages }: CdekOrderBody): CdekProblem[] {
  const problems: CdekProblem[] = [];
  if (packages.reduce((sum, { items = [] }) => sum + items.length, 0) > MOST_LINES)
    problems.push(problem('v2_number_items_is_more_126', 'Позиций в заказе больше 126'));
  for (const { items = [] } of packages) {
    const keys = items.map(({ ware_key }) => ware_key);
    if (items.length === 0) problems.push(problem('error_validate_package_items_empty', 'Не переданы товары'));
    if (new Set(keys).size < keys.length)
      problems.push(problem('error_validate_package_article_not_unique', 'Артикулы в упаковке не уникальны'));
    for (const { ware_key, amount, marking } of items) {
      if (!KEY.test(ware_key) || [...ware_key].length > MOST_KEY)
        problems.push(problem('error_validate_package_ware_key', `Недопустимый артикул ${ware_key}`));
      if (amount > MOST_PIECES) problems.push(problem('error_validate_package_im_wrong_amount', `Количество ${amount} больше 999`));
      if (marking !== undefined && amount !== 1)
        problems.push(problem('v2_order_item_amount_incorrect', 'С маркировкой количество должно быть 1'));
    }
  }
  return problems;
}

/** An order of type 2 has neither lines nor cash. CDEK does not use a number. Here it is a mistake. */
function listDeliveryTypeProblems({ packages, number, delivery_recipient_cost }: CdekOrderBody): CdekProblem[] {
  return [
    ...(packages.some(({ items }) => items !== undefined) ? [problem('error_validate_items_not_suite', 'Товары только для типа 1')] : []),
    ...(delivery_recipient_cost ? [problem('error_validate_good_payment_not_suite', 'Наложенный платёж только для типа 1')] : []),
    ...(number === undefined ? [] : [problem('error_validate_number_not_used', 'Номер ИМ для типа 2 не используется')]),
  ];
}

function listMoneyProblems(body: CdekOrderBody, to: CdekCity, terms: CdekTerms): CdekProblem[] {
  const problems: CdekProblem[] = [];
  const charge = body.delivery_recipient_cost;
  const payments = body.packages.flatMap(({ items = [] }) => items.map(({ payment }) => payment));
  const owed = countCash(body);
  for (const money of [...payments, ...(charge ? [charge] : [])]) problems.push(...listVatProblems(money, terms));
  if (payments.some(({ value, vat_rate }) => value > 0 && vat_rate === undefined))
    problems.push(problem('error_validate_good_vat_rate_is_not_selected', 'Не выбрана ставка НДС'));
  if (owed.value <= 0) return problems;
  if (findPoint(body.delivery_point)?.allowed_cod === false) problems.push(problem('error_validate_cod', 'ПВЗ не принимает оплату'));
  if (owed.currency !== terms.contractCurrency && !terms.collectsAbroad)
    problems.push(
      problem(
        'error_validate_order_cash_on_delivery_currency_invalid',
        `Наложенный платёж в ${owed.currency ?? '?'} недоступен по договору`,
      ),
    );
  const limit = terms.paymentLimits[to.code] ?? -1;
  if (limit >= 0 && owed.value > limit)
    problems.push(problem('error_validate_method_of_payment_receiver_city_limit_payment_exceeded', `Наложенный платёж больше ${limit}`));
  if ([...payments, ...(charge ? [charge] : [])].some(({ value }) => value > MOST_OWED))
    problems.push(problem('error_validate_good_payment', 'Наложенный платёж слишком велик'));
  return problems;
}

function listVatProblems({ value, vat_rate, vat_sum }: CdekMoney, { oldVat }: CdekTerms): CdekProblem[] {
  if (vat_rate === undefined || vat_rate === null) return [];
  if (!VAT.includes(vat_rate) && !(oldVat === 'taken' && OLD_VAT.includes(vat_rate)))
    return [problem('error_validate_good_vat_rate', `Ставки НДС ${vat_rate} нет`)];
  if (vat_sum === undefined) return [problem('error_validate_good_vat_sum_empty', 'Не передана сумма НДС')];
  const sum = (value * vat_rate) / (100 + vat_rate);
  return Math.abs(sum - vat_sum) > 0.011 ? [problem('error_validate_good_vat_rate_diff', `Сумма НДС должна быть ${sum.toFixed(2)}`)] : [];
}

/** Lists problems of a courier's visit. */
export function listIntakeProblems(body: CdekIntakeBody): CdekProblem[] {
  const problems: CdekProblem[] = [];
  if (body.intake_time_from < '09:00' || body.intake_time_to > '22:00' || body.intake_time_from >= body.intake_time_to)
    problems.push(problem('v2_wrong_interval', 'Передан некорректный промежуток времени'));
  const { intake_time_from, intake_time_to, lunch_time_from = intake_time_from, lunch_time_to = intake_time_to } = body;
  if (lunch_time_from < intake_time_from || lunch_time_to > intake_time_to || lunch_time_from >= lunch_time_to)
    problems.push(problem('v2_wrong_interval', 'Обед не входит во время ожидания курьера'));
  const days = (Date.parse(body.intake_date) - Date.parse(new Date().toISOString().slice(0, 10))) / 86_400_000;
  // A day of grace: the sender's day may not be ours.
  if (!(days >= -1 && days <= 32))
    problems.push(problem('v2_wrong_interval', 'Дата ожидания курьера не может быть больше текущей более чем на 31 день'));
  const needed = [body.name, body.sender, body.from_location];
  if (body.order_uuid === undefined && body.cdek_number === undefined && needed.includes(undefined))
    problems.push(problem('v2_required_param_empty', 'Не заполнено обязательное поле'));
  if (body.from_location !== undefined && findCity(body.from_location) === undefined)
    problems.push(problem('v2_sender_location_not_recognized', 'Не удалось определить город отправителя'));
  return problems;
}
