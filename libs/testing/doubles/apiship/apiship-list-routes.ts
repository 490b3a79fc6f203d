import type { ServiceAnswer } from '../../double/faults.js';
import type { ApiShipControl } from './apiship-control.js';
import { drawAct, drawLabels } from './apiship-documents.js';
import { cutPage, filterRows, pickFields, POINT_KEYS } from './apiship-filters.js';
import { CARRIERS, POINTS, TARIFFS } from './apiship-network.js';
import { type ApiShipCourierBody, type ApiShipOrder, ApiShipRefusal, invalid, STATUS_NAMES, writeMoment } from './apiship-objects.js';
import { type ApiShipQuoteBody, quote, quoteIntervals, readQuestion } from './apiship-quotes.js';
import { type ApiShipRequest, type ApiShipRoute, findOrders } from './apiship-requests.js';
import { subscribe } from './apiship-webhooks.js';
import { findFact as fact } from './apiship-wire.js';

const SERVICES = ['cdek', 'dpd', 'rupost', 'x5'].flatMap((providerKey) => [
  {
    ...{ providerKey, name: 'Частичная выдача', extraParamName: `${providerKey}.PartialDelivery` },
    ...{ valueType: 'bool', description: 'Получатель может взять часть заказа' },
  },
]);

/** Rows of the lists with pages, with the keys that choose among them. */
const LISTS: Readonly<Record<string, { rows: readonly object[]; keys: readonly string[] }>> = {
  providers: { rows: CARRIERS.map(({ key, name }) => ({ key, name, description: null })), keys: ['key', 'name'] },
  tariffs: {
    rows: TARIFFS.map(({ id, providerKey, name, pickupType, deliveryType }) => ({
      ...{ id, providerKey, name, aliasName: null, description: null, weightMin: 0, weightMax: weightOf(providerKey) },
      ...{ pickupType, deliveryType },
    })),
    keys: ['id', 'providerKey', 'name', 'aliasName', 'pickupType', 'deliveryType'],
  },
  statuses: { rows: Object.entries(STATUS_NAMES).map(([key, name]) => ({ key, name, description: name })), keys: ['key', 'name'] },
};

/** The lists that are told whole. */
const PLAIN_LISTS: Readonly<Record<string, readonly object[]>> = {
  pickupTypes: listNames('Забирает курьер', 'Сдача в пункт'),
  deliveryTypes: listNames('До двери', 'До пункта'),
  paymentMethods: listNames('Наличные', 'Карта', 'Смешанная', 'По счёту'),
  operationTypes: listNames('Приём', 'Выдача', 'Приём и выдача'),
  pointTypes: listNames('Пункт выдачи', 'Постамат', 'Отделение Почты России', 'Терминал'),
};

