import type { FastifyInstance } from 'fastify';
import type { DoubleControl } from './double-control.js';
import type { HttpFault, OwnFault } from '../double/faults.js';
import type { WebhookFlush } from '../double/sender.js';

/** Shapes of JSON that the control takes. */
export const TEXT = { type: 'string' };
export const WHOLE = { type: 'integer', minimum: 0 };
export const AT_LEAST_ONE = { type: 'integer', minimum: 1 };
export const WHETHER = { type: 'boolean' };

/** The schema of an object with these fields. */
export function buildObjectSchema(properties: object, required: readonly string[] = []): object {
  return { type: 'object', required, properties };
}

interface Controlled<Call extends string, Own extends OwnFault> extends DoubleControl<Call, Own> {
  readonly webhooks: {
    mode: 'auto' | 'hold' | 'off';
    readonly attempts: readonly object[];
    flush(options: WebhookFlush): Promise<void>;
  };
  reset(): void;
}

interface ControlOptions<Modes> {
  /** How things stand: the answer to most of the control. */
  describe(): object;
  /** The double's modes, but for that of its webhooks. */
  modes: object;
  setModes(modes: Modes): void;
  /** How held webhooks may be let go, besides `copies`. */
  flush: object;
  /** The status of an error that a path of the double's own throws; 404 when left out. */
  statusOf?(error: Error): number;
}

/** Adds a control path; without an answer it returns the double's state. `body` is its schema, if any. */
export type PostControl = <Body>(path: string, body: object | undefined, act: (body: Body) => object | void) => void;

/** Registers the test's control as JSON under `/control`; returns what adds the double's own paths. */
export function registerControl<Call extends string, Own extends OwnFault, Modes>(
  app: FastifyInstance,
  double: Controlled<Call, Own>,
  { describe, modes, setModes, flush, statusOf = () => 404 }: ControlOptions<Modes>,
): PostControl {
  const post: PostControl = <Body>(path: string, body: object | undefined, act: (body: Body) => object | void) => {
    app.post(`/control/${path}`, body === undefined ? {} : { schema: { body } }, (request) => {
      try {
        return act(request.body as Body) ?? describe();
      } catch (error) {
        throw Object.assign(error as Error, { statusCode: statusOf(error as Error) });
      }
    });
  };
  app.get('/control', describe);
  post<{ call: Call | '*'; fault: HttpFault | Own; times?: number }>('faults', double.faults.schema, ({ call, fault, times }) =>
    double.fail(call, fault, times),
  );
  const webhooks = { type: 'string', enum: ['auto', 'hold', 'off'] };
  post<Modes & { webhooks?: 'auto' | 'hold' | 'off' }>(
    'modes',
    { ...buildObjectSchema({ ...modes, webhooks }), additionalProperties: false },
    ({ webhooks: mode, ...others }) => {
      setModes(others as Modes);
      if (mode !== undefined) double.webhooks.mode = mode;
    },
  );
  app.post('/control/webhooks', { schema: { body: buildObjectSchema({ copies: AT_LEAST_ONE, ...flush }) } }, async (request) => {
    await double.webhooks.flush(request.body as WebhookFlush);
    return { attempts: double.webhooks.attempts };
  });
  app.post('/control/reset', () => {
    double.reset();
    return describe();
  });
  return post;
}
