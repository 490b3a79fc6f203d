import type { FastifyInstance } from 'fastify';
import { AT_LEAST_ONE, buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import {
  ZADARMA_NOTIFICATION_NAMES,
  type ZadarmaAccount,
  type ZadarmaAccountSettings,
  type ZadarmaNotification,
} from './zadarma-account.js';
import type { ZadarmaControl } from './zadarma-control.js';
import type { ZadarmaModes } from './zadarma-modes.js';
import { playCall, ZADARMA_PLAYS, type ZadarmaCast, type ZadarmaPlay } from './zadarma-plays.js';

const oneOf = (...values: readonly (string | number)[]) => ({ enum: values });
const TEXTS = { type: 'array', items: TEXT };
const MODES: Readonly<Record<keyof ZadarmaModes, object>> = {
  ...{ latencyMs: WHOLE, callsPerMinute: WHOLE, statisticsPerMinute: WHOLE, retryAfter: WHETHER, refusalStatus: oneOf(400, 200) },
  ...{ longPeriods: oneOf('refused', 'cut'), recordedAs: oneOf('text', 'boolean'), fullLogins: WHETHER, plusNumbers: WHETHER },
  ...{ answerNamesPhone: WHETHER, endNames: oneOf('both', 'internal', 'last', 'none'), answersOutgoing: WHETHER, legTimes: WHETHER },
  ...{ internalEnd: oneOf('start-fields', 'other-fields', 'none'), signatures: oneOf('hex', 'raw', 'none') },
  ...{ recordNotice: oneOf('when-ready', 'before-end', 'none'), failuresMost: WHOLE, switchesOff: oneOf('url', 'notifications') },
  ...{ recordReadyMs: WHOLE, linksEarly: WHETHER, foreignLinks: WHETHER, ranges: WHETHER, sizes: WHETHER, recordsMost: AT_LEAST_ONE },
  clicks: oneOf('by-hand', 'answered'),
};
const FLUSH = {
  ...{ reverse: WHETHER, order: { type: 'array', items: WHOLE }, without: TEXTS, forge: WHETHER },
  ...{ signatures: oneOf('hex', 'raw', 'none'), change: { type: 'object', additionalProperties: TEXT } },
};
const ACCOUNT = { key: TEXT };

/** The test's control as JSON, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: ZadarmaControl): void {
  const find = (key: string | undefined): ZadarmaAccount => {
    const account = key === undefined ? double.account : double.findAccount(key);
    if (!account) throw new Error('there is no account of that key');
    return account;
  };
  const post = registerControl(app, double, {
    ...{ describe: () => describe(double), modes: MODES, flush: FLUSH },
    setModes: (modes: Partial<ZadarmaModes>) => double.setModes(modes),
  });
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    const items = double.calls.filter((one) => call === undefined || one.call === call);
    return { count: items.length, items };
  });
  post<{ key?: string; play: ZadarmaPlay } & Omit<ZadarmaCast, 'recording' | 'signal'> & { record?: boolean }>(
    'calls',
    buildObjectSchema({ ...ACCOUNT, play: oneOf(...ZADARMA_PLAYS), phone: TEXT, did: TEXT, codes: TEXTS, paceMs: WHOLE, record: WHETHER }, [
      'play',
      'phone',
    ]),
    ({ key, play, record, ...cast }) => {
      // It goes on after the answer.
      void playCall(find(key), play, { ...cast, ...(record && { recording: Buffer.from('ID3 a talk') }) }).catch(() => undefined);
    },
  );
  post<{ key: string; secret: string } & Partial<ZadarmaAccountSettings>>(
    'accounts',
    buildObjectSchema({ key: TEXT, secret: TEXT, zone: TEXT, pbxId: TEXT, extensions: TEXTS, numbers: TEXTS }, ['key', 'secret']),
    (settings) => void double.addAccount(settings),
  );
  post<{
    key?: string;
    url?: string | null;
    notifications?: ZadarmaNotification[];
    offline?: string[];
    forwarded?: Record<string, string>;
  }>(
    'callinfo',
    buildObjectSchema({
      ...{ ...ACCOUNT, url: { type: ['string', 'null'] }, offline: TEXTS, forwarded: { type: 'object', additionalProperties: TEXT } },
      notifications: { type: 'array', items: oneOf(...ZADARMA_NOTIFICATION_NAMES) },
    }),
    ({ key, url, notifications, offline, forwarded }) => {
      const account = find(key);
      if (url !== undefined) account.url = url ?? undefined;
      if (notifications) for (const name of ZADARMA_NOTIFICATION_NAMES) account.notifications[name] = notifications.includes(name);
      if (offline) {
        account.offline.clear();
        for (const code of offline) account.offline.add(code);
      }
      if (forwarded) {
        account.forwarded.clear();
        for (const [code, to] of Object.entries(forwarded)) account.forwarded.set(code, to);
      }
    },
  );
}

function describe(double: ZadarmaControl): object {
  const { mode, attempts } = double.webhooks;
  return {
    accounts: double.accounts.map(({ settings, url, notifications, clicks, offline }) => ({
      ...{ key: settings.key, zone: settings.zone, extensions: settings.extensions, url: url ?? null, notifications },
      ...{ offline: [...offline], clicks: clicks.map(({ code, phone }) => ({ code, phone })) },
    })),
    modes: double.modes,
    webhooks: { mode, attempts, steered: Object.fromEntries(double.webhooks.steered) },
    calls: double.calls.length,
  };
}