/** Prices, documents, couriers, lists and subscriptions. */
export const OTHER_ROUTES: readonly ApiShipRoute[] = [
  {
    ...fact('calculate'),
    act: ({ account, body, double }) => {
      const question = readQuestion(body as ApiShipQuoteBody, account.connections);
      account.payCalculation();
      return quote(question, double.modes);
    },
  },
  {
    ...fact('intervals'),
    act: ({ account, body }) => quoteIntervals(readQuestion(body as ApiShipQuoteBody, account.connections)),
  },
  {
    ...fact('balance'),
    act: ({ account: { calculations, free, money } }) => ({ calculations, freeCalculations: free, money: (money / 100).toFixed(2) }),
  },
  {
    ...fact('labels'),
    act: async (request) => {
      const { ready, failed } = sortReady(request);
      const url =
        ready.length > 0
          ? keep(request, await drawLabels(ready))
          : { null: null, absent: undefined, empty: '' }[request.double.modes.noLabels];
      return { ...(url !== undefined && { url }), failedOrders: failed };
    },
  },
  {
    ...fact('waybills'),
    act: async (request) => {
      const { ready, failed } = sortReady(request);
      const carriers = [...new Set(ready.map(({ body }) => body.order.providerKey))];
      const waybillItems = await Promise.all(
        carriers.map(async (providerKey) => {
          const orders = ready.filter(({ body }) => body.order.providerKey === providerKey);
          return { providerKey, file: keep(request, await drawAct(providerKey, orders)), orderIds: orders.map(({ orderId }) => orderId) };
        }),
      );
      return { waybillItems, failedOrders: failed };
    },
  },
  {
    ...fact('callCourier'),
    act: (request) => {
      const body = request.body as ApiShipCourierBody;
      const { found, failed } = findOrders(request, body.orderIds);
      if (failed.length > 0) throw invalid({ orderIds: failed.map(({ message }) => message).join(', ') });
      const { courierError: error } = request.double.modes;
      if (error !== undefined) return { id: null, providerNumber: null, additionalProviderNumber: null, created: null, error };
      const { id, providerNumber, created } = request.account.book.callCourier(body, found);
      return { id, providerNumber, additionalProviderNumber: null, created };
    },
  },
  {
    ...fact('cancelCourier'),
    act: ({ account, id }) => ({ id: account.book.cancelCourier(Number(id)).id, canceled: writeMoment(Date.now()) }),
  },
  {
    ...fact('connections'),
    act: ({ account, query, double }) => {
      if (Number(query['offset'] ?? 0) > 5_000) throw invalid({ offset: 'Не больше 5000' });
      return cutPage(filterRows(account.connections, query['filter'], ['id', 'providerKey', 'name']), query, {
        totals: double.modes.totals,
      });
    },
  },
  {
    ...fact('connectionSchemas'),
    act: ({ query, double: { modes } }) => {
      const rows = CARRIERS.map(({ key: providerKey }) => ({ providerKey, fields: [LOGIN_FIELD] }));
      return cutPage(
        rows.filter((row) => row.providerKey === (query['providerKey'] ?? row.providerKey)),
        query,
        { totals: modes.totals },
      );
    },
  },
  {
    ...fact('points'),
    act: ({ query, double: { modes } }) => {
      const withDisabled = query['enabledCheckOff'] === '1' && (query['filter'] ?? '').split(';').some((part) => part.startsWith('code='));
      const rows = filterRows(
        POINTS.filter(({ enabled }) => enabled || withDisabled),
        query['filter'],
        POINT_KEYS,
      ).map((row) => pickFields(row, query['fields']));
      return cutPage(rows, query, { byDefault: modes.pointsByDefault, most: modes.pointsMost, totals: modes.totals });
    },
  },
  {
    ...fact('list', '/lists/services'),
    act: ({ query: { providerKey } }) => SERVICES.filter((row) => row.providerKey === (providerKey ?? row.providerKey)),
  },
  ...Object.entries(LISTS).map(([name, { rows, keys }]): ApiShipRoute => ({
    ...fact('list', `/lists/${name}`),
    act: ({ query, double: { modes } }) => {
      const found = filterRows(rows, query['filter'], keys).map((row) => pickFields(row, query['fields']));
      return cutPage(found, query, { most: 1_000, totals: modes.totals });
    },
  })),
  ...Object.entries(PLAIN_LISTS).map(([name, rows]): ApiShipRoute => ({
    ...fact('list', `/lists/${name}`),
    act: () => rows,
  })),
  {
    ...fact('createWebhook'),
    act: ({ account, body }) => {
      const { url, type } = body as { url: string; type: string };
      return { uuid: subscribe(account.subscriptions, url, type).uuid };
    },
  },
  { ...fact('listWebhooks'), act: ({ account }) => account.subscriptions },
  {
    ...fact('deleteWebhook'),
    act: ({ account: { subscriptions }, id }) => {
      const index = subscriptions.findIndex(({ uuid }) => uuid === id);
      if (index === -1) throw new ApiShipRefusal(404, '040016', 'Не найдено');
      subscriptions.splice(index, 1);
      return { uuid: id };
    },
  },
];

const LOGIN_FIELD = { code: 'login', name: 'Логин', type: 'string', required: true, multiple: false, values: [] };

/** A file that a link leads to; no token is asked for. Throws ApiShipRefusal once the link has ended. */
export function readFile({ files, modes: { fileSeconds = Infinity } }: ApiShipControl, id: string): ServiceAnswer {
  const file = files.get(id);
  if (!file || Date.now() - file.madeAt > fileSeconds * 1_000) throw new ApiShipRefusal(404, '040016', 'Не найдено');
  return { pdf: file.pdf };
}

function keep({ double, origin }: ApiShipRequest, pdf: Buffer): string {
  return `${origin}/storage/${double.keepFile(pdf)}.pdf`;
}

/** The orders whose documents are ready, and what is to be said of the others. */
function sortReady(request: ApiShipRequest): { ready: ApiShipOrder[]; failed: { orderId: number; message: string }[] } {
  const { orderIds } = request.body as { orderIds: number[] };
  const { documentsMost } = request.double.modes;
  if (orderIds.length > documentsMost) throw invalid({ orderIds: `Не больше ${documentsMost}` });
  const { found, failed } = findOrders(request, orderIds);
  const isReady = ({ labelsFrom = Infinity, cancelled }: ApiShipOrder): boolean => labelsFrom <= Date.now() && !cancelled;
  const late = found.filter((order) => !isReady(order)).map(({ orderId }) => ({ orderId, message: 'Документ ещё не готов' }));
  return { ready: found.filter(isReady), failed: [...failed, ...late] };
}

function listNames(...names: string[]): readonly object[] {
  return names.map((name, index) => ({ id: index + 1, name, description: name }));
}

function weightOf(key: string): number | null {
  return CARRIERS.find((one) => one.key === key)?.heaviest ?? null;
}
