import { Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Connection } from '#connections';
import { CallbackError, fillIn, toLogLine } from '#platform';
import { type Provider, ProviderError, type ProviderErrorKind } from '#provider-kit';
import { texts } from './integration-kit.texts.js';
import {
  BrokenReplyError,
  checkFlag,
  checkReply,
  type MethodCheck,
  readThrown,
  type ReplyChecks,
  type ReplyProblem,
} from './reply-checks.js';

const brokenReplies = new Counter({
  name: 'provider_reply_problems_total',
  help: 'Values in replies of providers that their port does not allow, by provider, call and field',
  labelNames: ['provider', 'call', 'field'],
});

const VERIFICATION: MethodCheck<never, never> = { check: checkFlag };

/** Maximum number of problems of one reply in a sentence. */
const MOST_NAMED = 3;
/** Maximum number of counted problems of one reply. */
const MOST_COUNTED = 100;

/** A provider as far as one method, which it has. */
export type Able<Port, Method extends keyof Port> = Required<Pick<Port, Method>>;

/** Checks the replies and errors of an integration's providers against their port. */
export class ReplyGuard<Port extends Provider> {
  private readonly logger = new Logger(ReplyGuard.name);

  /** `getManifest`: see `Providers`. */
  constructor(
    private readonly checks: ReplyChecks<Port>,
    private readonly getManifest: (connection: Connection) => Port['manifest'],
  ) {}

  /**
   * Returns the provider with one member, whose replies are checked. `note` receives the items omitted from a
   * list.
   */
  guard<Method extends keyof Port & string>(
    { provider, isAdapter }: { provider: Port; isAdapter: boolean },
    connection: Connection,
    method: Method,
    note?: (leftOut: string) => void,
  ): Able<Port, Method> {
    const ofMember = this.checks[method] as MethodCheck<never, never> | undefined;
    const member: unknown = provider[method];
    const wrap =
      (owner: object, work: (...args: unknown[]) => unknown, name?: string) =>
      (...args: unknown[]): unknown => {
        const isOther = name !== undefined && ofMember?.of !== undefined && ofMember.of !== name;
        // Any value except for a flag would count as true. A promise of a flag waits for published keys.
        const check = name === 'verify' ? VERIFICATION : isOther ? undefined : ofMember;
        const fail = (error: unknown): never => {
          // Services of this deployment throw errors of this program.
          throw isAdapter ? this.judgeThrown(connection, method, error, check && ofMember?.failsAs) : error;
        };
        const use = (value: unknown): unknown => (check ? this.useReply(connection, method, check, value, args, note) : value);
        let reply: unknown;
        let isPromise: boolean;
        try {
          reply = work.apply(owner, args);
          isPromise = isThenable(reply);
        } catch (error) {
          return fail(error);
        }
        if (!isPromise) return use(reply);
        if (!check?.isSync) return Promise.resolve(reply).then(use, fail);
        Promise.resolve(reply)
          .catch(fail)
          .catch(() => undefined);
        return use(reply);
      };
    const guarded =
      typeof member === 'function'
        ? wrap(provider, member as () => unknown)
        : typeof member === 'object' && member !== null
          ? wrapMethods(member, (work, name) => wrap(member, work, name))
          : member;
    return { [method]: guarded } as unknown as Able<Port, Method>;
  }

  /**
   * Reports a reply that breaks the port and returns the error to throw. For problems that only the
   * integration can see. `call` checks the rest.
   */
  refuse(connection: Connection, call: keyof Port & string, problems: readonly ReplyProblem[]): BrokenReplyError {
    const { title } = connection.module.manifest;
    const sentence = this.report(connection, call, problems, 'it was not used');
    const kind = this.checks[call]?.failsAs ?? 'unavailable';
    return new BrokenReplyError(kind, sentence, { localText: fillIn(texts.broken, { name: title }) });
  }

  /** Checks a report of a provider's listener, such as a call. Throws BrokenReplyError. */
  checkReport<Method extends keyof Port & string, Reply>(connection: Connection, method: Method, report: Reply): Reply {
    const check = this.checks[method] as MethodCheck<never, never> | undefined;
    return check ? this.useReply(connection, method, check, report, []) : report;
  }

  /** Reports an error that a provider threw unless its port allows it. Returns the error to throw. */
  private judgeThrown(
    connection: Connection,
    method: keyof Port & string,
    thrown: unknown,
    kind: ProviderErrorKind = 'unavailable',
  ): Error {
    if (thrown instanceof CallbackError) return thrown;
    const { error, problem } = readThrown(thrown, kind);
    if (!problem) return error;
    const sentence = this.report(connection, method, [problem], 'it was not used');
    if (thrown instanceof ProviderError) return error;
    const { title } = connection.module.manifest;
    return new ProviderError(kind, sentence, {
      cause: thrown,
      localText: fillIn(texts.broken, { name: title }),
    });
  }

  private useReply<Reply>(
    connection: Connection,
    method: keyof Port & string,
    check: MethodCheck<never, never>,
    reply: Reply,
    args: readonly unknown[],
    note?: (leftOut: string) => void,
  ): Reply {
    const { problems, usable } = checkReply(check, reply, args, this.getManifest(connection));
    if (!usable) throw this.refuse(connection, method, problems);
    if (problems.length > 0) note?.(this.report(connection, method, problems, 'these items were left out'));
    return usable.reply;
  }

  /** Logs and counts the problems. Returns the sentence. */
  private report(connection: Connection, call: string, problems: readonly ReplyProblem[], consequence: string): string {
    const { code, title } = connection.module.manifest;
    for (const { field } of problems.slice(0, MOST_COUNTED)) brokenReplies.inc({ provider: code, call, field: toFieldLabel(field) });
    const named = problems.slice(0, MOST_NAMED).map(({ field, problem }) => `${field === '' ? 'it' : field} ${problem}`);
    const more = problems.length > MOST_NAMED ? ` and ${problems.length - MOST_NAMED} more` : '';
    const sentence = `The reply of ${title.en} (${code}) to ${call} is wrong: ${named.join(', ')}${more}; ${consequence}.`;
    this.logger.error(toLogLine(`${sentence} Connection ${connection.id}.`, connection.request));
    return sentence;
  }
}

/** Returns an object with the same methods, each as `wrap` makes it. */
function wrapMethods(owner: object, wrap: (work: (...args: unknown[]) => unknown, name: string) => unknown): object {
  return new Proxy(owner, {
    get: (_target, name) => {
      const member: unknown = Reflect.get(owner, name);
      return typeof member === 'function' ? wrap(member as () => unknown, String(name)) : member;
    },
  });
}

/** Whether a value is a promise, also one of another library. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Leaves positions and free keys out, so that there are few labels. */
function toFieldLabel(field: string): string {
  return field.replace(/\[\w*\]/g, '[]').slice(0, 100);
}
