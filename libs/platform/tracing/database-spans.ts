import { type Span, SpanStatusCode } from '@opentelemetry/api';
import pg from 'pg';

/** Characters of a statement that its span shows. Values are not in it: they are parameters. */
const MOST_TEXT = 1_000;

/** How spans of statements are made. */
interface StatementSpans {
  /** Keeps the running span for a callback. */
  bind<Arguments extends unknown[]>(callback: (...args: Arguments) => void): (...args: Arguments) => void;
  /** Begins a span. Undefined when no traced work runs. */
  begin(name: string, attributes: Readonly<Record<string, string>>): Span | undefined;
}

type Callback = (error: unknown, ...rest: unknown[]) => void;
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Makes a span of each statement that pg sends, for TypeORM, the pool and the queue alike. */
export function traceDatabase({ bind, begin }: StatementSpans): void {
  wrap(pg.Client.prototype, 'query', (query) => {
    return function (...args) {
      const [first] = args;
      const { text, name } = (typeof first === 'string' ? { text: first } : (first ?? {})) as { text?: string; name?: string };
      const span =
        text === undefined
          ? undefined
          : begin(
              name ??
                text
                  .trimStart()
                  .slice(0, 40)
                  .split(/[\s(;]/, 1)[0]
                  ?.toUpperCase() ??
                '',
              {
                'db.system.name': 'postgresql',
                'db.query.text': text.slice(0, MOST_TEXT),
              },
            );
      if (!span) return query.apply(this, args);
      const end: Callback = (error) => {
        if (error) {
          span.setAttribute('error.type', String((error as { code?: unknown }).code));
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      };
      const last = args.at(-1);
      if (typeof last === 'function') {
        const callback = bind(last as Callback);
        args[args.length - 1] = ((error, ...rest) => {
          end(error);
          callback(error, ...rest);
        }) satisfies Callback;
        return query.apply(this, args);
      }
      const result = query.apply(this, args);
      if (result instanceof Promise) result.then(() => end(undefined), end);
      else span.end();
      return result;
    };
  });
  // A waiting caller is called back by the caller that releases a connection.
  wrap(pg.Pool.prototype, 'connect', (connect) => {
    return function (...args) {
      const [callback] = args;
      return typeof callback === 'function' ? connect.call(this, bind(callback as Callback)) : connect.apply(this, args);
    };
  });
}

function wrap(prototype: object, name: string, around: (method: Method) => Method): void {
  const methods = prototype as Record<string, Method>;
  methods[name] = around(methods[name] as Method);
}
