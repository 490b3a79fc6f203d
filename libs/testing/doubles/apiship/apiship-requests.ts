import type { ApiShipAccount, ApiShipControl } from './apiship-control.js';
import type { ApiShipCall } from './apiship-wire.js';
import type { WireCall } from '../../double/wire.js';
import { notFound } from './apiship-book.js';
import { type ApiShipOrder, ApiShipRefusal } from './apiship-objects.js';

/** A call that passed its schemas. */
export interface ApiShipRequest {
  double: ApiShipControl;
  account: ApiShipAccount;
  /** What stands for `:id` in the path, decoded. */
  id: string;
  /** With the query, as it came. */
  url: string;
  query: Readonly<Record<string, string | undefined>>;
  body: unknown;
  /** The address of the double. */
  origin: string;
}

/** A call: its facts, and `act`, which returns the reply's JSON or throws ApiShipRefusal. */
export interface ApiShipRoute extends WireCall<ApiShipCall> {
  /** Whether the service wants the module's name in `Platform`. */
  needsPlatform?: boolean;
  act(request: ApiShipRequest): object | Promise<object>;
}

/** An order of the account that is not deleted. Throws ApiShipRefusal, 040305 for one of another account. */
export function findOrder({ double, account }: Pick<ApiShipRequest, 'double' | 'account'>, id: string | number): ApiShipOrder {
  if (!/^\d+$/.test(String(id))) throw new ApiShipRefusal(400, '040017', 'Некорректная ссылка');
  const isIt = ({ orderId, removed }: ApiShipOrder): boolean => orderId === Number(id) && !removed;
  const found = account.book.orders.find(isIt);
  if (found) return found;
  if (double.orders().some(isIt)) throw new ApiShipRefusal(403, '040305', 'Заказ принадлежит другому клиенту');
  throw notFound();
}

/** Several orders, and the words for each that is not found. */
export function findOrders(
  request: Pick<ApiShipRequest, 'double' | 'account'>,
  ids: readonly (string | number)[],
): { found: ApiShipOrder[]; failed: { orderId: number; message: string }[] } {
  const [found, failed]: [ApiShipOrder[], { orderId: number; message: string }[]] = [[], []];
  for (const id of ids) {
    try {
      found.push(findOrder(request, id));
    } catch (error) {
      failed.push({ orderId: Number(id), message: (error as Error).message });
    }
  }
  return { found, failed };
}
