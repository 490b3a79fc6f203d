import type { FastifyInstance } from 'fastify';
import { listModes, type ModeTable } from './modes.js';
import { FLUSH, type HookFlush } from './webhooks.js';
import { type Fields, type Infer, object, oneOf, type Schema, text, whole } from './wire.js';

/** An action by hand: `POST /control/{name}`, with a body of this schema. Returns the reply, or the state. */
export interface Hand {
  /** If missing, it has no body. */
  schema?: Schema;
  act(body: never): object | void;
}
/** Defines a manual action, which receives the values that the schema accepts. */
export const hand = <S extends Schema>(schema: S, act: (body: Infer<S>) => object | void): Hand => ({ schema, act: act as Hand['act'] });

export type Lists = Readonly<Record<string, (query: Readonly<Record<string, string>>) => readonly object[]>>;

interface Controlled {
  readonly faults: { readonly schema: object };
  readonly calls: readonly { call: string }[];
  readonly webhooks: { mode: string; attempts: readonly object[]; flush(options: HookFlush): Promise<readonly object[]> };
  fail(call: string, fault: never, times?: number): void;
  setModes(modes: object): void;
  advance(seconds: number): void;
  reset(): void;
  describe(): object;
}

/** Serves `/control`: the common part of every double, its modes, its hands and its lists. */
export function serveControl(
  app: FastifyInstance,
  double: Controlled,
  { modes, hands, lists, flush }: { modes: ModeTable; hands: Readonly<Record<string, Hand>>; lists: Lists; flush: Fields },
): void {
  const post = (path: string, schema: object | undefined, act: (body: never) => object | void | Promise<object>): void => {
    app.post(`/control/${path}`, schema ? { schema: { body: schema } } : {}, async (request) => {
      try {
        return (await act(request.body as never)) ?? double.describe();
      } catch (error) {
        // A Refusal has a status. Otherwise the state does not allow the act.
        const { status = 409, message } = error as Error & { status?: number };
        throw Object.assign(new Error(message), { statusCode: status });
      }
    });
  };
  app.get('/control', () => double.describe());
  post('faults', double.faults.schema, ({ call, fault, times }: { call: string; fault: never; times?: number }) =>
    double.fail(call, fault, times),
  );
  const schemas = listModes(modes).map(([name, { schema }]) => [`${name}?`, schema]);
  post(
    'modes',
    object({ ...(Object.fromEntries(schemas) as Record<string, Schema>), 'webhooks?': oneOf('auto', 'hold', 'off') }),
    ({ webhooks, ...others }: { webhooks?: string }) => {
      // JSON has no undefined: null stands for it.
      double.setModes(Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value ?? undefined])));
      if (webhooks !== undefined) double.webhooks.mode = webhooks;
    },
  );
  post('webhooks', object({ ...FLUSH, ...flush }), async (options) => ({ attempts: await double.webhooks.flush(options) }));
  post('time', object({ seconds: whole(0) }), ({ seconds }: { seconds: number }) => double.advance(seconds));
  post('reset', undefined, () => double.reset());
  for (const [path, { schema, act }] of Object.entries(hands)) post(path, schema, act);
  const requests: Lists[string] = ({ call }) => double.calls.filter((one) => call === undefined || one.call === call);
  for (const [path, find] of Object.entries({ requests, ...lists }))
    app.get(`/control/${path}`, ({ query }) => {
      const items = find(query as Record<string, string>);
      return { count: items.length, items };
    });
}

/** The hand of services whose address for webhooks is entered by hand. */
export const WEBHOOK_URL = object({ url: text(), 'token?': text() });
