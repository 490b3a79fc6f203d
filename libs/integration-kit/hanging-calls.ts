import { Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Connection, HangingCall } from '#connections';
import { errorText, type LocalText, toLogLine } from '#platform';
import { ProviderError, type ProviderManifest, sayLate } from '#provider-kit';

const hungCalls = new Counter({
  name: 'provider_calls_hung_total',
  help: 'Calls that a provider continued after their time, although their signal was aborted, by provider and call',
  labelNames: ['provider', 'call'],
});

/** The provider continues after the time of a call, and may still act. */
export class HangingCallError extends ProviderError {
  constructor(
    message: string,
    localText: LocalText,
    /** The call, whose result may still come. */
    readonly going: Promise<unknown>,
  ) {
    super('unknown_outcome', message, { localText });
  }
}

/** The calls of a process that their provider continues after their time. */
export class HangingCalls {
  private readonly logger = new Logger('Providers');
  private readonly going = new Set<HangingCall>();
  /** Those counts are reported at 0, too. */
  private readonly hung = new Map<string, [provider: string, call: string]>();

  /** Counts the calls in progress by provider and method. */
  count(): [provider: string, call: string, calls: number][] {
    const countOf = (code: string, call: string): number =>
      [...this.going].filter(({ provider, method }) => provider === code && method === call).length;
    return [...this.hung.values()].map(([provider, call]) => [provider, call, countOf(provider, call)]);
  }

  list(): HangingCall[] {
    return [...this.going];
  }

  /** Reports a call that does not end in time, until it ends. Returns the error for its caller. */
  note(
    going: Promise<unknown>,
    connection: Connection,
    { code, title }: ProviderManifest<object>,
    call: string,
    ms: number,
  ): HangingCallError {
    const { id, request } = connection;
    const since = performance.now();
    const hangs: HangingCall = { provider: code, module: connection.module.code, method: call, since: new Date().toISOString() };
    const sentence = `${title.en} (${code}) hangs: it goes on with ${call} after its ${Math.round(ms)} ms, although its signal ended the call`;
    hungCalls.inc({ provider: code, call });
    this.hung.set(`${code} ${call}`, [code, call]);
    this.going.add(hangs);
    this.logger.error(toLogLine(`${sentence}. Connection ${id}.`, request));
    const report = (outcome: string): void => {
      this.going.delete(hangs);
      const late = Math.round(performance.now() - since);
      this.logger.warn(toLogLine(`${code} ended ${call} ${late} ms after its time (${outcome}). Connection ${id}.`, request));
    };
    going.then(
      () => report('ok'),
      (error: unknown) => report(errorText(error)),
    );
    return new HangingCallError(sentence, sayLate(title), going);
  }
}
