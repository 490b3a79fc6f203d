import type { FastifyInstance } from 'fastify';
import { AT_LEAST_ONE, buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import type { ApiShipControl, ApiShipCredentials } from './apiship-control.js';
import type { ApiShipModes } from './apiship-modes.js';
import type { ApiShipConnection } from './apiship-network.js';
import type { ApiShipStatusPush } from './apiship-book.js';

const oneOf = (...values: readonly (string | number)[]) => ({ enum: values });
const MAYBE = { type: ['integer', 'null'], minimum: 0 };
const MAYBE_TEXT = { type: ['string', 'null'] };
const FAULTY = oneOf(100, 200, 300);
const MODES: Readonly<Record<keyof ApiShipModes, object>> = {
  ...{ uploadAfterMs: MAYBE, refuseWith: MAYBE_TEXT, refusalCode: FAULTY, newStatus: oneOf('pending', 'none'), findLagMs: WHOLE },
  ...{ findCancelled: oneOf('shown', 'hidden'), duplicateCode: oneOf('040000', '040002'), edits: oneOf('wait', 'resend') },
  ...{ changes: oneOf('taken', 'refused'), cancels: oneOf('taken', 'refused'), prepaidDelivery: oneOf('taken', 'refused') },
  ...{ connectIds: oneOf('either', 'string', 'number'), ids: oneOf('numbers', 'strings'), eventType: WHETHER },
  ...{ loginReply: oneOf('token', 'accessToken'), tokenSeconds: MAYBE, expiredToken: oneOf('040101', '040304') },
  ...{ platform: oneOf('optional', 'required'), oldVat: oneOf('refused', 'taken') },
  ...{ carrierMs: { type: 'object', additionalProperties: WHOLE }, morePointIds: WHOLE },
  ...{ totals: oneOf('meta', 'top'), pointsByDefault: AT_LEAST_ONE, pointsMost: AT_LEAST_ONE, sinceDays: AT_LEAST_ONE },
  ...{ intervalMost: AT_LEAST_ONE, documentsMost: AT_LEAST_ONE, labelsAfterMs: WHOLE, noLabels: oneOf('null', 'absent', 'empty') },
  ...{ fileSeconds: MAYBE, courierError: MAYBE_TEXT, webhookDelayMs: WHOLE, webhookCopies: AT_LEAST_ONE, latencyMs: WHOLE },
  callsPerSecond: MAYBE,
};

/** The test's control as JSON under `/control`, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: ApiShipControl): void {
  const post = registerControl(app, double, {
    describe: () => describe(double),
    modes: MODES,
    // JSON has no undefined: null stands for it.
    setModes: (modes: object) =>
      double.setModes(
        Object.fromEntries(Object.entries(modes).map(([name, value]) => [name, value ?? undefined])) as Partial<ApiShipModes>,
      ),
    flush: { reverse: WHETHER, only: { type: 'array', items: TEXT } },
  });
  const toList = <T>(items: readonly T[]): object => ({ count: items.length, items });
  app.get('/control/orders', (request) => toList(double.orders((request.query as { number?: string }).number)));
  app.get('/control/courier-calls', () => toList(double.courierCalls()));
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    return toList(double.calls.filter((one) => call === undefined || one.call === call));
  });
  post<{ order: string; key: string; at?: string } & Omit<ApiShipStatusPush, 'at'>>(
    'statuses',
    buildObjectSchema({ order: TEXT, key: TEXT, at: TEXT, description: TEXT, errorCode: FAULTY }, ['order', 'key']),
    ({ order, key, at, ...said }) => double.pushStatus(order, key, { ...(at !== undefined && { at: new Date(at) }), ...said }),
  );
  post<{ order: string; refuseWith?: string }>(
    'upload',
    buildObjectSchema({ order: TEXT, refuseWith: TEXT }, ['order']),
    ({ order, refuseWith }) => double.upload(order, refuseWith),
  );
  post<ApiShipCredentials>(
    'accounts',
    buildObjectSchema({ login: TEXT, password: TEXT, token: TEXT }, ['login', 'password', 'token']),
    (credentials) => void double.addAccount(credentials),
  );
  post<{ connections: ApiShipConnection[] }>(
    'connections',
    buildObjectSchema({ connections: { type: 'array', items: { type: 'object' } } }, ['connections']),
    ({ connections }) => {
      double.account.connections = connections;
    },
  );
  post<{ calculations?: number; money?: number }>(
    'billing',
    buildObjectSchema({ calculations: WHOLE, money: WHOLE }),
    (billing) => void Object.assign(double.account, billing),
  );
  post('expire-tokens', undefined, () => double.expireTokens());
}

function describe(double: ApiShipControl): object {
  const modes = Object.fromEntries(Object.entries(double.modes).map(([name, value]) => [name, (value as unknown) ?? null]));
  return {
    modes: { ...modes, webhooks: double.webhooks.mode },
    accounts: double.accounts.map(({ credentials, book, subscriptions, connections, calculations, free, money }) => ({
      ...{ login: credentials.login, orders: book.orders.length, courierCalls: book.courierCalls.length, subscriptions },
      ...{ connections: connections.map(({ id, providerKey }) => ({ id, providerKey })), calculations, free, money },
    })),
    calls: double.calls.length,
    webhooks: double.webhooks.attempts,
  };
}
