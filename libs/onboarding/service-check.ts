import { Injectable, Logger } from '@nestjs/common';
import { type CheckOutcome, type Connection, tryWithSettings } from '#connections';
import { Clock, errorTrace, type LocalText, textFor, toLogLine } from '#platform';
import { ProviderError, type ProviderErrorKind } from '#provider-kit';
import { ServiceProviders } from './service-providers.js';

/** Kinds of ProviderError that mean the settings; at any other the service could not be asked. */
const REFUSALS: ReadonlySet<ProviderErrorKind> = new Set(['auth', 'invalid', 'rejected']);
/** Characters of the account's name. */
const ACCOUNT_LENGTH = 200;

/** For what a provider must not throw; the details are in the log. */
export const OUR_FAULT: LocalText = {
  en: 'it failed for a reason of this program, which was logged',
  es: 'falló por una causa de este programa, que quedó registrada',
  ru: 'сбой в этой программе, он записан в журнал',
};

/** Tries settings at the provider's service. */
@Injectable()
export class ServiceCheck {
  private readonly logger = new Logger(ServiceCheck.name);

  constructor(
    private readonly providers: ServiceProviders,
    private readonly clock: Clock,
  ) {}

  /** Whether the connection's provider can try settings. */
  can(connection: Connection): boolean {
    return this.providers.of(connection).has(connection, 'check');
  }

  /**
   * Tries these settings (default: the stored ones), which are not stored. Undefined: the provider cannot.
   * @param budgetMs milliseconds for the call; PROVIDER_BUDGET_MS when left out
   */
  async run(connection: Connection, settings?: object, budgetMs?: number): Promise<CheckOutcome | undefined> {
    const calls = this.providers.of(connection);
    if (!calls.has(connection, 'check')) return undefined;
    const at = this.clock.now().toISOString();
    try {
      const tried = settings ? tryWithSettings(connection, settings) : connection;
      const options = { trial: true, ...(budgetMs !== undefined && { budgetMs }) };
      const work = calls.call(tried, 'check', (provider, context) => provider.check(context.settings, context), options);
      const { account, errors = {}, warnings = {} } = await work;
      const state = Object.keys(errors).length > 0 ? 'errors' : 'ok';
      return { state, ...(account && { account: account.slice(0, ACCOUNT_LENGTH) }), errors, warnings, at };
    } catch (error) {
      return { ...this.explain(error, connection), warnings: {}, at };
    }
  }

  private explain(error: unknown, connection: Connection): Pick<CheckOutcome, 'state' | 'errors' | 'message'> {
    if (!(error instanceof ProviderError)) {
      const line = `settings of connection ${connection.id} cannot be checked: ${errorTrace(error)}`;
      this.logger.error(toLogLine(line, connection.request));
      return { state: 'away', errors: {}, message: textFor(OUR_FAULT, connection.account.language) };
    }
    const { kind, message, fields = {} } = error;
    if (!REFUSALS.has(kind)) return { state: 'away', errors: {}, message };
    return { state: 'errors', errors: Object.keys(fields).length > 0 ? fields : { '': message } };
  }
}
