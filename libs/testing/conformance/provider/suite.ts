import type { Provider, ProviderContext, ProviderError } from '#provider-kit';
import { Unproven } from '../lost-calls.js';
import { catchError } from './errors.js';
import type { ConformanceOptions } from './subject.js';

/** The members of a subject that every suite needs. */
interface SuiteSubject<S extends object> {
  readonly provider: Provider<S>;
  readonly context: ProviderContext<S>;
  close?(): Promise<void>;
}

/** A run of a suite: the provider under test, and the steps that suites of all kinds share. */
export class Suite<S extends object, Method extends string, Subject extends SuiteSubject<S>> {
  readonly unproven: Unproven;
  subject!: Subject;
  provider!: Subject['provider'];
  context!: ProviderContext<S>;

  constructor(
    name: string,
    readonly options: ConformanceOptions<Method, Subject>,
  ) {
    this.unproven = new Unproven(name);
  }

  async start(): Promise<void> {
    this.subject = await this.options.start();
    ({ provider: this.provider, context: this.context } = this.subject);
  }

  async close(): Promise<void> {
    this.unproven.print();
    await this.subject?.close?.();
  }

  /** Whether the provider is to have an optional method. */
  has(method: Method): boolean {
    return this.options.methods.includes(method);
  }

  catchFailure(call: Promise<unknown> | undefined): Promise<ProviderError> {
    return catchError(() => call, this.subject);
  }
}
